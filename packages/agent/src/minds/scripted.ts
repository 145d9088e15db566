/** Replays a list of decisions: the test double for everything that drives a mind, and the first part of a fork. */
import type { Decision } from "@candor/store";
import type { Mind } from "../mind.ts";

/** Step 1 gets the first decision, and so on; steps after the last finish the run. */
export function scripted(script: readonly Decision[]): Mind {
  return {
    decide: (view) =>
      script[view.step - 1] ?? {
        thought: "The script is at its end.",
        tool: "finish",
        args: { summary: `Replayed ${script.length} ${script.length === 1 ? "decision" : "decisions"}.` },
      },
  };
}
