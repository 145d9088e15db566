/** What MLPs of compiled programs work out, neuron by neuron. */
import type { Sequence, Value } from "./program.ts";

/** A sequence's part of the residual stream. */
export interface Space {
  sequence: Sequence;
  /** Its categories in order; of numbers those that it can be, which share one dimension. */
  values: Value[];
  from: number;
  size: number;
  /** The writer that fills it, and the time from which on it is there: 2 l + 1 after attention of layer l, 2 l + 2 after its MLP. */
  writer: string;
  ready: number;
}

export interface Neuron {
  reads: readonly (readonly [dimension: number, weight: number])[];
  bias: number;
  writes: readonly (readonly [dimension: number, weight: number])[];
}

/** What an MLP works out. */
export type Thought = Exclude<Sequence, { op: "tokens" | "indices" | "aggregate" | "width" }>;

const sorted = (values: Iterable<number>): number[] =>
  [...values].sort((a, b) => a - b).filter((x, n, all) => n === 0 || x - (all[n - 1] as number) > 1e-9);

/** What it can be. */
export function domainOf(sequence: Thought, [one, other]: readonly Space[]): Value[] {
  const [a, b] = [one?.values ?? [], other?.values ?? []];
  switch (sequence.op) {
    case "map":
      return [...new Set(a.map(sequence.by))];
    case "zip":
      return [...new Set(a.flatMap((x) => b.map((y) => sequence.by(x, y))))];
    case "number":
      return sorted(a.map(sequence.by));
    case "round":
      return [...new Set(a.map((x) => sequence.by(Number(x))))];
    case "combine":
      return sorted(a.flatMap((x) => b.map((y) => sequence.a * Number(x) + sequence.b * Number(y))));
  }
}

export function neuronsOf(
  sequence: Thought,
  [one, other = one]: readonly [Space, ...Space[]],
  to: Space,
  first: number,
): Neuron[] {
  const place = (value: Value): number => to.from + to.values.indexOf(value);
  switch (sequence.op) {
    case "map":
      return one.values.map((value, n) => ({
        ...{ reads: [[one.from + n, 1]], bias: 0, writes: [[place(sequence.by(value)), 1]] },
      }));
    case "number":
      return one.values.map((value, n) => ({
        ...{ reads: [[one.from + n, 1]], bias: 0, writes: [[to.from, sequence.by(value)]] },
      }));
    case "zip":
      return one.values.flatMap((value, n) =>
        other.values.map((second, m) => ({
          reads: [
            [one.from + n, 1],
            [other.from + m, 1],
          ],
          bias: -1,
          writes: [[place(sequence.by(value, second)), 1]],
        })),
      );
    case "combine":
      // x = relu(x) - relu(-x)
      return [1, -1].map((sign) => ({
        reads: [
          [one.from, sign * sequence.a],
          [other.from, sign * sequence.b],
        ],
        bias: 0,
        writes: [[to.from, sign]],
      }));
    case "round":
      return steps(
        one.from,
        one.values.map((value) => ({ at: Number(value), writes: place(sequence.by(Number(value))) })),
        first,
      );
  }
}

/**
 * Of a dimension that can only be so many numbers, a 1 where each says: two steep ramps at each border between two of them.
 * @param first dimension of the first token, where nothing is said
 */
export function steps(dimension: number, points: readonly { at: number; writes: number }[], first: number): Neuron[] {
  const order = points.toSorted((a, b) => a.at - b.at);
  const [lowest] = order;
  if (!lowest) return [];
  const largest = Math.max(...points.map(({ at }) => Math.abs(at)));
  const neurons: Neuron[] = [{ reads: [[first, -2]], bias: 1, writes: [[lowest.writes, 1]] }];
  for (const [n, above] of order.slice(1).entries()) {
    const below = order[n] as (typeof order)[number];
    if (above.writes === below.writes) continue;
    // 0 below the border and 1 above it, with a ramp of a tenth of the distance between.
    const slope = 10 / (above.at - below.at);
    const border = (above.at + below.at) / 2;
    for (const [shift, sign] of [
      [0.5, 1],
      [-0.5, -1],
    ] as const)
      neurons.push({
        reads: [
          [dimension, slope],
          [first, -2 * slope * (1 + largest)],
        ],
        bias: shift - slope * border,
        writes: [
          [above.writes, sign],
          [below.writes, -sign],
        ],
      });
  }
  return neurons;
}

/** What the mean of up to so many numbers can be. */
export function meansOf(values: readonly number[], most: number): number[] {
  let sums = new Set([0]);
  const means = new Set<number>([0]);
  for (let count = 1; count <= most; count++) {
    sums = new Set(sorted([...sums].flatMap((sum) => values.map((value) => sum + value))));
    for (const sum of sums) means.add(sum / count);
  }
  return sorted(means);
}
