/** Whether a step brought anything: `yield` for a record, a note or a message, `lead` for something new to follow. */
import type { Recorded } from "@candor/store";

const NOTES = new Set(["remember", "note_finding", "message_operator", "write_file"]);

export function novelty(): (event: Recorded) => "yield" | "lead" | undefined {
  const leads = new Set<string>();
  const notes = new Set<string>();
  return ({ event }) => {
    if (event.type === "child.finished" || event.type === "operator.said") return "yield";
    if (event.type !== "step.done" || event.observation.status !== "ok") return undefined;
    const { observation, tool } = event;
    const [leadsBefore, notesBefore] = [leads.size, notes.size];
    for (const lead of observation.leads) leads.add(`${lead.kind} ${lead.value}`);
    if (NOTES.has(tool)) notes.add(observation.text);
    const record = observation.record !== undefined && observation.record !== null;
    if (record || notes.size > notesBefore) return "yield";
    return leads.size > leadsBefore ? "lead" : undefined;
  };
}
