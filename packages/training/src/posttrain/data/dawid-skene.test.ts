import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "../../random.ts";
import { atRandom, dawidSkene, type RatedItem } from "./dawid-skene.ts";

/** Each rater is right with a probability of their own. */
function rated(seed: number, count: number, right: Record<string, number>): { items: RatedItem[]; truth: boolean[] } {
  const random = new Random(seed);
  const truth = Array.from({ length: count }, () => random.chance(0.4));
  const items = truth.map((isGood) => ({
    verdicts: new Map(Object.entries(right).map(([name, p]) => [name, random.chance(p) ? isGood : !isGood])),
  }));
  return { items, truth };
}

describe("Dawid and Skene's raters", () => {
  test("are told apart, and who answers at random is found", () => {
    const { items, truth } = rated(1, 600, { ann: 0.95, bob: 0.85, cy: 0.7, dice: 0.5 });
    const { chances, raters, prevalence } = dawidSkene(items);
    for (const [name, p] of Object.entries({ ann: 0.95, bob: 0.85, cy: 0.7, dice: 0.5 })) {
      const { sensitivity = 0, specificity = 0 } = raters.get(name) ?? {};
      expect(Math.abs((sensitivity + specificity) / 2 - p), name).toBeLessThan(0.06);
    }
    expect(atRandom(raters)).toEqual(["dice"]);
    expect(prevalence).toBeCloseTo(0.4, 1);
    const right = (says: (n: number) => boolean) => truth.filter((isGood, n) => says(n) === isGood).length;
    const majority = right((n) => [...(items[n]?.verdicts.values() ?? [])].filter(Boolean).length > 2);
    expect(right((n) => (chances[n] ?? 0) > 0.5)).toBeGreaterThan(majority);
  });

  test("one who always says the opposite is read the other way round", () => {
    const { items, truth } = rated(2, 400, { ann: 0.9, bob: 0.9, contrary: 0.1 });
    const { chances, raters } = dawidSkene(items);
    expect(raters.get("contrary")?.weight).toBeLessThan(-0.6);
    const right = truth.filter((isGood, n) => (chances[n] ?? 0) > 0.5 === isGood).length;
    expect(right / truth.length).toBeGreaterThan(0.93);
  });

  test("chances are probabilities whatever is said, and a single rater is believed", () => {
    fc.assert(
      fc.property(fc.array(fc.dictionary(fc.constantFrom("a", "b", "c"), fc.boolean()), { maxLength: 30 }), (rows) => {
        const { chances } = dawidSkene(rows.map((row) => ({ verdicts: new Map(Object.entries(row)) })));
        expect(chances.every((chance) => chance > 0 && chance < 1)).toBe(true);
      }),
    );
    const alone = [true, false, true, false].map((verdict) => ({ verdicts: new Map([["ann", verdict]]) }));
    expect(dawidSkene(alone).chances.map((chance) => chance > 0.5)).toEqual([true, false, true, false]);
  });
});
