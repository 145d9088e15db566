/** How sure a figure is: the same figure of items drawn again and again with replacement (Efron's percentile interval). */
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

/** @returns undefined when the figure is defined for fewer than half of the draws: then an interval would flatter */
export function bootstrap<T>(
  units: readonly T[],
  figureOf: (units: readonly T[]) => Figure,
  { draws = 1_000, seed = 1, level = 0.95 }: BootstrapOptions = {},
): Interval | undefined {
  const random = mulberry32(seed);
  const values: number[] = [];
  for (let draw = 0; draw < draws && units.length > 0; draw++) {
    const drawn = units.map((unit) => units[Math.floor(random() * units.length)] ?? unit);
    const { value } = figureOf(drawn);
    if (value !== null) values.push(value);
  }
  if (values.length === 0 || values.length * 2 < draws) return undefined;
  values.sort((x, y) => x - y);
  const at = (share: number) => values[Math.round(share * (values.length - 1))] ?? Number.NaN;
  return { low: at((1 - level) / 2), high: at((1 + level) / 2), draws: values.length, of: draws };
}

/** Tommy Ettinger's mulberry32: 32 bits of state are plenty for a thousand draws, and the same seed gives the same interval. */
function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
