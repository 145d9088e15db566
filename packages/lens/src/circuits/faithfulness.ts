/** How well circuits of growing size do what the model does: MIB's measures (Mueller et al. 2025, arXiv 2504.13151). */
import type { CircuitFinder } from "./circuit-finder.ts";
import { connected } from "./edges.ts";
import { topEdges } from "./methods.ts";

/** Shares of the edges that are kept, as MIB has them. */
export const SHARES = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1] as const;

export interface Faithfulness {
  curve: { share: number; edges: number; faithfulness: number }[];
  /** Area under the curve: the more the better. */
  cpr: number;
  /** Area between the curve and 1: 0 is best. */
  cmd: number;
}

/** (m(circuit) - m(nothing)) / (m(model) - m(nothing)), m being how far logits go along the task's direction. */
export async function faithfulnessOf(finder: CircuitFinder, kept: readonly boolean[]): Promise<number> {
  const nothing = finder.along(finder.none);
  const all = finder.along(finder.whole);
  const own = finder.along(await finder.logits(connected(finder.wiring, kept).map(Number)));
  return (own - nothing) / (all - nothing);
}

export async function faithfulness(finder: CircuitFinder, scores: Float32Array): Promise<Faithfulness> {
  const curve: Faithfulness["curve"] = [];
  for (const share of SHARES) {
    const edges = Math.round(share * scores.length);
    curve.push({ share, edges, faithfulness: await faithfulnessOf(finder, topEdges(scores, edges)) });
  }
  const area = (of: (value: number) => number): number =>
    curve.slice(1).reduce((sum, { share, faithfulness: now }, n) => {
      const before = curve[n] as (typeof curve)[number];
      return sum + ((share - before.share) * (of(before.faithfulness) + of(now))) / 2;
    }, 0);
  return { curve, cpr: area((value) => value), cmd: area((value) => Math.abs(1 - value)) };
}

/** The chance that an edge of the true circuit scores above one that is not in it; ties count half. */
export function edgeAuc(scores: Float32Array, truth: readonly boolean[]): number {
  const order = Array.from(scores, (score, n) => ({ size: Math.abs(score), is: truth[n] === true })).sort(
    (a, b) => a.size - b.size,
  );
  const positives = order.filter(({ is }) => is).length;
  const negatives = order.length - positives;
  if (positives === 0 || negatives === 0) return Number.NaN;
  let ranks = 0;
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && order[to]?.size === order[from]?.size) to++;
    const rank = (from + 1 + to) / 2;
    for (let n = from; n < to; n++) if (order[n]?.is) ranks += rank;
    from = to;
  }
  return (ranks - (positives * (positives + 1)) / 2) / (positives * negatives);
}
