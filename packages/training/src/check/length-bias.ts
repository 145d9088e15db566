/** How much of a reward is length (Singhal et al. 2023, arXiv 2310.03716). */
import { meanOf } from "../posttrain/advantages.ts";

export interface Rewarded {
  reward: number;
  /** Tokens. */
  length: number;
}

export interface LengthBias {
  /** Between reward and length, of the raw model's answers. */
  correlation: number;
  /** Share of the reward's variance that length alone explains. */
  explained: number;
  /** Reward gained by answers of the same length over all that was gained: 1 where nothing of the gain is length; `NaN` without a gain. */
  nonLengthGain: number;
  gain: number;
  lengthGain: number;
}

/** Tokens of a bucket. */
const BUCKET = 8;

export function lengthBias(before: readonly Rewarded[], after: readonly Rewarded[]): LengthBias {
  const r = correlation(
    before.map(({ reward }) => reward),
    before.map(({ length }) => length),
  );
  const gain = meanOf(after.map(({ reward }) => reward)) - meanOf(before.map(({ reward }) => reward));
  const groups = new Map<number, { before: number[]; after: number[] }>();
  for (const [side, some] of [
    ["before", before],
    ["after", after],
  ] as const)
    for (const { reward, length } of some) {
      const bucket = Math.floor(length / BUCKET);
      const group = groups.get(bucket) ?? { before: [], after: [] };
      group[side].push(reward);
      groups.set(bucket, group);
    }
  // Each bucket as much as answers after the teaching fall into it; one that only they fall into cannot be compared.
  const both = [...groups.values()].filter((group) => group.before.length > 0 && group.after.length > 0);
  const weight = both.reduce((sum, group) => sum + group.after.length, 0);
  const within = both.reduce(
    (sum, group) => sum + group.after.length * (meanOf(group.after) - meanOf(group.before)),
    0,
  );
  return {
    correlation: r,
    explained: r * r,
    gain,
    lengthGain: meanOf(after.map(({ length }) => length)) - meanOf(before.map(({ length }) => length)),
    nonLengthGain: gain > 0 && weight > 0 ? within / weight / gain : Number.NaN,
  };
}

export function correlation(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [meanOf(a), meanOf(b)];
  let [xx, xy, yy] = [0, 0, 0];
  for (const [n, value] of a.entries()) {
    const [dx, dy] = [value - x, (b[n] ?? 0) - y];
    xx += dx * dx;
    xy += dx * dy;
    yy += dy * dy;
  }
  return xx === 0 || yy === 0 ? 0 : xy / Math.sqrt(xx * yy);
}
