/** What a run with a language model may cost, said before it costs anything. */
import { PRICES, priceOf } from "@candor/agent/settings";
import type { Config, RunView } from "@candor/server";

/** Tokens of one decision: the prompt is built to this size, and an answer is short. */
const PROMPT_TOKENS = 7_000;
const ANSWER_TOKENS = 300;

/** Undefined for minds that cost nothing. */
export function costLine(
  { mind, budget }: Pick<RunView, "mind" | "budget">,
  prices: Config["prices"],
): string | undefined {
  if (mind.kind !== "llm" || !mind.model) return undefined;
  const price = priceOf(mind.model, { ...PRICES, ...prices });
  if (!price)
    return `No price is known for ${mind.model}; its calls count as $0. Set prices in config.json to have them counted.`;
  const step = (price.input * PROMPT_TOKENS + price.output * ANSWER_TOKENS) / 1e6;
  if (step === 0) return `${mind.model} costs nothing.`;
  return `About $${step.toFixed(3)} a step, $${(step * budget.steps).toFixed(2)} for all ${budget.steps}; it ends at $${budget.usd.toFixed(2)} (--budget usd=).`;
}
