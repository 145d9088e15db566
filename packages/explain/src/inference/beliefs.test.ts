import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BETA, Beliefs, likelihoods, RATE } from "./beliefs.ts";

const chance = fc.double({ min: 0.001, max: 1, noNaN: true });
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe("likelihoods of actions", () => {
  test("are exp(-beta) per page that the plan costs more, as summed over all ways the plan can go", () => {
    const [value, best] = [0.2, 0.5];
    // Pages until the first gain, when every page after the first has the best chance.
    const pages = (first: number): number => {
      let expected = 0;
      for (let at = 1, left = 1; at < 500; at++) {
        const gains = at === 1 ? first : best;
        expected += at * left * gains;
        left *= 1 - gains;
      }
      return expected;
    };
    const [a = 0, b = 0] = likelihoods([value, best]);
    expect(Math.log(a / b)).toBeCloseTo(-BETA * (pages(value) - pages(best)), 6);
  });

  test("sum to one, are all possible, and grow with the value", () => {
    fc.assert(
      fc.property(fc.array(chance, { minLength: 1, maxLength: 40 }), (values) => {
        const likely = likelihoods(values);
        expect(sum(likely)).toBeCloseTo(1, 9);
        for (const [index, each] of likely.entries()) {
          expect(each).toBeGreaterThan(0);
          for (const [other, value] of values.entries())
            if (value > (values[index] ?? 0)) expect(likely[other]).toBeGreaterThanOrEqual(each);
        }
      }),
    );
  });

  test("do not depend on how hard the goal is as a whole", () => {
    fc.assert(
      fc.property(
        fc.array(chance, { minLength: 2, maxLength: 10 }),
        fc.double({ min: 0.1, max: 1, noNaN: true }),
        (values, scale) => {
          const scaled = likelihoods(values.map((value) => value * scale));
          for (const [index, each] of likelihoods(values).entries()) expect(scaled[index]).toBeCloseTo(each, 9);
        },
      ),
    );
  });
});

const observation = fc.record({
  step: fc.constant(1),
  actions: fc.integer({ min: 2, max: 80 }),
  chosen: fc.tuple(chance, chance, chance),
});

describe("beliefs", () => {
  test("begin at the priors and stay a distribution", () => {
    fc.assert(
      fc.property(fc.array(observation, { maxLength: 200 }), (observations) => {
        const beliefs = new Beliefs([0.7, 0.2, 0.1], 0);
        for (const [index, prior] of [0.7, 0.2, 0.1].entries()) expect(beliefs.posterior[index]).toBeCloseTo(prior, 9);
        for (const each of observations) beliefs.observe(each);
        expect(sum(beliefs.posterior)).toBeCloseTo(1, 9);
        expect(beliefs.logOdds).toBeCloseTo(
          Math.log((1 - (beliefs.posterior[0] ?? 0)) / (beliefs.posterior[0] ?? 1)),
          3,
        );
      }),
      { numRuns: 50 },
    );
  });

  test("turn to the goal that explains the choices, also when every other choice is for show", () => {
    const beliefs = new Beliefs([0.9, 0.05, 0.05], 0);
    for (let step = 1; step <= 40; step++)
      beliefs.observe({ step, actions: 50, chosen: step % 2 === 0 ? [0.4, 0.001, 0.001] : [0.001, 0.4, 0.02] });
    expect(beliefs.posterior[1]).toBeGreaterThan(0.95);
  });

  test("one mad step costs the given goal no more than its share of noise allows", () => {
    const beliefs = new Beliefs([0.9, 0.1], 0);
    for (let step = 1; step <= 20; step++) beliefs.observe({ step, actions: 50, chosen: [0.4, 0.02] });
    const before = beliefs.logOdds;
    beliefs.observe({ step: 21, actions: 50, chosen: [1e-12, 1] });
    expect(beliefs.logOdds - before).toBeLessThan(RATE * Math.log(50 / 0.03));
    expect(beliefs.posterior[0]).toBeGreaterThan(0.9);
  });

  test("what a step tells has the sign of its evidence", () => {
    const beliefs = new Beliefs([0.9, 0.1], 0);
    expect(beliefs.telling({ step: 1, actions: 50, chosen: [0.001, 0.5] }, 1)).toBeGreaterThan(0);
    expect(beliefs.telling({ step: 1, actions: 50, chosen: [0.5, 0.001] }, 1)).toBeLessThan(0);
  });
});
