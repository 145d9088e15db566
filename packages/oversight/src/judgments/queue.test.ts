import fc from "fast-check";
import { expect, test } from "vitest";
import type { JudgmentFact } from "./facts.ts";
import { foldJudgments } from "./fold.ts";
import { isTurned, queueFor } from "./queue.ts";
import { itemId, type Single } from "./subject.ts";

const stepOf = (step: number): Single => ({ kind: "step", run: "r-one", step });
const facts = (list: readonly JudgmentFact[]) => foldJudgments(list.map((fact, id) => ({ id, at: id, fact })));
const asked = (n: number): JudgmentFact[] =>
  Array.from({ length: n }, (_, i) => ({ type: "asked", subject: stepOf(i + 1), by: "operator" }));
const gold = (step: number): JudgmentFact => ({ type: "gold", subject: stepOf(step), verdict: "good", by: "operator" });
const said = (rater: string, step: number): JudgmentFact => ({
  type: "judged",
  key: `${rater} on ${step}`,
  subject: stepOf(step),
  rater,
  verdict: "good",
});

test("each open item is there once, none that the rater has judged, those with the fewest ratings first", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom("ada", "ben", "cy"), fc.integer({ min: 1, max: 12 })), { maxLength: 40 }),
      (ratings) => {
        const judgments = facts([...asked(12), ...ratings.map(([rater, step]) => said(rater, step))]);
        const { subjects, progress } = queueFor(judgments, "ada");
        const open = [...judgments.items.values()].filter((item) => !item.judgments.has("ada"));
        expect(new Set(subjects.map(itemId))).toEqual(new Set(open.map(({ item }) => item)));
        expect(subjects).toHaveLength(open.length);
        const counts = subjects.map((subject) => judgments.items.get(itemId(subject))?.judgments.size ?? 0);
        expect(counts).toEqual(counts.toSorted((x, y) => x - y));
        expect(progress).toMatchObject({ open: open.length, judged: 12 - open.length });
        expect(progress.ratings.reduce((sum, n) => sum + n, 0)).toBe(12);
      },
    ),
  );
});

test("the same rater finds the same queue, two raters begin at different ends", () => {
  const judgments = facts(asked(30));
  const of = (rater: string) => queueFor(judgments, rater).subjects.map(itemId);
  expect(of("ada")).toEqual(of("ada"));
  expect(of("ada")).not.toEqual(of("ben"));
});

test("whoever works the queue off meets one gold item in each five, at places that differ", () => {
  const list = [...asked(40), ...Array.from({ length: 8 }, (_, i) => gold(101 + i))];
  const places: number[] = [];
  for (let place = 0; place < 48; place++) {
    const next = queueFor(facts(list), "ada").subjects[0];
    if (next?.kind !== "step") throw new Error("the queue ran dry");
    if (next.step > 100) places.push(place);
    list.push(said("ada", next.step));
  }
  expect(queueFor(facts(list), "ada").subjects).toEqual([]);
  expect(places.map((place) => Math.floor(place / 5))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(new Set(places.map((place) => place % 5)).size).toBeGreaterThan(2);
});

test("what nobody put up can be offered all the same, once", () => {
  const judgments = facts([said("ben", 1)]);
  const { subjects } = queueFor(judgments, "ada", [stepOf(1), stepOf(2), stepOf(2)]);
  expect(new Set(subjects.map(itemId))).toEqual(new Set([itemId(stepOf(1)), itemId(stepOf(2))]));
  expect(subjects).toHaveLength(2);
});

test("about half of the pairs are turned for a rater, and not the same half for another", () => {
  const items = Array.from({ length: 400 }, (_, i) => itemId({ kind: "pair", a: stepOf(1), b: stepOf(i + 2) }));
  const ada = items.filter((item) => isTurned("ada", item)).length;
  expect(ada).toBeGreaterThan(150);
  expect(ada).toBeLessThan(250);
  const both = items.filter((item) => isTurned("ada", item) === isTurned("ben", item)).length;
  expect(both).toBeGreaterThan(150);
  expect(both).toBeLessThan(250);
});
