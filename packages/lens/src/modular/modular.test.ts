import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fourier2d, fourierBasis, frequencyShares } from "./fourier.ts";
import {
  addByRotations,
  answersOf,
  fitFormula,
  keyFrequencies,
  lossOn,
  progressMeasures,
  type SaidOfPairs,
} from "./modular-addition.ts";

const P = 13;
const PAIRS = Int32Array.from({ length: P * P }, (_, n) => n);

/** Logits of the formula with given weights, some noise of the pair alone, and a function of pair and token. */
const saying = (
  weights: ReadonlyMap<number, number>,
  more: (pair: number, token: number) => number = () => 0,
): SaidOfPairs => ({
  modulus: P,
  logits: Float32Array.from({ length: P ** 3 }, (_, n) => {
    const [pair, token] = [Math.floor(n / P), n % P];
    const far = Math.floor(pair / P) + (pair % P) - token;
    return [...weights].reduce((sum, [k, w]) => sum + w * Math.cos((2 * Math.PI * k * far) / P), more(pair, token));
  }),
});

describe("the Fourier basis", () => {
  it("is orthonormal, so that a table keeps its length", () => {
    const basis = fourierBasis(P);
    for (const [a, row] of basis.rows.entries())
      for (const [b, other] of basis.rows.entries())
        expect(row.reduce((sum, x, n) => sum + x * (other[n] as number), 0)).toBeCloseTo(Number(a === b), 10);
    const table = Float64Array.from({ length: P * P }, (_, n) => Math.sin(n * n));
    const length = (values: Float64Array): number => values.reduce((sum, x) => sum + x * x, 0);
    expect(length(fourier2d(basis, table))).toBeCloseTo(length(table), 8);
    expect(() => fourierBasis(12)).toThrow(/not 12/);
  });

  it("finds a product of waves of one frequency to be of that frequency", () => {
    const angle = (2 * Math.PI * 4) / P;
    const table = Float64Array.from(
      PAIRS,
      (pair) => 3 + Math.cos(angle * Math.floor(pair / P)) * Math.sin(angle * (pair % P)),
    );
    const shares = frequencyShares(fourierBasis(P), table);
    expect(shares[3]).toBeCloseTo(1, 8);
    expect(Math.max(...shares.filter((_, n) => n !== 3))).toBeLessThan(1e-8);
  });
});

describe("addition by rotations", () => {
  it("is right for every pair, whatever frequencies it is made of", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: P - 1 }),
        fc.integer({ min: 0, max: P - 1 }),
        fc.subarray([1, 2, 3, 4, 5, 6], { minLength: 1 }),
        (a, b, frequencies) => {
          expect(addByRotations(a, b, P, new Map(frequencies.map((k) => [k, 1])))).toBe((a + b) % P);
        },
      ),
    );
  });

  it("is found again in logits that are made of it", () => {
    const weights = new Map([
      [2, 3],
      [5, 1.5],
    ]);
    const clean = fitFormula(
      saying(weights, (pair) => Math.sin(pair)),
      [2, 5],
    );
    expect(clean.rSquared).toBeCloseTo(1, 5);
    expect(clean.coefficients.get(2)).toBeCloseTo(3, 5);
    expect(clean.coefficients.get(5)).toBeCloseTo(1.5, 5);
    // One frequency of two explains its part.
    expect(fitFormula(saying(weights), [2]).rSquared).toBeCloseTo(9 / (9 + 2.25), 5);
    expect(fitFormula(saying(weights), [1]).rSquared).toBeCloseTo(0, 6);
    expect([...answersOf(saying(weights))]).toEqual([...PAIRS].map((pair) => (Math.floor(pair / P) + (pair % P)) % P));
  });

  it("is read off neurons by the frequencies that they are of", () => {
    const wave = (k: number, pair: number): number =>
      Math.max(
        0,
        Math.cos((2 * Math.PI * k * Math.floor(pair / P)) / P) + Math.cos((2 * Math.PI * k * (pair % P)) / P),
      );
    const kinds = [3, 3, 3, 6, 6];
    const neurons = Float32Array.from({ length: P * P * 6 }, (_, n) => {
      const pair = Math.floor(n / 6);
      // The last is silent.
      return n % 6 === 5
        ? 0
        : wave(kinds[n % 6] ?? 0, pair) ** 2 * 0.1 + Math.cos((2 * Math.PI * (kinds[n % 6] ?? 0) * (pair % P)) / P);
    });
    const { frequencies, ofAFrequency } = keyFrequencies(P, neurons);
    expect(frequencies).toEqual([3, 6]);
    expect(ofAFrequency).toBe(1);
  });

  it("is all that restricted loss sees, and what excluded loss misses", () => {
    const said = saying(
      new Map([
        [2, 8],
        [5, 8],
      ]),
    );
    const { restrictedLoss, excludedLoss } = progressMeasures(said, [2, 5], PAIRS);
    expect(restrictedLoss).toBeCloseTo(lossOn(said.logits, P, PAIRS), 4);
    expect(excludedLoss).toBeCloseTo(Math.log(P), 3);
  });

  it("keeps the smallest losses", () => {
    const logits = new Float64Array(P ** 3);
    for (const pair of PAIRS) logits[pair * P + ((Math.floor(pair / P) + (pair % P)) % P)] = 60;
    expect(lossOn(logits, P, PAIRS) / ((P - 1) * Math.exp(-60))).toBeCloseTo(1, 10);
  });
});
