/** Batches as functions of their number: a resumed run needs no state of a sampler. */
import { Random } from "../random.ts";
import { TrainingError } from "../training-error.ts";
import type { TokenRow } from "./dataset.ts";

/** Buffers of `rows * context` that are filled anew for each batch. `inputs[r, t]` is followed by `targets[r, t]`. */
export interface Batch {
  readonly rows: number;
  readonly context: number;
  readonly inputs: Int32Array;
  readonly targets: Int32Array;
  /** 0 where a place only fills up the shape. */
  readonly weights: Float32Array;
}

export function makeBatch(rows: number, context: number): Batch {
  const size = rows * context;
  return {
    rows,
    context,
    inputs: new Int32Array(size),
    targets: new Int32Array(size),
    weights: new Float32Array(size).fill(1),
  };
}

/** Windows at random places, as nanoGPT takes them; the same for the same seed and step. */
export function randomBatch(row: TokenRow, seed: number, step: number, into: Batch): void {
  const { rows, context } = into;
  checkLength(row, context);
  into.weights.fill(1);
  for (let r = 0; r < rows; r++) {
    const random = new Random(seed, step, r);
    // Two draws: one does not reach every place of a row of more than 2^32 tokens.
    const unit = (random.uint32() * 2 ** 21 + (random.uint32() >>> 11)) / 2 ** 53;
    window(row, Math.floor(unit * (row.length - context)), context, into, r);
  }
}

/** How many batches `sequentialBatch` has. */
export function sequentialBatches(row: TokenRow, { rows, context }: Batch): number {
  return Math.ceil((row.length - 1) / (rows * context));
}

/** Batch `number` of a pass in which each token but the first is a target once. The last one is filled up with weight 0. */
export function sequentialBatch(row: TokenRow, number: number, into: Batch): void {
  const { rows, context } = into;
  checkLength(row, 1);
  into.weights.fill(0);
  for (let r = 0; r < rows; r++) {
    const from = (number * rows + r) * context;
    const length = Math.max(0, Math.min(context, row.length - 1 - from));
    const [start, end] = [r * context, (r + 1) * context];
    if (length > 0) window(row, from, length, into, r);
    into.inputs.fill(0, start + length, end);
    into.targets.fill(0, start + length, end);
    into.weights.fill(1, start, start + length);
  }
}

function window(row: TokenRow, from: number, length: number, { context, inputs, targets }: Batch, r: number): void {
  row.copy(from, length, inputs, r * context);
  targets.set(inputs.subarray(r * context + 1, r * context + length), r * context);
  row.copy(from + length, 1, targets, r * context + length - 1);
}

/** @throws {TrainingError} for a row that holds no window of `context` tokens and the one after it */
export function checkLength(row: TokenRow, context: number): void {
  if (row.length > context) return;
  throw new TrainingError(
    `The data has ${row.length} tokens, no window of ${context} and one more`,
    "Give more text, or a shorter context.",
  );
}
