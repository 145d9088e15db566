/** What fits into a batch of answers that a policy writes. */
import { TrainingError } from "../training-error.ts";
import type { BatchShape } from "./completions.ts";
import type { OnlineConfig } from "./config.ts";
import type { OpenModel } from "./model.ts";

/** The shape of a batch of all that may be written. */
export function onlineShape(
  model: OpenModel,
  prompts: readonly (readonly number[])[],
  { batch, max_completion_length: most }: Pick<OnlineConfig, "batch" | "max_completion_length">,
): BatchShape {
  const longest = Math.max(...prompts.map(({ length }) => length));
  const time = longest + most;
  if (time > model.config.decoder.context)
    throw new TrainingError(
      `The longest prompt is ${longest} tokens and answers have up to ${most}: more than the context, ${model.config.decoder.context}`,
      "Lower max_completion_length, or leave long prompts out.",
    );
  return { batch, time, count: most };
}

/** @throws {TrainingError} when there is none */
export function promptTokens(model: OpenModel, prompts: readonly string[]): number[][] {
  if (prompts.length === 0) throw new TrainingError("There are no prompts", "Give a file with at least one prompt.");
  return prompts.map((prompt) => model.tokenizer.encode(prompt, { added: "text" }));
}
