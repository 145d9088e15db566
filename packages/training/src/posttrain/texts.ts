/** Prompts with their completions, as tokens, filled up to a batch. */
import type { Feed } from "@candor/graph";
import { Random } from "../random.ts";
import type { BatchShape } from "./completions.ts";

export interface TokenText {
  prompt: readonly number[];
  completion: readonly number[];
}

/** The least batch that holds any `batch` of the texts. */
export function shapeFor(texts: readonly TokenText[], batch: number): BatchShape {
  const longest = (of: (text: TokenText) => number): number =>
    texts.reduce((most, text) => Math.max(most, of(text)), 1);
  return {
    batch,
    time: longest(({ prompt, completion }) => prompt.length + completion.length),
    count: longest(({ completion }) => completion.length),
  };
}

/** How many random batches are looked at for what they need. */
const LOOKED_AT = 200;

/**
 * Shapes for batches of these texts, the largest, that holds any, last: most batches are shorter than the longest text.
 * @param groups texts that come into a batch together: one, or the two of a pair
 * @param size groups of a batch
 */
export function shapesFor(groups: readonly (readonly TokenText[])[], size: number): [BatchShape, ...BatchShape[]] {
  const full = shapeFor(groups.flat(), size * (groups[0]?.length ?? 1));
  const random = new Random(groups.length, 0x5a9e);
  const drawn = Array.from({ length: LOOKED_AT }, () =>
    shapeFor(Array.from({ length: size }, () => groups[random.below(groups.length)] ?? []).flat(), full.batch),
  );
  const at = (values: readonly number[], share: number): number =>
    values.toSorted((a, b) => a - b)[Math.floor(share * (values.length - 1))] ?? 0;
  const usual: BatchShape = {
    batch: full.batch,
    time: at(
      drawn.map(({ time }) => time),
      0.6,
    ),
    count: at(
      drawn.map(({ count }) => count),
      0.6,
    ),
  };
  // Another program is worth its memory where it saves a tenth.
  return usual.time <= 0.9 * full.time ? [usual, full] : [full];
}

/** The smallest of the shapes that holds the texts, counted from the largest backwards. */
export function shapeOf(texts: readonly TokenText[], shapes: readonly BatchShape[]): number {
  const fits = shapes.findIndex(({ time, count }) =>
    texts.every(({ prompt, completion }) => prompt.length + completion.length <= time && completion.length <= count),
  );
  return fits < 0 ? 0 : shapes.length - 1 - fits;
}

/** The inputs of `readCompletions`, and `ends` int64 [batch, 1], of each text's last token. Rows over are empty. */
export function textFeeds(texts: readonly TokenText[], { batch, time, count }: BatchShape): Record<string, Feed> {
  if (texts.length > batch) throw new RangeError(`${texts.length} texts are more than the ${batch} of a batch`);
  const [tokens, places] = [new BigInt64Array(batch * time), new BigInt64Array(batch * count)];
  const [targets, ends] = [new BigInt64Array(batch * count), new BigInt64Array(batch)];
  for (const [row, { prompt, completion }] of texts.entries()) {
    const length = prompt.length + completion.length;
    if (length > time || completion.length > count || prompt.length === 0)
      throw new RangeError(`a text of ${prompt.length} and ${completion.length} tokens does not fit ${time}, ${count}`);
    for (const [n, token] of prompt.entries()) tokens[row * time + n] = BigInt(token);
    for (const [n, token] of completion.entries()) {
      tokens[row * time + prompt.length + n] = BigInt(token);
      targets[row * count + n] = BigInt(token);
      places[row * count + n] = BigInt(prompt.length + n - 1);
    }
    ends[row] = BigInt(length - 1);
  }
  return { tokens, places, targets, ends };
}

/** Numbers of each text's tokens in a [batch, count] of zeros. */
export function tokenRows(
  rows: readonly ArrayLike<number>[],
  { batch, count }: Pick<BatchShape, "batch" | "count">,
): Float32Array {
  const values = new Float32Array(batch * count);
  for (const [row, numbers] of rows.entries()) values.set(numbers, row * count);
  return values;
}

/** One number for each text of a batch. */
export function perText(numbers: readonly number[], batch: number): Float32Array {
  const values = new Float32Array(batch);
  values.set(numbers);
  return values;
}

/** How tokens of several texts are counted. */
export type Normalisation =
  /** Each text the same, whatever its length (GRPO's own). */
  | "grpo"
  /** Each token of the batch the same (DAPO, and TRL's default). */
  | "dapo"
  /** Each token over the longest that may be, so that no length is favoured (Liu et al. 2025, Dr. GRPO). */
  | "dr_grpo";

/** What each token weighs in a loss over the texts. */
export function tokenWeights(
  lengths: readonly number[],
  shape: Pick<BatchShape, "batch" | "count">,
  normalisation: Normalisation,
): Float32Array {
  const all = lengths.reduce((sum, length) => sum + length, 0);
  const texts = lengths.length;
  const weight = (length: number): number => {
    if (normalisation === "grpo") return 1 / (texts * length);
    return normalisation === "dapo" ? 1 / all : 1 / (texts * shape.count);
  };
  return tokenRows(
    lengths.map((length) => new Float32Array(length).fill(weight(length))),
    shape,
  );
}
