/** Rank-one model editing (Meng et al. 2022, ROME, arXiv 2202.05262): one MLP, as a memory of keys and values, is told another value for one key. */
import { CholeskyDecomposition, Matrix } from "ml-matrix";
import type { Lens } from "../lens.ts";
import { LensError } from "../lens-error.ts";
import { logProbability } from "../loss.ts";
import type { WeightEdit } from "./weight-edit.ts";

export interface RankOneRequest {
  /** A text whose next token is to be another; with others of its kind, over all of which the edit is made at once. */
  prompts: readonly (readonly number[])[];
  /** Of each prompt, where its subject ends. */
  subjects: readonly number[];
  target: number;
  layer: number;
  /** Texts of any kind: their keys are to go on meaning what they mean. */
  others: readonly (readonly number[])[];
  /** At most. */
  steps?: number;
}

/**
 * W + (C^-1 k) (v' - v)^T / (k^T C^-1 k), where W [inner, width] is what the MLP writes by, k what it holds of the subject, C the second
 * moments of keys on other texts, v' a value under which the target comes next.
 * @throws {LensError} for a model without MLPs, or prompts of no or different lengths
 */
export async function rankOneEdit(lens: Lens, request: RankOneRequest): Promise<WeightEdit> {
  const { prompts, subjects, target, layer, others, steps = 30 } = request;
  const { width, mlpWidth, vocab } = lens.config;
  const name = `blocks.${layer}.mlp.out.weight`;
  const old = lens.weights.get(name);
  if (!old) throw new LensError(`The model has no MLP in layer ${layer}`);
  if (subjects.length !== prompts.length)
    throw new LensError(`${subjects.length} subjects do not fit ${prompts.length} prompts`);
  const [keysAt, writes] = [`blocks.${layer}.mlp.hook_post`, `blocks.${layer}.hook_mlp_out`];
  const { time } = lens.sizeOf(prompts);
  const cache = await lens.read(prompts, [keysAt, writes]);
  const key = new Float64Array(mlpWidth);
  for (const [row, position] of subjects.entries())
    for (let n = 0; n < mlpWidth; n++)
      key[n] =
        (key[n] as number) +
        (cache.at(keysAt).values[(row * time + position) * mlpWidth + n] as number) / prompts.length;

  // What to add to what is written at the subject, by gradient ascent on the target's log-probability.
  const delta = new Float32Array(width);
  const most = MOST * Math.hypot(...cache.at(writes).values.subarray(0, width));
  for (let step = 0; step < steps; step++) {
    const edits = subjects.map((position, row) => ({ at: writes, rows: [row], positions: [position], plus: delta }));
    const { logits } = await lens.run(prompts, { edits });
    const lines = prompts.map((_, row) =>
      logits.subarray((row * time + time - 1) * vocab, (row * time + time) * vocab),
    );
    if (lines.every((line) => Math.exp(logProbability(line, target)) > ENOUGH)) break;
    const slopes = lines.map((line) =>
      Array.from(
        line,
        (_, token) => [token, Number(token === target) - Math.exp(logProbability(line, token))] as const,
      ),
    );
    const { gradients } = await lens.gradients(prompts, { weights: slopes }, { read: [writes], edits });
    const found = gradients.at(writes).values;
    const uphill = new Float64Array(width);
    for (const [row, position] of subjects.entries())
      for (let n = 0; n < width; n++)
        uphill[n] = (uphill[n] as number) + (found[(row * time + position) * width + n] as number);
    // Steps of one length each, shorter towards the end: slopes are next to nothing both far from the target and at it.
    const stride = (((2 * most) / steps) * (1 - step / steps)) / (Math.hypot(...uphill) || 1);
    for (let n = 0; n < width; n++) delta[n] = (delta[n] as number) + stride * (uphill[n] as number);
  }

  const moments = await keyMoments(lens, keysAt, others);
  const solved = new CholeskyDecomposition(moments).solve(Matrix.columnVector(Array.from(key))).to1DArray();
  const along = solved.reduce((sum, x, n) => sum + x * (key[n] as number), 0);
  const values = Float32Array.from(old);
  for (let n = 0; n < mlpWidth; n++)
    for (let k = 0; k < width; k++)
      values[n * width + k] =
        (values[n * width + k] as number) + ((solved[n] as number) * (delta[k] as number)) / along;
  return { title: `a rank-one edit of layer ${layer}`, changes: new Map([[name, values]]) };
}

/** Probability of the target at which the value is good enough. */
const ENOUGH = 0.95;
/** The value may move so many times its own length. */
const MOST = 8;

/** E[k k^T] over all positions, with a little on the diagonal, so that it can be solved for. */
async function keyMoments(lens: Lens, keysAt: string, rows: readonly (readonly number[])[]): Promise<Matrix> {
  const { values } = (await lens.read(rows, [keysAt])).at(keysAt);
  const { mlpWidth } = lens.config;
  const count = values.length / mlpWidth;
  const keys = new Matrix(count, mlpWidth);
  for (let row = 0; row < count; row++)
    for (let n = 0; n < mlpWidth; n++) keys.set(row, n, values[row * mlpWidth + n] as number);
  const moments = keys.transpose().mmul(keys).div(count);
  const ridge = (1e-2 * moments.trace()) / mlpWidth + 1e-9;
  return moments.add(Matrix.eye(mlpWidth).mul(ridge));
}
