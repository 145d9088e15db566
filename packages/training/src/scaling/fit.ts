/** Scaling laws: L(C) = a C^-b + c, fitted to losses at several sizes of compute. */
import { Random } from "../random.ts";
import { TrainingError } from "../training-error.ts";
import { minimise } from "./minimise.ts";

export interface Run {
  /** Operations, tokens or parameters: what the loss falls with. */
  readonly compute: number;
  readonly loss: number;
}

export interface ScalingLaw {
  /** How much above the floor at compute 1. */
  readonly a: number;
  /** How fast the loss falls. */
  readonly b: number;
  /** The floor: what no compute takes away. */
  readonly c: number;
}

export interface ScalingFit {
  readonly law: ScalingLaw;
  /** Of each parameter, over resampled residuals. */
  readonly intervals: Readonly<Record<keyof ScalingLaw, readonly [number, number]>>;
  /** Of the loss at a compute, for drawing a band and for foretelling. */
  predict(compute: number): { readonly loss: number; readonly interval: readonly [number, number] };
}

export interface FitOptions {
  readonly seed?: number;
  readonly resamples?: number;
  /** Share of the bootstrap's laws within an interval. */
  readonly level?: number;
}

/** Hoffmann et al. (2022) take this: residuals of the logarithm beyond it count linearly, so that a failed run does not pull. */
const HUBER = 1e-3;

export function lossAt({ a, b, c }: ScalingLaw, compute: number): number {
  return a * compute ** -b + c;
}

/**
 * Least Huber loss of the logarithms, from a grid of starts, after Hoffmann et al. (2022), appendix D.2; intervals by resampling the
 * residuals. Four sizes of compute are the least that say anything of three parameters.
 */
export function fitScalingLaw(runs: readonly Run[], options: FitOptions = {}): ScalingFit {
  const { seed = 1, resamples = 200, level = 0.95 } = options;
  for (const { compute, loss } of runs) {
    if (!(compute > 0 && loss > 0 && Number.isFinite(compute) && Number.isFinite(loss))) {
      throw new TrainingError(
        `A run with compute ${compute} and loss ${loss} cannot be fitted`,
        "Leave out runs that diverged.",
      );
    }
  }
  const sizes = new Set(runs.map(({ compute }) => compute)).size;
  if (sizes < 4)
    throw new TrainingError(`${sizes} sizes of compute do not make a law`, "Give runs of at least 4 sizes.");
  const law = fit(runs, startsOf(runs));
  const residuals = runs.map(({ compute, loss }) => Math.log(loss) - Math.log(lossAt(law, compute)));
  // Three parameters were bent to these residuals: they are that much smaller than the noise.
  const widen = Math.sqrt(runs.length / Math.max(1, runs.length - 3));
  const laws = Array.from({ length: resamples }, (_, number) => {
    const random = new Random(seed, number);
    const again = runs.map(({ compute }) => {
      const residual = residuals[random.below(runs.length)] as number;
      return { compute, loss: lossAt(law, compute) * Math.exp(widen * residual) };
    });
    return fit(again, [law, ...startsOf(again).filter((_, i) => i % 12 === number % 12)]);
  });
  const between = (values: number[]): [number, number] => [
    quantile(values, (1 - level) / 2),
    quantile(values, (1 + level) / 2),
  ];
  return {
    law,
    intervals: {
      a: between(laws.map(({ a }) => a)),
      b: between(laws.map(({ b }) => b)),
      c: between(laws.map(({ c }) => c)),
    },
    predict: (compute) => ({
      loss: lossAt(law, compute),
      interval: between(laws.map((other) => lossAt(other, compute))),
    }),
  };
}

/** The best of the minima found from each start. */
function fit(runs: readonly Run[], starts: readonly ScalingLaw[]): ScalingLaw {
  const middle = runs.reduce((sum, { compute }) => sum + Math.log(compute), 0) / runs.length;
  // Logarithms keep a, b and c above 0, and centred compute keeps a and b apart.
  const lawOf = ([height = 0, slope = 0, floor = 0]: readonly number[]): ScalingLaw => {
    const b = Math.exp(slope);
    return { a: Math.exp(height + b * middle), b, c: Math.exp(floor) };
  };
  const rows = runs.map(({ compute, loss }) => ({ x: Math.log(compute) - middle, y: Math.log(loss) }));
  const objective = ([height = 0, slope = 0, floor = 0]: readonly number[]) => {
    const b = Math.exp(slope);
    const c = Math.exp(floor);
    let sum = 0;
    for (const { x, y } of rows) sum += huber(Math.log(Math.exp(height - b * x) + c) - y);
    return sum / (HUBER * HUBER);
  };
  // A short look from every start, then all the way down from the best.
  const [best] = starts
    .map(({ a, b, c }) => minimise(objective, [Math.log(a) - b * middle, Math.log(b), Math.log(c)], 1))
    .sort((one, other) => one.value - other.value)
    .slice(0, 3)
    .map(({ at }) => minimise(objective, at))
    .sort((one, other) => one.value - other.value);
  return lawOf(best?.at ?? []);
}

/** Floors and exponents on a grid, each with the height that fits them best on the whole. */
function startsOf(runs: readonly Run[]): ScalingLaw[] {
  const least = Math.min(...runs.map(({ loss }) => loss));
  return [0.01, 0.3, 0.6, 0.8, 0.95].flatMap((part) =>
    [0.05, 0.15, 0.3, 0.6, 1.2].map((b) => {
      const c = part * least;
      const heights = runs.map(({ compute, loss }) => Math.log(loss - c) + b * Math.log(compute)).sort((x, y) => x - y);
      return { a: Math.exp(heights[heights.length >> 1] as number), b, c };
    }),
  );
}

function huber(residual: number): number {
  const size = Math.abs(residual);
  return size <= HUBER ? 0.5 * size * size : HUBER * (size - 0.5 * HUBER);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((x, y) => x - y);
  const place = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(place)] as number, sorted[Math.ceil(place)] as number];
  return low + (high - low) * (place - Math.floor(place));
}
