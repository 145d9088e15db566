/** What the scout would do, written as the small mind would answer: the examples of its first lessons. */

import type { View } from "@candor/agent";
import { scout } from "@candor/agent/scout";
import { optionFor, optionsOf, promptOf, writeAnswer } from "@candor/agent/small";
import type { Decision } from "@candor/store";

/** A row of TRL's prompt-completion format. */
interface Row {
  prompt: string;
  completion: string;
}

/** Calls of the scout that an example holds. The first is the lesson; the others tell what it held second and third. */
const PLANNED = 4;

/**
 * The scout's next call, and what it would do in its stead were that not there, `then` between them: a view has one best call and
 * dozens of others, and hearing the order of the first few teaches as much as several views.
 * @returns undefined for a view in which it does what the grammar has no words for
 */
export function imitate(view: View): Row | undefined {
  const options = optionsOf(view);
  const answers: string[] = [];
  let left = view;
  for (let n = 0; n < PLANNED; n++) {
    const decision = scout.decide(left);
    const answer = writeAnswer(options, decision);
    if (answer === undefined) break;
    answers.push(answer);
    if (decision.tool === "finish") break;
    left = without(left, decision, optionFor(options, decision)?.args ?? []);
  }
  return answers.length === 0 ? undefined : { prompt: promptOf(options), completion: answers.join("then ") };
}

/** The same view without that call: its leads gone, or as if it had been made. */
function without(view: View, { tool, args }: Decision, same: readonly Record<string, unknown>[]): View {
  if (tool === "open") {
    const gone = new Set(same.map(({ url }) => url));
    const sites = view.seeds.sites.filter((site) => !gone.has(site));
    return { ...view, leads: view.leads.filter(({ value }) => !gone.has(value)), seeds: { ...view.seeds, sites } };
  }
  const done = { step: view.step, tool, args, outcome: "allow", status: "ok", summary: "" } as const;
  return { ...view, history: [...view.history, done] };
}
