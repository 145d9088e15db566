import type { Budget } from "@candor/store";
import fc from "fast-check";
import { expect, test } from "vitest";
import { exhausted, left, nothing, plus, share } from "./budget.ts";

const amount = fc.integer({ min: 0, max: 10_000 });
const budgets: fc.Arbitrary<Budget> = fc.record({
  steps: amount,
  tokens: amount,
  usd: amount,
  seconds: amount,
  pages: amount,
  pagesPerHost: amount,
});

test("what is left is never below zero and never above the budget", () => {
  fc.assert(
    fc.property(budgets, fc.array(budgets, { maxLength: 4 }), amount, (budget, shares, steps) => {
      const rest = left(budget, { ...nothing, steps }, shares);
      for (const key of ["steps", "tokens", "usd", "seconds", "pages"] as const) {
        expect(rest[key]).toBeGreaterThanOrEqual(0);
        expect(rest[key]).toBeLessThanOrEqual(budget[key]);
      }
    }),
  );
});

test("the shares of any number of children sum to no more than the parent has, and leave it a step", () => {
  fc.assert(
    fc.property(budgets, fc.array(fc.record({ steps: amount, usd: amount }), { maxLength: 12 }), (budget, asked) => {
      const shares: Budget[] = [];
      for (const wish of asked) {
        const rest = left(budget, nothing, shares);
        if (rest.steps > 0) shares.push(share(rest, wish));
      }
      const sum = (key: "steps" | "tokens" | "usd" | "seconds" | "pages") => shares.reduce((n, s) => n + s[key], 0);
      expect(sum("steps")).toBeLessThanOrEqual(Math.max(0, budget.steps - 1));
      for (const key of ["tokens", "usd", "seconds", "pages"] as const)
        expect(sum(key)).toBeLessThanOrEqual(budget[key] + 1e-6);
    }),
  );
});

test("a limit of zero tokens or dollars means that none are spent, not that the run is over", () => {
  const budget: Budget = { steps: 1, tokens: 0, usd: 0, seconds: 1, pages: 0, pagesPerHost: 0 };
  expect(exhausted(budget, left(budget, nothing, []))).toBeUndefined();
  expect(exhausted(budget, left(budget, plus(nothing, {}, 1), []))).toBe("steps");
  expect(exhausted({ ...budget, usd: 1 }, left({ ...budget, usd: 1 }, plus(nothing, { usd: 2 }), []))).toBe("usd");
});

test("a hundred children that ask only for steps each get as much of the rest", () => {
  const budget: Budget = { steps: 1_001, tokens: 0, usd: 0, seconds: 1_000, pages: 1_000, pagesPerHost: 9 };
  const shares: Budget[] = [];
  for (let i = 0; i < 100; i++) shares.push(share(left(budget, nothing, shares), { steps: 10 }));
  expect(Math.min(...shares.map((s) => s.pages))).toBeGreaterThanOrEqual(9);
  expect(Math.min(...shares.map((s) => s.seconds))).toBeGreaterThan(9);
});
