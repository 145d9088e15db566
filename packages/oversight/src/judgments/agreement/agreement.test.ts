import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { krippendorffAlpha, type Scale } from "./alpha.ts";
import { bootstrap } from "./bootstrap.ts";
import { type Figure, percentAgreement, type Unit } from "./figure.ts";
import { cohenKappa, fleissKappa } from "./kappa.ts";

const scales: Scale[] = ["nominal", "ordinal", "interval"];
const rating = fc.integer({ min: 1, max: 4 });
/** Units by two to five raters, with gaps. */
const table: fc.Arbitrary<Unit<number>[]> = fc.integer({ min: 2, max: 5 }).chain((raters) =>
  fc.array(fc.array(fc.option(rating, { nil: undefined }), { minLength: raters, maxLength: raters }), {
    minLength: 1,
    maxLength: 12,
  }),
);
const whole = (units: readonly Unit<number>[]): Unit<number>[] => units.map((unit) => unit.map((v) => v ?? 1));
const countsOf = (units: readonly Unit<number>[]) =>
  units.map((unit) => [1, 2, 3, 4].map((category) => unit.filter((v) => v === category).length));
const pairsOf = (units: readonly Unit<number>[]) => units.map((unit): [number, number] => [unit[0] ?? 1, unit[1] ?? 1]);

const figures: [string, (units: readonly Unit<number>[]) => Figure][] = [
  ["percent agreement", percentAgreement],
  ...scales.map((scale): [string, (units: readonly Unit<number>[]) => Figure] => [
    `${scale} alpha`,
    (units) => krippendorffAlpha(units, scale),
  ]),
  ["Fleiss' kappa", (units) => fleissKappa(countsOf(whole(units)))],
  ["Cohen's kappa", (units) => cohenKappa(pairsOf(whole(units)))],
];

const same = (x: Figure, y: Figure) => {
  if (x.value === null || y.value === null) expect(x).toEqual(y);
  else expect(x.value).toBeCloseTo(y.value, 9);
};

describe.each(figures)("%s", (_, of) => {
  test("is a number of at most 1, or says why there is none", () => {
    fc.assert(
      fc.property(table, (units) => {
        const found = of(units);
        if (found.value === null) expect(found.why).toMatch(/\w/);
        else expect(found.value).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });

  test("does not depend on the order of units and raters", () => {
    fc.assert(
      fc.property(table, (units) => {
        same(of(units), of(units.toReversed()));
        // Cohen's is of the first two.
        const turned = ([a, b, ...rest]: Unit<number>): Unit<number> => [b, a, ...rest.toReversed()];
        same(of(units), of(units.map(turned)));
      }),
    );
  });

  test("is 1 when everybody agrees on things that differ", () => {
    fc.assert(
      fc.property(fc.array(rating, { minLength: 2, maxLength: 12 }), (values) => {
        fc.pre(new Set(values).size > 1);
        expect(of(values.map((v) => [v, v, v])).value).toBeCloseTo(1, 12);
      }),
    );
  });
});

test("a rater who says nothing changes nothing", () => {
  fc.assert(
    fc.property(table, fc.constantFrom(...scales), (units, scale) => {
      same(
        krippendorffAlpha(units, scale),
        krippendorffAlpha(
          units.map((unit) => [...unit, undefined]),
          scale,
        ),
      );
      same(percentAgreement(units), percentAgreement([...units, [1, undefined]]));
    }),
  );
});

test("nominal figures do not depend on what the categories are called", () => {
  fc.assert(
    fc.property(table, (units) => {
      const named = units.map((unit) => unit.map((v) => v && ["z", "a", "q", "b", "m"][v]));
      same(krippendorffAlpha(units), krippendorffAlpha(named));
      same(percentAgreement(units), percentAgreement(named));
    }),
  );
});

test("raters who never agree are worse than chance", () => {
  const units = [..."abababab"].map((v) => [v, v === "a" ? "b" : "a"] as const);
  expect(cohenKappa(units).value).toBeCloseTo(-1, 12);
  expect(krippendorffAlpha(units).value).toBeLessThan(0);
});

test.each([
  ["no ratings", krippendorffAlpha([]), "no item was judged by two"],
  [
    "one rater",
    krippendorffAlpha([
      ["good", undefined],
      ["bad", undefined],
    ]),
    "no item was judged by two",
  ],
  [
    "one category",
    krippendorffAlpha([
      ["good", "good"],
      ["good", "good"],
    ]),
    "always said the same",
  ],
  ["no items in common", cohenKappa([]), "no item in common"],
  ["one category of two", cohenKappa([["good", "good"]]), "always said the same"],
  [
    "one category of many",
    fleissKappa([
      [3, 0],
      [3, 0],
    ]),
    "always said the same",
  ],
  [
    "one rating each",
    fleissKappa([
      [1, 0],
      [0, 1],
    ]),
    "no item was judged by two",
  ],
  ["nobody twice", percentAgreement([["good"]]), "no item was judged by two"],
])("%s: it says why there is no figure", (_, figure, why) => {
  expect(figure).toEqual({ value: null, why: expect.stringContaining(why) });
});

test("an ordinal scale of words and Fleiss' kappa of uneven rows are refused", () => {
  expect(() => krippendorffAlpha([["good", "bad"]], "ordinal")).toThrow(RangeError);
  expect(() =>
    fleissKappa([
      [2, 0],
      [2, 1],
    ]),
  ).toThrow(RangeError);
});

describe("the interval", () => {
  const units: Unit[] = Array.from({ length: 40 }, (_, i) => [i % 2, i % 5 === 0 ? 1 - (i % 2) : i % 2]);

  test("is the same for the same seed, holds the figure, and narrows with more items", () => {
    const alpha = krippendorffAlpha(units).value ?? Number.NaN;
    const one = bootstrap(units, krippendorffAlpha, { seed: 7 });
    expect(bootstrap(units, krippendorffAlpha, { seed: 7 })).toEqual(one);
    expect(bootstrap(units, krippendorffAlpha, { seed: 8 })).not.toEqual(one);
    expect(one?.low).toBeLessThan(alpha);
    expect(one?.high).toBeGreaterThan(alpha);
    const more = bootstrap([...units, ...units, ...units, ...units], krippendorffAlpha, { seed: 7 });
    expect((more?.high ?? 9) - (more?.low ?? 0)).toBeLessThan((one?.high ?? 0) - (one?.low ?? 0));
  });

  test("holds the true share in about 95 of 100 samples", () => {
    // Two raters who agree on each item with probability 0.8, by a fixed draw.
    let state = 12_345;
    const random = () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      return state / 0x7fffffff;
    };
    let inside = 0;
    for (let sample = 0; sample < 200; sample++) {
      const drawn: Unit[] = Array.from({ length: 60 }, () => [1, random() < 0.8 ? 1 : 0]);
      const interval = bootstrap(drawn, percentAgreement, { seed: sample, draws: 200 });
      if (interval && interval.low <= 0.8 && interval.high >= 0.8) inside++;
    }
    expect(inside).toBeGreaterThan(175);
    expect(inside).toBeLessThan(200);
  });

  test("is left out where most draws have no figure", () => {
    expect(bootstrap([["good", "bad"]], krippendorffAlpha)).toBeDefined();
    expect(bootstrap([["good", "good"]], krippendorffAlpha)).toBeUndefined();
    expect(bootstrap([], percentAgreement)).toBeUndefined();
  });
});
