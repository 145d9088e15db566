import { expect, test } from "vitest";
import type { JudgmentFact } from "../judgments/facts.ts";
import { foldJudgments } from "../judgments/fold.ts";
import { badSteps } from "./bad-steps.ts";

const subject = { kind: "step", run: "r-1", step: 3 } as const;
let keys = 0;
const judged = (
  rater: string,
  verdict: "good" | "bad",
  of: JudgmentFact & { type: "judged" } extends { subject: infer S } ? S : never = subject,
): JudgmentFact => ({
  type: "judged",
  key: `key-${++keys}-abcd`,
  subject: of,
  rater,
  verdict,
});
const bad = (...facts: JudgmentFact[]) => badSteps(foldJudgments(facts.map((fact, at) => ({ id: at + 1, at, fact }))));

test("one rater is enough against a step, until that is withdrawn or said otherwise", () => {
  expect(bad(judged("a", "good"))).toEqual(new Map());
  expect(bad(judged("a", "good"), judged("b", "bad"))).toEqual(new Map([["r-1", new Set([3])]]));
  expect(bad(judged("b", "bad"), judged("b", "good"))).toEqual(new Map());
  expect(bad(judged("b", "bad"), { type: "withdrawn", key: "key-0-abcd", subject, rater: "b" })).toEqual(new Map());
});

test("who settles a dispute has the last word, either way", () => {
  const settled = (verdict: "good" | "bad"): JudgmentFact => ({ type: "adjudicated", subject, verdict, by: "c" });
  expect(bad(judged("a", "bad"), settled("good"))).toEqual(new Map());
  expect(bad(judged("a", "good"), settled("bad"))).toEqual(new Map([["r-1", new Set([3])]]));
});

test("judgments of answers and findings are none of steps", () => {
  expect(bad(judged("a", "bad", { kind: "answer", run: "r-1" }))).toEqual(new Map());
});
