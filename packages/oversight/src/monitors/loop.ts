/** The same step again and again, or two steps taking turns: first a notice, then an alarm, then the run is paused. */
import { keyOf, type Monitor, type Signal, signal } from "./monitor.ts";

/** Steps looked back on. */
const WINDOW = 12;
/** Waiting and looking things up again are no loops by themselves. */
const PATIENT = new Set(["wait", "recall", "plan"]);

export function loopMonitor(): Monitor {
  const recent: string[] = [];
  let warnings = 0;
  let quiet = 0;
  return {
    observe({ event }) {
      if (event.type === "operator.said" || event.type === "run.resumed" || event.type === "child.finished") {
        // A person has spoken, or a child has come back: what follows is judged afresh.
        recent.length = 0;
        warnings = 0;
        return [];
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
