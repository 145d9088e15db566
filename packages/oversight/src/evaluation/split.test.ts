import fc from "fast-check";
import { expect, it } from "vitest";
import { partOf } from "./split.ts";

it("puts the same trace in the same part for ever", () => {
  expect([1, 2, 3, 4, 5, 6, 7, 8].map((id) => partOf("r-judge", id))).toMatchInlineSnapshot(`
    [
      "train",
      "test",
      "train",
      "train",
      "train",
      "train",
      "train",
      "test",
    ]
  `);
  fc.assert(fc.property(fc.nat(), (id) => partOf("r-judge", id) === partOf("r-judge", String(id))));
});

it("gives the test part four of ten", () => {
  const tests = Array.from({ length: 4_000 }, (_, id) => partOf("x", id)).filter((part) => part === "test").length;
  expect(tests / 4_000).toBeCloseTo(0.4, 1);
});
