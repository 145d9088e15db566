import { expect, test } from "vitest";
import { Random } from "../random.ts";
import { lengthBias } from "./length-bias.ts";

const random = new Random(1);
const lengths = (from: number): number[] => Array.from({ length: 400 }, () => from + random.below(32));

test("a reward that is length alone has all of its gain from length", () => {
  const of = (length: number) => ({ length, reward: length / 10 });
  const bias = lengthBias(lengths(0).map(of), lengths(16).map(of));
  expect(bias.correlation).toBeCloseTo(1, 6);
  expect(bias.gain).toBeGreaterThan(1);
  expect(bias.nonLengthGain).toBeLessThan(0.15);
});

test("a reward that knows nothing of length has none from it", () => {
  const before = lengths(0).map((length) => ({ length, reward: random.unit() }));
  const after = lengths(16).map((length) => ({ length, reward: 1 + random.unit() }));
  const bias = lengthBias(before, after);
  expect(Math.abs(bias.correlation)).toBeLessThan(0.15);
  expect(bias.nonLengthGain).toBeCloseTo(1, 1);
});

test("without a gain there is no share of it", () => {
  const same = lengths(0).map((length) => ({ length, reward: 1 }));
  expect(lengthBias(same, same).nonLengthGain).toBeNaN();
});
