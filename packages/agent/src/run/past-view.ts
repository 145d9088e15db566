/** What a mind was shown before a step, made again from the events that there were: the same events give the same view. */
import type { EventLog, EventOf } from "@candor/store";
import type { View } from "../mind.ts";
import { Journal } from "./journal.ts";
import type { Parts } from "./parts.ts";
import { toolsOf } from "./session.ts";
import { describe } from "./tool.ts";
import { makeView } from "./view.ts";
import type { WardenOptions } from "./warden.ts";

export interface PastViewOptions extends Omit<WardenOptions, "assemble"> {
  /** As the warden's, with the log as it was. */
  assemble(run: string, started: EventOf<"run.started">, log: EventLog): Promise<Parts>;
}

/** @returns undefined when the run has no such step */
export async function pastView(options: PastViewOptions, run: string, step: number): Promise<View | undefined> {
  const log = await before(options.log, run, step);
  if (!log) return undefined;
  const journal = await Journal.open(log, run);
  const parts = await options.assemble(run, journal.state.started, log);
  try {
    const warden = { ...options, log, assemble: async () => parts };
    const tools = [...toolsOf(warden, journal, parts).values()].map(describe);
    return makeView(journal.state, parts, tools);
  } finally {
    await parts.close?.();
  }
}

/** The log up to the moment when the mind was asked for `step`; nothing can be added to it. */
async function before(log: EventLog, run: string, step: number): Promise<EventLog | undefined> {
  const events = await log.read(run);
  const end = events.findIndex(({ event }) => event.type === "step.proposed" && event.step === step);
  if (end < 0) return undefined;
  const kept = events.slice(0, end);
  return {
    append: () => Promise.reject(new Error("the past cannot be written to")),
    read: async (id, after = 0) => (id === run ? kept.slice(after) : await log.read(id, after)),
    subscribe: () => () => {},
  };
}
