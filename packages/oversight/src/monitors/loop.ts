/** The same step again and again, steps taking turns, the same failure, the same page: a notice, then an alarm, then the pause. */
import { keyOf, type Monitor, type Signal, signal } from "./monitor.ts";

/** Steps looked back on. */
const WINDOW = 12;
/** Failures in a row of one tool. */
const FAILURES = 8;
/** Waiting and looking things up again are no loops by themselves. */
const PATIENT = new Set(["wait", "recall", "plan"]);

export function loopMonitor(): Monitor {
  const recent: string[] = [];
  const pages = new Map<string, number>();
  const toldPages = new Set<string>();
  let failures = { tool: "", count: 0 };
  let warnings = 0;
  let quiet = 0;

  /** Once for each page that was read again and had not changed: no loop yet, so it has a name of its own. */
  const samePage = (step: number, url: string, hash: string): Signal[] => {
    const key = `${url} ${hash}`;
    const first = pages.get(key);
    if (first === undefined) pages.set(key, step);
    if (first === undefined || first === step || toldPages.has(key)) return [];
    toldPages.add(key);
    return [
      signal("repeat-page", "info", `The page of step ${first} was read again and had not changed.`, step, [url]),
    ];
  };

  return {
    observe({ event }) {
      if (event.type === "operator.said" || event.type === "run.resumed" || event.type === "child.finished") {
        // A person has spoken, or a child has come back: what follows is judged afresh.
        recent.length = 0;
        warnings = 0;
        failures = { tool: "", count: 0 };
        return [];
      }
      if (event.type === "step.done") {
        const { status, url, origin, hash } = event.observation;
        const failing = status === "error" || status === "unknown";
        failures = failing
          ? { tool: event.tool, count: failures.tool === event.tool ? failures.count + 1 : 1 }
          : { tool: "", count: 0 };
        if (failing && failures.count % FAILURES === 0)
          return escalate(
            failures.count / FAILURES + 2,
            `${event.tool} has failed ${failures.count} times in a row`,
            event.step,
          );
        return status === "ok" && hash ? samePage(event.step, url ?? origin, hash) : [];
      }
      if (event.type !== "step.proposed") return [];
      const { tool, args } = event.decision;
      const key = keyOf(tool, args);
      const what = PATIENT.has(tool) ? repeatedOften(recent, key, tool) : repeated(recent, key, tool);
      recent.push(key);
      if (recent.length > WINDOW) recent.shift();
      if (!what) {
        if (++quiet >= WINDOW) warnings = 0;
        return [];
      }
      quiet = 0;
      warnings++;
      return escalate(warnings, what, event.step);
    },
  };
}

function repeated(recent: readonly string[], key: string, tool: string): string | undefined {
  const [b, a] = [recent.at(-1), recent.at(-2)];
  if (a === key && b !== key && recent.at(-3) === b) return `two steps take turns without end (${tool} among them)`;
  const times = recent.filter((each) => each === key).length;
  return times > 0 ? `${tool} was proposed again with the same arguments` : undefined;
}

const repeatedOften = (recent: readonly string[], key: string, tool: string): string | undefined =>
  recent.slice(-6).filter((each) => each === key).length >= 6 ? `${tool} is all that is proposed` : undefined;

function escalate(warnings: number, what: string, step: number): Signal[] {
  if (warnings === 1) return [signal("loop", "info", `A loop may be starting: ${what}. Do something else.`, step)];
  if (warnings === 3) return [signal("loop", "high", `A loop goes on: ${what}. Change the plan.`, step)];
  if (warnings >= 6 && (warnings - 6) % 6 === 0)
    return [signal("loop", "severe", `The loop did not end after two warnings: ${what}. The run is paused.`, step)];
  return [];
}
