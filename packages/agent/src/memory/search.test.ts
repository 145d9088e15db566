import fc from "fast-check";
import { expect, test } from "vitest";
import { byMeaning, byWords, embedOnce, fuse } from "./search.ts";

const facts = [
  { text: "The club meets on Tuesdays" },
  { text: "Parking is free after six" },
  { text: "The bakery opens at seven" },
];

test("words find facts by prefix and in spite of a slip", () => {
  expect(byWords(facts, "club meet")[0]).toBe(facts[0]);
  expect(byWords(facts, "bakkery")[0]).toBe(facts[2]);
  expect(byWords(facts, "zebra")).toEqual([]);
});

test("meaning finds what shares no word", async () => {
  const vectors: Record<string, number[]> = {
    "when do we get together": [1, 0],
    [facts[0]?.text ?? ""]: [0.9, 0.1],
    [facts[1]?.text ?? ""]: [0, 1],
    [facts[2]?.text ?? ""]: [0, 0],
  };
  const embed = async (texts: readonly string[]) => texts.map((text) => vectors[text] ?? [0, 0]);
  expect((await byMeaning(facts, "when do we get together", embed, AbortSignal.timeout(1_000)))[0]).toBe(facts[0]);
});

test("fusion keeps every fact once and what all rankings put first stays first", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer(), { minLength: 1 }), fc.array(fc.integer()), (ranking, noise) => {
      const other = [...new Set([ranking[0] ?? 0, ...noise])];
      const fused = fuse([ranking, other], 1_000);
      expect(new Set(fused).size).toBe(fused.length);
      expect(new Set(fused)).toEqual(new Set([...ranking, ...other]));
      expect(fused[0]).toBe(ranking[0]);
    }),
  );
});

test("the model is asked about each text once", async () => {
  const asked: string[] = [];
  const embed = embedOnce(async (texts) => {
    asked.push(...texts);
    return texts.map((text) => [text.length]);
  });
  const signal = AbortSignal.timeout(1_000);
  expect(await embed(["a", "bb", "a"], signal)).toEqual([[1], [2], [1]]);
  expect(await embed(["bb", "ccc"], signal)).toEqual([[2], [3]]);
  expect(asked).toEqual(["a", "bb", "ccc"]);
});
