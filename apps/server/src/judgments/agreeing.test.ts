import { foldJudgments, type Noted } from "@candor/oversight";
import { expect, test } from "vitest";
import { Agreeing } from "./agreeing.ts";

const noted = (n: number): Noted[] =>
  ["ada", "ben", "cyd"].flatMap((rater, r) =>
    Array.from({ length: n }, (_, i) => ({
      id: 3 * i + r,
      at: i,
      fact: {
        type: "judged" as const,
        key: `${rater} ${i}`,
        subject: { kind: "step" as const, run: `r-${i % 40}`, step: 1 + Math.floor(i / 40) },
        rater,
        verdict: (i * 7 + r * 3) % 10 < 6 ? ("good" as const) : ("bad" as const),
      },
    })),
  );

test("a report stands until something is said, and for its own run and seed only", () => {
  const agreeing = new Agreeing();
  const before = foldJudgments(noted(80));
  const report = agreeing.report(before, undefined, { seed: 1 });
  expect(agreeing.report(before, undefined, { seed: 1 })).toBe(report);
  expect(agreeing.report(before, undefined, { seed: 2 })).not.toBe(report);
  expect(agreeing.report(before, "r-3", { seed: 1 }).rated.items).toBe(2);
  expect(agreeing.report(foldJudgments(noted(81)), undefined, { seed: 1 }).rated.items).toBe(81);
});
