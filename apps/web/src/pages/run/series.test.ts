/** Sums over steps. */
import type { RunEvent } from "@candor/server";
import { expect, test } from "vitest";
import { Trace } from "../../trace/trace.ts";
import { seriesOf } from "./series.ts";

function traceOf(count: number, kind: "audit" | "run" = "audit"): Trace {
  const trace = new Trace("r");
  const events: RunEvent[] = [
    {
      type: "run.started",
      kind,
      goal: "g",
      wanted: [],
      seed: 1,
      world: { kind: "web" },
      mind: { kind: "scout" },
      budget: { steps: 9, tokens: 0, usd: 0, seconds: 9, pages: 9, pagesPerHost: 9 },
      permissions: {},
      mode: "continuous",
      isolation: "none",
      version: "0",
    },
    ...Array.from({ length: count }, (_, n): RunEvent[] => [
      {
        type: "step.proposed",
        step: n + 1,
        decision: { thought: "", tool: "open", args: {} },
        cost: {},
        viewHash: "",
      },
      {
        type: "step.done",
        step: n + 1,
        tool: "open",
        effect: "read",
        observation: {
          status: "ok",
          origin: "host:a",
          text: "",
          // The same lead twice over is one lead.
          leads: [{ kind: "page", value: `http://a/${Math.floor(n / 2)}`, label: "" }],
          url: `http://a/page/${n + 1}`,
          cost: { pages: 1, ms: 500 },
        },
      },
    ]).flat(),
  ];
  events.forEach((event, index) => {
    trace.take({ run: "r", seq: index + 1, at: index, hash: "", event });
  });
  return trace;
}

const findings = [
  { id: "a", urls: ["http://a/page/2", "http://a/page/4"] },
  { id: "b", urls: ["http://a/page/4"] },
  { id: "never read", urls: ["http://a/other"] },
];

test("a finding counts from the first step that read a page of it, a lead when it is seen first", () => {
  const series = Object.fromEntries(seriesOf(traceOf(6), findings).map(({ name, points }) => [name, points]));
  expect(series.Findings?.map(({ value }) => value)).toEqual([0, 1, 1, 2, 2, 2]);
  expect(series.Leads?.map(({ value }) => value)).toEqual([1, 1, 2, 2, 3, 3]);
  expect(series["Pages read"]?.at(-1)).toEqual({ step: 6, value: 6 });
  expect(series.Time?.at(-1)).toEqual({ step: 6, value: 3 });
  expect(series.Cost).toBeUndefined();
});

test("a run that is no audit has no curve of findings", () => {
  expect(seriesOf(traceOf(3, "run"), []).map(({ name }) => name)).not.toContain("Findings");
});

test("ten thousand steps are drawn with a few hundred points, the last of them always", () => {
  for (const { points } of seriesOf(traceOf(10_000), findings)) {
    expect(points.length).toBeLessThanOrEqual(402);
    expect(points.at(-1)?.step).toBe(10_000);
  }
});
