/** What a model says of given completions, as a graph: the log-probability of each of their tokens. */
import { exp, input, logSoftmax, mul, neg, reshape, stopGradient, sum, type Tensor, takeAlong } from "@candor/graph";
import { type DecoderConfig, type DecoderInput, decoder, type Weights } from "@candor/transformer";
import type { Share } from "../step/step.ts";

/** Texts of a batch, each a prompt and its completion, filled up behind. */
export interface BatchShape {
  batch: number;
  /** Tokens of a text. */
  time: number;
  /** Tokens of a completion. */
  count: number;
}

export interface Completions {
  /** log p of each completion's token, [rows, count]; those of what only fills up mean nothing. */
  logProbabilities: Tensor;
  /** Of the distribution at each of them, in nats; no gradient passes. */
  entropies: Tensor;
  /** [rows, count, vocab], divided by the temperature. */
  logits: Tensor;
  /** Before each of the completion's tokens: [rows, count, width]. */
  hidden: Tensor;
}

/**
 * Inputs, each [batch, ...]: `tokens` int64 [time]; `places` int64 [count], of the token before each of the completion's; `targets`
 * int64 [count], the completion.
 */
export function readCompletions(
  config: DecoderConfig,
  weights: Weights,
  { rows }: Pick<Share, "rows">,
  { batch, time, count }: BatchShape,
  temperature = 1,
  placed: Pick<DecoderInput, "mask" | "positions"> = {},
): Completions {
  const tokens = rows("tokens", [batch, time], "int64");
  const { logits, hidden } = decoder({
    config,
    weights,
    tokens,
    ...placed,
    at: rows("places", [batch, count], "int64"),
  });
  const warmed = temperature === 1 ? logits : mul(logits, 1 / temperature);
  const told = logSoftmax(warmed);
  const targets = rows("targets", [batch, count], "int64");
  const own = [tokens.shape[0] ?? 0, count];
  const fixed = stopGradient(told);
  return {
    logits: warmed,
    hidden,
    logProbabilities: reshape(takeAlong(told, reshape(targets, [...own, 1])), own),
    entropies: neg(sum(mul(exp(fixed), fixed), 2)),
  };
}

/** A number for each place of [rows, count, width]: `hidden` by a head [1, width], which Hugging Face names `score`. */
export const headAt = (hidden: Tensor, head: Tensor): Tensor => sum(mul(hidden, head), 2);

/** A head's number at the last token of each text: [rows]. */
export function scoresOf(
  config: DecoderConfig,
  weights: Weights,
  head: Tensor,
  { rows }: Pick<Share, "rows">,
  { batch, time }: BatchShape,
): Tensor {
  const tokens = rows("tokens", [batch, time], "int64");
  const { hidden } = decoder({ config, weights, tokens, at: rows("ends", [batch, 1], "int64") });
  return reshape(headAt(hidden, head), [tokens.shape[0] ?? 0]);
}

/** A model's weights as inputs whose names begin so: for a second model in one graph. */
export function prefixed(
  prefix: string,
  shapes: ReadonlyMap<string, readonly number[]>,
): { weights: Weights; byName: Map<string, Tensor> } {
  const own = new Map(Array.from(shapes, ([name, shape]) => [name, input(prefix + name, shape)]));
  return {
    byName: new Map(Array.from(own, ([name, tensor]) => [prefix + name, tensor])),
    weights: (name) => {
      const found = own.get(name);
      if (!found) throw new RangeError(`there is no weight ${prefix}${name}`);
      return found;
    },
  };
}

/** Sum over a text's tokens of what each weighs: [rows, count] to [rows]. */
export const overTokens = (values: Tensor, weights: Tensor): Tensor => sum(mul(values, weights), 1);

/** Sum of all that each weighs: a scalar. */
export const total = (values: Tensor, weights: Tensor): Tensor => sum(mul(values, weights));
