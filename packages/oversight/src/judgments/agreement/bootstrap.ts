/** How sure a figure is: the same figure of items drawn again and again with replacement (Efron's percentile interval). */
import { randomBinomial } from "d3-random";
import type { Figure } from "./figure.ts";

export interface Interval {
  low: number;
  high: number;
  /** Draws whose figure is defined, of all. */
  draws: number;
  of: number;
}

export interface BootstrapOptions {
  draws?: number;
  seed?: number;
  /** Share of the draws inside. */
  level?: number;
}

/**
 * Items that raters judged alike are of one kind, and a figure depends on how many there are of each: so a draw costs as much
 * as there are kinds, however many items there are.
 * @param times how many items there are of each kind
 * @returns undefined when the figure is defined for fewer than half of the draws: then an interval would flatter
 */
export function bootstrap(
  times: readonly number[],
  figureOf: (times: readonly number[]) => Figure,
  { draws = 1_000, seed = 1, level = 0.95 }: BootstrapOptions = {},
): Interval | undefined {
  const binomial = randomBinomial.source(mulberry32(seed));
  const values: number[] = [];
  for (let draw = 0; draw < draws && times.length > 0; draw++) {
    const { value } = figureOf(drawn(times, binomial));
    if (value !== null) values.push(value);
  }
  if (values.length === 0 || values.length * 2 < draws) return undefined;
  values.sort((x, y) => x - y);
  const at = (share: number) => values[Math.round(share * (values.length - 1))] ?? Number.NaN;
  return { low: at((1 - level) / 2), high: at((1 + level) / 2), draws: values.length, of: draws };
}

/** As many items, each of any item's kind: of those not yet drawn, a kind gets a binomial number. */
function drawn(times: readonly number[], binomial: typeof randomBinomial): number[] {
  let left = times.reduce((sum, n) => sum + n, 0);
  let among = left;
  return times.map((n) => {
    const got = n === among ? left : binomial(left, n / among)();
    left -= got;
    among -= n;
    return got;
  });
}

/** Tommy Ettinger's mulberry32: the same seed gives the same interval. */
function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
