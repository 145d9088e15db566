import { expect, test } from "vitest";
import { bars, spark } from "./bars.ts";

test("a curve ends as high as its last figure and is as wide as it may be", () => {
  expect(spark([0, 1, 2, 3, 4, 5, 6, 7], 8)).toBe("▁▂▃▄▅▆▇█");
  expect(
    spark(
      Array.from({ length: 100 }, (_, n) => n),
      10,
    ),
  ).toHaveLength(10);
  expect(spark([0, 0], 10)).toBe("▁▁");
  expect(spark([], 10)).toBe("");
});

test("bars are as long as their share, under one edge", () => {
  expect(
    bars(
      [
        { label: "a", share: 0.5, text: "half" },
        { label: "long", share: 2, text: "all" },
      ],
      4,
    ),
  ).toEqual(["a    ██·· half", "long ████ all"]);
  expect(bars([], 4)).toEqual([]);
});
