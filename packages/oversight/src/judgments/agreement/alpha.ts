/**
 * Krippendorff's alpha, for any number of raters, gaps and scales
 * (Krippendorff, "Computing Krippendorff's Alpha-Reliability", 2011).
 */
import { type Figure, figure, given, NO_PAIRS, ONE_CATEGORY, type Unit, undefinedBecause } from "./figure.ts";

/** How far apart two values are: `ordinal` by rank, `interval` by difference; both need numbers. */
export type Scale = "nominal" | "ordinal" | "interval";

/** @throws {RangeError} when an ordinal or interval scale is given words */
export function krippendorffAlpha(units: readonly Unit[], scale: Scale = "nominal"): Figure {
  // Only what stands beside another rating of its unit can agree or not.
  const pairable = units.map(given).filter((unit) => unit.length >= 2);
  if (pairable.length === 0) return undefinedBecause(NO_PAIRS);
  const values = [...new Set(pairable.flat())];
  if (scale !== "nominal" && values.some((v) => typeof v !== "number"))
    throw new RangeError(`the ${scale} scale needs numbers`);
  if (values.length === 1) return undefinedBecause(ONE_CATEGORY);
  values.sort((x, y) => (typeof x === "number" && typeof y === "number" ? x - y : String(x) < String(y) ? -1 : 1));
  const index = new Map(values.map((value, i) => [value, i]));
  const size = values.length;
  // coincidences: [value, value]; each unit gives as many as it has ratings.
  const coincidences = new Float64Array(size * size);
  for (const unit of pairable) {
    const counts = new Float64Array(size);
    for (const value of unit) add(counts, index.get(value) ?? 0, 1);
    for (let c = 0; c < size; c++) {
      if (counts[c] === 0) continue;
      for (let k = 0; k < size; k++) {
        const pairs = at(counts, c) * (at(counts, k) - (c === k ? 1 : 0));
        add(coincidences, c * size + k, pairs / (unit.length - 1));
      }
    }
  }
  const totals = new Float64Array(size);
  for (const unit of pairable) for (const value of unit) add(totals, index.get(value) ?? 0, 1);
  const n = totals.reduce((sum, each) => sum + each, 0);
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
  return figure(1 - ((n - 1) * observed) / expected);
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
