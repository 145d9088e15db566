import { expect, test } from "vitest";
import type { JudgmentFact } from "../facts.ts";
import { foldJudgments } from "../fold.ts";
import type { Subject, Verdict } from "../subject.ts";
import { agreementReport } from "./report.ts";

const stepOf = (step: number) => ({ kind: "step" as const, run: "r-one", step });
const pairOf = (n: number): Subject => ({ kind: "pair", a: stepOf(n), b: stepOf(n + 100) });
const said = (rater: string, subject: Subject, verdict: Verdict, discipline?: string): JudgmentFact => ({
  type: "judged",
  key: `${rater} ${JSON.stringify(subject)}`,
  subject,
  rater,
  verdict,
  ...(discipline && { discipline }),
});
const report = (facts: readonly JudgmentFact[]) =>
  agreementReport(foldJudgments(facts.map((fact, id) => ({ id, at: id, fact }))).items.values(), { seed: 1 });

test("ratings and comparisons do not lend each other agreement", () => {
  // On steps the two are at odds as by chance; on pairs they always agree.
  const steps = Array.from({ length: 8 }, (_, i) => [
    said("ada", stepOf(i + 1), i % 2 ? "good" : "bad"),
    said("ben", stepOf(i + 1), i % 4 < 2 ? "good" : "bad"),
  ]).flat();
  const pairs = Array.from({ length: 8 }, (_, i) => [
    said("ada", pairOf(i + 1), i % 2 ? "a" : "b"),
    said("ben", pairOf(i + 1), i % 2 ? "a" : "b"),
  ]).flat();
  const { rated, compared } = report([...steps, ...pairs]);
  expect(rated.cohen).toMatchObject([{ raters: ["ada", "ben"], items: 8, value: 0 }]);
  expect(rated.percent).toEqual({ value: 0.5 });
  expect(compared.alpha.value).toBeCloseTo(1, 12);
  expect(rated.interval?.low).toBeLessThan(0);
});

test("each discipline has figures of its own", () => {
  const facts = [
    said("ada", stepOf(1), "good", "safety"),
    said("ben", stepOf(1), "good", "safety"),
    said("ada", stepOf(2), "bad", "safety"),
    said("ben", stepOf(2), "bad", "safety"),
    said("ada", stepOf(3), "bad", "law"),
    said("ben", stepOf(3), "good", "law"),
  ];
  const { rated } = report(facts);
  expect(rated.byDiscipline.map(({ discipline, percent }) => [discipline, percent])).toEqual([
    ["law", { value: 0 }],
    ["safety", { value: 1 }],
  ]);
});

test("raters are scored by what is known, and by nothing else", () => {
  const gold = (step: number): JudgmentFact => ({
    type: "gold",
    subject: stepOf(step),
    verdict: "good",
    by: "operator",
  });
  const { gold: scores } = report([
    gold(1),
    gold(2),
    said("ada", stepOf(1), "good"),
    said("ada", stepOf(2), "bad"),
    said("ada", stepOf(3), "bad"),
    said("ben", stepOf(2), "good"),
  ]);
  expect(scores).toEqual([
    { rater: "ada", items: 2, right: 1, share: 0.5 },
    { rater: "ben", items: 1, right: 1, share: 1 },
  ]);
});

test("Fleiss' kappa says which items it is of", () => {
  const facts = [1, 2, 3].flatMap((step) =>
    ["ada", "ben", "cy"].map((rater) => said(rater, stepOf(step), step === 1 ? "bad" : "good")),
  );
  const { rated } = report([...facts, said("ada", stepOf(9), "bad"), said("ben", stepOf(9), "good")]);
  expect(rated.fleiss).toMatchObject({ items: 3, ratings: 3 });
  expect(rated.fleiss.value).toBeCloseTo(1, 12);
  expect(rated.shared).toBe(4);
});

test("without ratings everything says why it is not there", () => {
  const { rated, compared, gold } = report([]);
  for (const { alpha, percent, fleiss, interval } of [rated, compared]) {
    expect([alpha.value, percent.value, fleiss.value, interval]).toEqual([null, null, null, null]);
  }
  expect(gold).toEqual([]);
});
