/**
 * Agreement beyond chance for nominal ratings without gaps: kappa of two raters (Cohen, "A coefficient of agreement for
 * nominal scales", 1960) and of many (Fleiss, "Measuring nominal scale agreement among many raters", 1971).
 */
import { type Figure, figure, NO_PAIRS, ONE_CATEGORY, undefinedBecause } from "./figure.ts";

/** @param pairs what the two raters said of each item that both have judged */
export function cohenKappa(pairs: readonly (readonly [string | number, string | number])[]): Figure {
  if (pairs.length === 0) return undefinedBecause("the two have judged no item in common");
  const n = pairs.length;
  const marginals = new Map<string | number, { a: number; b: number }>();
  const of = (category: string | number) => {
    const known = marginals.get(category) ?? { a: 0, b: 0 };
    marginals.set(category, known);
    return known;
  };
  let same = 0;
  for (const [a, b] of pairs) {
    of(a).a++;
    of(b).b++;
    if (a === b) same++;
  }
  // In whole numbers, so that "always the same" is exactly that.
  const chance = [...marginals.values()].reduce((sum, { a, b }) => sum + a * b, 0);
  if (chance === n * n) return undefinedBecause(ONE_CATEGORY);
  return figure((same / n - chance / (n * n)) / (1 - chance / (n * n)));
}

/**
 * @param counts [item][category]: how many raters put the item there; each item has the same number of ratings
 * @throws {RangeError} when the items have different numbers of ratings
 */
export function fleissKappa(counts: readonly (readonly number[])[]): Figure {
  const [first] = counts;
  if (!first) return undefinedBecause(NO_PAIRS);
  const raters = total(first);
  if (counts.some((row) => total(row) !== raters))
    throw new RangeError("Fleiss' kappa needs as many ratings of each item");
  if (raters < 2) return undefinedBecause(NO_PAIRS);
  const items = counts.length;
  const all = items * raters;
  const columns = first.map((_, category) => total(counts.map((row) => row[category] ?? 0)));
  const squares = total(columns.map((n) => n * n));
  if (squares === all * all) return undefinedBecause(ONE_CATEGORY);
  const observed = total(counts.map((row) => total(row.map((n) => n * (n - 1))))) / (all * (raters - 1));
  const chance = squares / (all * all);
  return figure((observed - chance) / (1 - chance));
}

const total = (numbers: readonly number[]): number => numbers.reduce((sum, n) => sum + n, 0);
