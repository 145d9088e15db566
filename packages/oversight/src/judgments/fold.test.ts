import fc from "fast-check";
import { expect, test } from "vitest";
import { consensus, isDisputed } from "./consensus.ts";
import type { JudgmentFact } from "./facts.ts";
import { foldJudgments } from "./fold.ts";
import { itemId, type Single, type Subject, swap, type Verdict } from "./subject.ts";

const stepOf = (step: number): Single => ({ kind: "step", run: "r-one", step });
const noted = (facts: readonly JudgmentFact[]) => facts.map((fact, id) => ({ id, at: id, fact }));
const judged = (
  rater: string,
  verdict: Verdict,
  {
    subject = stepOf(1),
    key = `${rater}-key-${verdict}`,
    discipline = "",
  }: { subject?: Subject; key?: string; discipline?: string } = {},
): JudgmentFact => ({ type: "judged", key, subject, rater, verdict, ...(discipline && { discipline }) });

const rater = fc.constantFrom("ada", "ben", "cy");
const key = fc.integer({ min: 0, max: 30 }).map((n) => `submission-${n}`);
const anyFact: fc.Arbitrary<JudgmentFact> = fc.oneof(
  fc.record({
    type: fc.constant("judged" as const),
    key,
    rater,
    subject: fc.integer({ min: 1, max: 4 }).map(stepOf),
    verdict: fc.constantFrom<Verdict>("good", "bad"),
  }),
  fc.record({
    type: fc.constant("withdrawn" as const),
    key,
    rater,
    subject: fc.integer({ min: 1, max: 4 }).map(stepOf),
  }),
);

test("of each rater the last word on each item counts, whatever others say in between", () => {
  fc.assert(
    fc.property(fc.array(anyFact, { maxLength: 40 }), (facts) => {
      const { items } = foldJudgments(noted(facts));
      for (const name of ["ada", "ben", "cy"]) {
        // What this rater said alone, each key heard once.
        const heard = new Set<string>();
        const own = facts.filter((fact) => {
          if (!("rater" in fact) || fact.rater !== name || heard.has(fact.key)) return false;
          heard.add(fact.key);
          return true;
        });
        for (let step = 1; step <= 4; step++) {
          const last = own.findLast((fact) => "subject" in fact && itemId(fact.subject) === itemId(stepOf(step)));
          const kept = items.get(itemId(stepOf(step)))?.judgments.get(name)?.verdict;
          expect(kept).toBe(last?.type === "judged" ? last.verdict : undefined);
        }
      }
    }),
  );
});

test("a submission that comes again, even much later, is one submission", () => {
  fc.assert(
    fc.property(fc.array(anyFact, { minLength: 1, maxLength: 20 }), fc.nat(), (facts, pick) => {
      const again = facts[pick % facts.length];
      if (!again) return;
      const once = foldJudgments(noted(facts));
      const twice = foldJudgments(noted([...facts, again]));
      expect([...twice.items]).toEqual([...once.items]);
    }),
  );
});

test("nothing that was said is lost from the history", () => {
  const { items } = foldJudgments(
    noted([
      judged("ada", "good"),
      judged("ada", "bad"),
      { type: "withdrawn", key: "ada takes it back", subject: stepOf(1), rater: "ada" },
    ]),
  );
  const [item] = items.values();
  expect(item?.history.map(({ verdict }) => verdict)).toEqual(["good", "bad", null]);
  expect(item?.judgments.size).toBe(0);
});

test("a pair given the other way round is the same item, with the verdict turned", () => {
  fc.assert(
    fc.property(
      fc.constantFrom<Verdict>("a", "b"),
      fc.integer({ min: 1, max: 99 }),
      fc.integer({ min: 1, max: 99 }),
      (verdict, x, y) => {
        fc.pre(x !== y);
        const one: Subject = { kind: "pair", a: stepOf(x), b: stepOf(y) };
        const other: Subject = { kind: "pair", a: stepOf(y), b: stepOf(x) };
        expect(itemId(one)).toBe(itemId(other));
        const { items } = foldJudgments(
          noted([judged("ada", verdict, { subject: one }), judged("ben", swap(verdict), { subject: other })]),
        );
        const [item] = items.values();
        expect(items.size).toBe(1);
        expect(item && isDisputed(item)).toBe(false);
        expect(item && consensus(item)).toMatchObject({ for: 2, against: 0 });
      },
    ),
  );
});

test("different things have different names", () => {
  const names = [
    stepOf(1),
    stepOf(2),
    { kind: "answer", run: "r-one" } as const,
    { kind: "finding", run: "r-one", finding: "1" } as const,
    { kind: "text", prompt: "1", completion: "" } as const,
    { kind: "text", prompt: "", completion: "1" } as const,
  ].map(itemId);
  expect(new Set(names).size).toBe(names.length);
});

const held = (facts: JudgmentFact[], options = {}) => {
  const [item] = foldJudgments(noted(facts)).items.values();
  return item && consensus(item, options);
};

test("the majority holds; a tie and too few raters hold nothing", () => {
  const three = [judged("ada", "good"), judged("ben", "bad"), judged("cy", "good")];
  expect(held(three)).toEqual({ verdict: "good", from: "majority", for: 2, against: 1 });
  expect(held(three, { minRaters: 4 })).toBeUndefined();
  expect(held(three.slice(0, 2))).toBeUndefined();
});

test("an adjudicator's word goes before a known answer, and that before the majority; both can be taken back", () => {
  const said = [judged("ada", "good"), judged("ben", "good")];
  const gold: JudgmentFact = { type: "gold", subject: stepOf(1), verdict: "bad", by: "operator" };
  const settled: JudgmentFact = { type: "adjudicated", subject: stepOf(1), verdict: "good", by: "operator" };
  expect(held([...said, gold])).toMatchObject({ verdict: "bad", from: "gold", for: 0, against: 2 });
  expect(held([...said, gold, settled], { minRaters: 9 })).toMatchObject({ verdict: "good", from: "adjudication" });
  expect(held([...said, gold, settled, { ...settled, verdict: null }])).toMatchObject({ from: "gold" });
  expect(held([...said, gold, { ...gold, verdict: null }])).toMatchObject({ from: "majority" });
});

test("for one discipline only what was said for it counts", () => {
  const said = [
    judged("ada", "good", { discipline: "safety" }),
    judged("ben", "bad", { discipline: "law" }),
    judged("cy", "bad", { discipline: "law" }),
  ];
  expect(held(said, { discipline: "safety" })).toMatchObject({ verdict: "good", for: 1 });
  expect(held(said)).toMatchObject({ verdict: "bad", for: 2, against: 1 });
  expect(held(said, { discipline: "ethics" })).toBeUndefined();
});
