import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  AdaptiveKl,
  frozenGroups,
  generalisedAdvantages,
  groupAdvantages,
  leaveOneOutAdvantages,
  meanOf,
  penalisedRewards,
  whitened,
} from "./advantages.ts";

const numbers = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 1, maxLength: 12 });

describe("generalised advantages", () => {
  test("with lambda 1 they are what was still to come less what was expected", () => {
    fc.assert(
      fc.property(numbers, fc.double({ min: 0.5, max: 1, noNaN: true }), (rewards, gamma) => {
        const values = rewards.map((x) => x / 3 + 1);
        const { advantages, returns } = generalisedAdvantages(rewards, values, { gamma, lam: 1 });
        rewards.forEach((_, t) => {
          const rest = rewards.slice(t).reduce((sum, reward, n) => sum + reward * gamma ** n, 0);
          expect(returns[t]).toBeCloseTo(rest, 8);
          expect(advantages[t]).toBeCloseTo(rest - (values[t] ?? 0), 8);
        });
      }),
    );
  });

  test("with lambda 0 they look one step ahead", () => {
    const { advantages } = generalisedAdvantages([1, 2, 3], [10, 20, 30], { gamma: 0.5, lam: 0 });
    expect([...advantages]).toEqual([1 + 10 - 10, 2 + 15 - 20, 3 - 30]);
  });
});

test("rewards are the distance of each token, and the score at the last", () => {
  expect([...penalisedRewards([-1, -2], [-1.5, -1], 7, 0.1)]).toEqual([-0.05, 7.1]);
  const [first = 1] = penalisedRewards([-1, -2], [-1.5, -1], 0, 1, "k3");
  expect(first).toBeLessThan(0);
});

test("whitened numbers have variance 1, and keep their mean if they are to", () => {
  fc.assert(
    fc.property(fc.array(numbers, { minLength: 2, maxLength: 4 }), (rows) => {
      const all = rows.flat();
      fc.pre(Math.max(...all) - Math.min(...all) > 0.1);
      const white = whitened(rows).flatMap((row) => [...row]);
      expect(meanOf(white)).toBeCloseTo(0, 6);
      expect(white.reduce((sum, x) => sum + x * x, 0) / (white.length - 1)).toBeCloseTo(1, 2);
      expect(meanOf(whitened(rows, { shiftMean: false }).flatMap((row) => [...row]))).toBeCloseTo(meanOf(all), 6);
    }),
  );
});

describe("of a group", () => {
  test("advantages sum to 0, in units of the group's spread", () => {
    const advantages = groupAdvantages([1, 2, 3, 10, 10, 10], 3, "group");
    expect(advantages[0]).toBeCloseTo(-1, 3);
    expect(advantages.slice(0, 3).reduce((a, b) => a + b)).toBeCloseTo(0, 6);
    expect(advantages.slice(3)).toEqual([0, 0, 0]);
    expect(groupAdvantages([1, 2, 3], 3, "none")).toEqual([-1, 0, 1]);
    expect(frozenGroups([1, 2, 3, 10, 10, 10], 3)).toBe(0.5);
  });

  test("leaving oneself out compares with the others' mean", () => {
    expect(leaveOneOutAdvantages([1, 2, 6], 3)).toEqual([1 - 4, 2 - 3.5, 6 - 1.5]);
  });
});

test("the coefficient rises with a distance above the target and falls below it, by a fifth at most of what the horizon allows", () => {
  const kl = new AdaptiveKl(0.1, 6, 1000);
  kl.update(100, 100);
  expect(kl.coefficient).toBeCloseTo(0.1 * 1.02, 10);
  kl.update(0, 100);
  expect(kl.coefficient).toBeCloseTo(0.1 * 1.02 * 0.98, 10);
  kl.update(6, 100);
  expect(kl.coefficient).toBeCloseTo(0.1 * 1.02 * 0.98, 10);
});
