/** How many steps a run takes between two words of a person. */
import type { Autonomy, EventOf, Recorded } from "@candor/store";
import type { RunState } from "./state.ts";

/** Who writes the pause after them. */
const PACE = "autonomy";

export const STEPS_BETWEEN_WORDS: Readonly<Record<Autonomy, number>> = {
  // It is asked about step by step instead.
  propose: Number.POSITIVE_INFINITY,
  step: 1,
  few: 5,
  continuous: Number.POSITIVE_INFINITY,
};

/** Says when a run's autonomy is raised or lowered; the figures go into the log. The apps fill it. */
export interface Level {
  /** @param events of the run from its first; called again with more of them */
  next(events: readonly Recorded[]): Promise<EventOf<"autonomy.changed"> | undefined>;
}

/** The pause that is due when a run has taken its steps since it was last resumed. */
export function pauseDue({ autonomy, events }: RunState): EventOf<"run.paused"> | undefined {
  const most = STEPS_BETWEEN_WORDS[autonomy];
  let taken = 0;
  for (const { event } of events.toReversed()) {
    if (event.type === "run.resumed") return undefined;
    if (event.type === "step.proposed") taken++;
    if (taken >= most)
      return {
        type: "run.paused",
        reason: `step by step: resume for the next ${most === 1 ? "one" : most}`,
        by: PACE,
      };
  }
  return undefined;
}
