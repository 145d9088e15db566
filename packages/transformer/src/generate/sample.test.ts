import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  draw,
  keepMinP,
  keepTopK,
  keepTopP,
  largest,
  likeliest,
  logProbabilities,
  penalised,
  sample,
  samplingOf,
  softmax,
} from "./sample.ts";
import { stopStrings } from "./stop-strings.ts";
import { uniformAt } from "./uniform-at.ts";

const scores = fc.array(fc.float({ min: -20, max: 20, noNaN: true }), { minLength: 1, maxLength: 40 });
const probabilities = scores.map((each) => softmax(each, 1));
const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);
const kept = (values: Float64Array): number[] => [...values.keys()].filter((n) => (values[n] as number) > 0);

describe("rules of sampling", () => {
  test("top-p keeps the smallest set of likeliest tokens whose mass is at least p", () => {
    fc.assert(
      fc.property(probabilities, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (given, p) => {
        const after = given.slice();
        keepTopP(after, p);
        const chosen = kept(after);
        const mass = sum(after);
        expect(mass).toBeGreaterThanOrEqual(p - 1e-12);
        const least = Math.min(...chosen.map((n) => given[n] as number));
        // Without the least likely of them it would be too little, and nothing left out is likelier.
        expect(mass - least).toBeLessThan(p + 1e-12);
        for (const [n, probability] of given.entries())
          if (!chosen.includes(n)) expect(probability).toBeLessThanOrEqual(least);
        for (const n of chosen) expect(after[n]).toBe(given[n]);
      }),
    );
  });

  test("top-k keeps the k likeliest", () => {
    fc.assert(
      fc.property(probabilities, fc.integer({ min: 1, max: 50 }), (given, k) => {
        const after = given.slice();
        keepTopK(after, k);
        const wanted = [...given].sort((a, b) => b - a).slice(0, k);
        expect([...after].filter((each) => each > 0).sort((a, b) => b - a)).toEqual(wanted.filter((each) => each > 0));
      }),
    );
  });

  test("min-p keeps those at least a share as likely as the likeliest", () => {
    fc.assert(
      fc.property(probabilities, fc.double({ min: 0, max: 1, noNaN: true }), (given, share) => {
        const after = given.slice();
        keepMinP(after, share);
        const floor = share * Math.max(...given);
        for (const [n, probability] of given.entries()) expect(after[n]).toBe(probability >= floor ? probability : 0);
      }),
    );
  });

  test("the largest come in order, the first of equals first", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 60 }),
        fc.integer({ min: 1, max: 9 }),
        (values, k) => {
          const wanted = [...values.keys()].sort((a, b) => (values[b] as number) - (values[a] as number) || a - b);
          expect(largest(values, k)).toEqual(wanted.slice(0, k));
        },
      ),
    );
  });

  test("a token is drawn as often as it is likely", () => {
    const given = Float64Array.of(0.5, 0, 0.3, 0.2);
    const counts = [0, 0, 0, 0];
    for (let n = 0; n < 20_000; n++) {
      const token = draw(given, uniformAt(9, n));
      counts[token] = (counts[token] ?? 0) + 1;
    }
    for (const [n, count] of counts.entries())
      expect(Math.abs(count / 20_000 - (given[n] as number))).toBeLessThan(0.015);
  });

  test("a penalty makes what was said less likely, whichever the sign of its logit", () => {
    expect([...penalised(Float32Array.of(2, -2, 1), [0, 1, 1], 2)]).toEqual([1, -4, 1]);
  });

  test("log-probabilities are those of the softmax", () => {
    fc.assert(
      fc.property(scores, (each) => {
        const logits = Float32Array.from(each);
        const of = logProbabilities(logits);
        for (const [n, probability] of softmax(logits, 1).entries())
          expect(Math.exp(of(n))).toBeCloseTo(probability, 6);
      }),
    );
  });
});

describe("a sample", () => {
  const options = fc.record({
    temperature: fc.constantFrom(0.1, 1, 3),
    topK: fc.integer({ min: 0, max: 5 }),
    topP: fc.constantFrom(0.1, 0.5, 1),
    minP: fc.constantFrom(0, 0.2),
    repetitionPenalty: fc.constantFrom(1, 1.3),
    seed: fc.bigInt(),
  });

  test("at temperature 0 is the likeliest token", () => {
    fc.assert(
      fc.property(scores, options, (each, given) => {
        const logits = Float32Array.from(each);
        const sampling = samplingOf({ ...given, repetitionPenalty: 1, temperature: 0 });
        expect(sample(logits, sampling, { place: 0, text: [] })).toBe(likeliest(logits));
      }),
    );
  });

  test("is the same for the same seed and place, and always allowed", () => {
    fc.assert(
      fc.property(scores, options, fc.nat(), fc.infiniteStream(fc.boolean()), (each, given, place, coins) => {
        const logits = Float32Array.from(each);
        const mask = each.map((_, n) => n === place % each.length || coins.next().value === true);
        const allowed = (token: number): boolean => mask[token] === true;
        const sampling = samplingOf(given);
        const token = sample(logits, sampling, { place, text: [0], allowed });
        expect(allowed(token)).toBe(true);
        expect(sample(logits, sampling, { place, text: [0], allowed })).toBe(token);
      }),
    );
  });

  test("options that cannot be are named", () => {
    expect(() => samplingOf({ topP: 0 })).toThrow("topP must be above 0 and at most 1, not 0");
    expect(() => samplingOf({ temperature: Number.NaN })).toThrow("temperature must be 0 or more, not NaN");
    expect(() => sample(Float32Array.of(Number.NaN), samplingOf({}), { place: 0, text: [] })).toThrow(
      "no token to offer",
    );
  });
});

describe("stop strings", () => {
  test("are found wherever the text is cut, and end it before the first that is complete", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 30 });
    const stop = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(
        letters,
        fc.array(stop, { maxLength: 3 }),
        fc.array(fc.integer({ min: 1, max: 5 })),
        (text, stops, cuts) => {
          const tracker = stopStrings(stops);
          let [said, stopped, start] = ["", false, 0];
          for (const cut of [...cuts, text.length]) {
            if (stopped) break;
            const found = tracker.push(text.slice(start, start + cut));
            start += cut;
            said += found.text;
            stopped = found.stopped;
          }
          if (!stopped) said += tracker.end();
          // The end of the first stop string to be complete; of those that end there, the longest.
          const ends = [...text]
            .map((_, n) => n + 1)
            .filter((n) => stops.some((each) => text.slice(0, n).endsWith(each)));
          const [end] = ends;
          if (end === undefined) expect([said, stopped]).toEqual([text, false]);
          else {
            const longest = Math.max(
              ...stops.filter((each) => text.slice(0, end).endsWith(each)).map((each) => each.length),
            );
            expect([said, stopped]).toEqual([text.slice(0, end - longest), true]);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
