import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { align } from "./align.ts";

const keys = fc.array(fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "h"), { maxLength: 60 });

describe("aligning two lists", () => {
  test("has every place of both once and in order, and pairs only equals", () => {
    fc.assert(
      fc.property(keys, keys, (a, b) => {
        const pairs = align(a, b);
        expect(pairs.flatMap((pair) => pair.a ?? [])).toEqual(a.map((_, index) => index));
        expect(pairs.flatMap((pair) => pair.b ?? [])).toEqual(b.map((_, index) => index));
        for (const pair of pairs) if (pair.a !== null && pair.b !== null) expect(a[pair.a]).toBe(b[pair.b]);
      }),
    );
  });

  test("pairs all of a list with itself, and all of it with itself and something put in", () => {
    fc.assert(
      fc.property(keys, fc.nat(60), (a, at) => {
        const place = Math.min(at, a.length);
        expect(align(a, a).every((pair) => pair.a === pair.b)).toBe(true);
        const more = [...a.slice(0, place), "new", ...a.slice(place)];
        expect(align(a, more).filter((pair) => pair.a !== null && pair.b !== null)).toHaveLength(a.length);
      }),
    );
  });

  test("keeps the order of what both did where they did it in another order", () => {
    const pairs = align(["start", "x", "y", "z", "end"], ["start", "z", "x", "y", "end"]);
    expect(pairs.filter((pair) => pair.a !== null && pair.b !== null)).toEqual([
      { a: 0, b: 0 },
      { a: 1, b: 2 },
      { a: 2, b: 3 },
      { a: 4, b: 4 },
    ]);
  });
});
