import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { alphaOf, type Counted, count, krippendorffAlpha, type Scale } from "./alpha.ts";
import { type BootstrapOptions, bootstrap } from "./bootstrap.ts";
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
  /** Of 0 and 1 by two raters, who agree on `same` of `of` items. */
  const counted = (same: number, of: number) =>
    count(
      Array.from({ length: of }, (_, i): Unit => {
        const first = i % 2;
        return [first, i < same ? first : 1 - first];
      }),
    );
  const alphas = (of: Counted) => (times: readonly number[]) => alphaOf(of, times, "nominal");
  const intervalOf = (of: Counted, options?: BootstrapOptions) => bootstrap(of.times, alphas(of), options);

  test("is the same for the same seed, holds the figure, and narrows with more items", () => {
    const some = counted(32, 40);
    const alpha = alphas(some)(some.times).value ?? Number.NaN;
    const one = intervalOf(some, { seed: 7 });
    expect(intervalOf(some, { seed: 7 })).toEqual(one);
    expect(intervalOf(some, { seed: 8 })).not.toEqual(one);
    expect(one?.low).toBeLessThan(alpha);
    expect(one?.high).toBeGreaterThan(alpha);
    const more = intervalOf(counted(128, 160), { seed: 7 });
    expect((more?.high ?? 9) - (more?.low ?? 0)).toBeLessThan((one?.high ?? 0) - (one?.low ?? 0));
  });

  test("is drawn from kinds of items, which are few however many items there are", () => {
    expect(counted(3_000, 4_000).times.toSorted((x, y) => x - y)).toEqual([1_000, 1_500, 1_500]);
  });

  test("is that of items drawn one by one", () => {
    const some = counted(150, 200);
    const kinds = some.times.flatMap((n, kind) => Array<number>(n).fill(kind));
    let state = 99;
    const random = () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      return (state >>> 8) / 0x800000;
    };
    const values = Array.from({ length: 4_000 }, () => {
      const times = some.times.map(() => 0);
      for (const _ of kinds) {
        const kind = kinds[Math.floor(random() * kinds.length)] ?? 0;
        times[kind] = (times[kind] ?? 0) + 1;
      }
      return alphas(some)(times).value ?? Number.NaN;
    }).sort((x, y) => x - y);
    const interval = intervalOf(some, { draws: 4_000 });
    expect(Math.abs((interval?.low ?? 9) - (values[100] ?? 0))).toBeLessThan(0.02);
    expect(Math.abs((interval?.high ?? 9) - (values[3_899] ?? 0))).toBeLessThan(0.02);
  });

  test("holds the true share in about 95 of 100 samples", () => {
    // Two raters who agree on each item with probability 0.8, by a fixed draw.
    let state = 12_345;
    const random = () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      return state / 0x7fffffff;
    };
    const share = ([same = 0, other = 0]: readonly number[]) => ({ value: same / (same + other) });
    let inside = 0;
    for (let sample = 0; sample < 200; sample++) {
      const same = Array.from({ length: 60 }, random).filter((r) => r < 0.8).length;
      const interval = bootstrap([same, 60 - same], share, { seed: sample, draws: 200 });
      if (interval && interval.low <= 0.8 && interval.high >= 0.8) inside++;
    }
    expect(inside).toBeGreaterThan(175);
    expect(inside).toBeLessThan(200);
  });

  test("is left out where most draws have no figure", () => {
    expect(intervalOf(count([["good", "bad"]]))).toBeDefined();
    expect(intervalOf(count([["good", "good"]]))).toBeUndefined();
    expect(intervalOf(count([]))).toBeUndefined();
  });
});
