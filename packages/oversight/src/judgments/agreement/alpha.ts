/**
 * Krippendorff's alpha, for any number of raters, gaps and scales
 * (Krippendorff, "Computing Krippendorff's Alpha-Reliability", 2011).
 */
import { type Figure, figure, given, NO_PAIRS, ONE_CATEGORY, type Unit, undefinedBecause } from "./figure.ts";

/** How far apart two values are: `ordinal` by rank, `interval` by difference; both need numbers. */
export type Scale = "nominal" | "ordinal" | "interval";

/**
 * Ratings as counts, units with the same counts together: rows[kind][value], of which there are times[kind]. Only units with
 * two ratings or more, since others can neither agree nor not.
 */
export interface Counted {
  values: (string | number)[];
  rows: Float64Array[];
  times: number[];
}

/** @throws {RangeError} when an ordinal or interval scale is given words */
export const krippendorffAlpha = (units: readonly Unit[], scale: Scale = "nominal"): Figure => {
  const counted = count(units);
  return alphaOf(counted, counted.times, scale);
};

export function count(units: readonly Unit[]): Counted {
  const pairable = units.map(given).filter((unit) => unit.length >= 2);
  const values = [...new Set(pairable.flat())].sort((x, y) =>
    typeof x === "number" && typeof y === "number" ? x - y : String(x) < String(y) ? -1 : 1,
  );
  const index = new Map(values.map((value, i) => [value, i]));
  const kinds = new Map<string, { row: Float64Array; times: number }>();
  for (const unit of pairable) {
    const row = new Float64Array(values.length);
    for (const value of unit) add(row, index.get(value) ?? 0, 1);
    const name = row.join();
    const kind = kinds.get(name);
    if (kind) kind.times++;
    else kinds.set(name, { row, times: 1 });
  }
  const all = [...kinds.values()];
  return { values, rows: all.map(({ row }) => row), times: all.map(({ times }) => times) };
}

/** @param times how many units there are of each kind: {@link count}'s, or a draw of them */
export function alphaOf({ values, rows }: Counted, times: readonly number[], scale: Scale): Figure {
  if (rows.length === 0) return undefinedBecause(NO_PAIRS);
  if (scale !== "nominal" && values.some((v) => typeof v !== "number"))
    throw new RangeError(`the ${scale} scale needs numbers`);
  const size = values.length;
  // [value, value]: each unit gives as many coincidences as it has ratings.
  const coincidences = new Float64Array(size * size);
  const totals = new Float64Array(size);
  for (const [kind, row] of rows.entries()) {
    const ratings = sum(row);
    const units = times[kind] ?? 0;
    for (let c = 0; c < size; c++) {
      const n = at(row, c);
      if (n === 0) continue;
      add(totals, c, units * n);
      for (let k = 0; k < size; k++)
        add(coincidences, c * size + k, (units * n * (at(row, k) - (c === k ? 1 : 0))) / (ratings - 1));
    }
  }
  if (totals.filter((n) => n > 0).length === 1) return undefinedBecause(ONE_CATEGORY);
  const distance = distances(scale, values, totals);
  let observed = 0;
  let expected = 0;
  for (let c = 0; c < size; c++) {
    for (let k = 0; k < size; k++) {
      const d = distance(c, k);
      observed += at(coincidences, c * size + k) * d;
      expected += at(totals, c) * at(totals, k) * d;
    }
  }
  return figure(1 - ((sum(totals) - 1) * observed) / expected);
}

/** Squared differences between the values at two places. */
function distances(scale: Scale, values: readonly (string | number)[], totals: Float64Array) {
  if (scale === "nominal") return (c: number, k: number): number => (c === k ? 0 : 1);
  if (scale === "interval") return (c: number, k: number): number => (Number(values[c]) - Number(values[k])) ** 2;
  return (c: number, k: number): number => {
    const [low, high] = c < k ? [c, k] : [k, c];
    let between = 0;
    for (let g = low; g <= high; g++) between += at(totals, g);
    return (between - (at(totals, low) + at(totals, high)) / 2) ** 2;
  };
}

const at = (array: Float64Array, place: number): number => array[place] ?? 0;

function add(array: Float64Array, place: number, amount: number): void {
  array[place] = at(array, place) + amount;
}

function sum(array: Float64Array): number {
  let total = 0;
  for (const each of array) total += each;
  return total;
}
