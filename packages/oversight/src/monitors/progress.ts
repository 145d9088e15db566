/** Steps without anything new, and money without yield. */
import { type Monitor, signal } from "./monitor.ts";

/** Steps without a new lead, record or memory that are worth a word. */
const STEPS = 25;
/** US dollars, tokens and pages since something new that are worth a word: one share. */
const USD = 0.5;
const TOKENS = 200_000;
const PAGES = 80;

/** Says whether a step brought anything new. */
function novelty(): (event: Parameters<Monitor["observe"]>[0]) => boolean {
  const leads = new Set<string>();
  const memories = new Set<string>();
  return ({ event }) => {
    if (event.type === "child.finished" || event.type === "operator.said") return true;
    if (event.type !== "step.done" || event.observation.status !== "ok") return false;
    const { observation, tool } = event;
    const before = leads.size + memories.size;
    for (const lead of observation.leads) leads.add(`${lead.kind} ${lead.value}`);
    if (tool === "remember" || tool === "note_finding" || tool === "message_operator") memories.add(observation.text);
    const record = observation.record !== undefined && observation.record !== null;
    return record || leads.size + memories.size > before;
  };
}

export function noProgressMonitor(): Monitor {
  const isNew = novelty();
  let idle = 0;
  return {
    observe(recorded) {
      if (isNew(recorded)) idle = 0;
      else if (recorded.event.type === "step.done") {
        idle++;
        if (idle % STEPS === 0) {
          const severity = (["low", "high"] as const)[idle / STEPS - 1] ?? "severe";
          const reason = `${idle} steps have brought no new lead, record or note. ${severity === "severe" ? "The run is paused." : "Try another way, or finish."}`;
          return [signal("no-progress", severity, reason, recorded.event.step)];
        }
      }
      return [];
    },
  };
}

/** One share without yield is a notice, two are an alarm, four pause the run. */
export function spendMonitor(): Monitor {
  const isNew = novelty();
  let usd = 0;
  let tokens = 0;
  let pages = 0;
  let told = 0;
  return {
    observe(recorded) {
      const { event } = recorded;
      // A person who lets the run go on has seen what it cost.
      if (isNew(recorded) || event.type === "run.resumed") {
        usd = tokens = pages = told = 0;
        return [];
      }
      const cost =
        event.type === "step.proposed" || event.type === "mind.failed"
          ? event.cost
          : event.type === "step.done"
            ? event.observation.cost
            : {};
      usd += cost.usd ?? 0;
      tokens += cost.tokens ?? 0;
      pages += cost.pages ?? 0;
      const shares = Math.floor(Math.max(usd / USD, tokens / TOKENS, pages / PAGES));
      if (shares <= told) return [];
      told = shares;
      const severity = shares >= 4 ? "severe" : shares >= 2 ? "high" : "low";
      const then = severity === "severe" ? "The run is paused." : "Try another way, or finish.";
      const reason = `$${usd.toFixed(2)}, ${tokens} tokens and ${pages} pages were spent since anything new was found. ${then}`;
      const step = "step" in event ? event.step : undefined;
      return [signal("spend-without-yield", severity, reason, step)];
    },
  };
}
