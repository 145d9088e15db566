/** The fold that the run page draws from. */
import type { Recorded, RunEvent } from "@candor/server";
import fc from "fast-check";
import { expect, test } from "vitest";
import { settled, Trace } from "./trace.ts";

const started: RunEvent = {
  type: "run.started",
  kind: "run",
  goal: "Look",
  wanted: [],
  seed: 1,
  world: { kind: "web" },
  mind: { kind: "scout" },
  budget: { steps: 9, tokens: 0, usd: 0, seconds: 9, pages: 9, pagesPerHost: 9 },
  permissions: {},
  mode: "continuous",
  isolation: "none",
  version: "0",
};
const proposed = (step: number): RunEvent => ({
  type: "step.proposed",
  step,
  decision: { thought: `Thought ${step}`, tool: "open", args: { url: `http://a.example/${step}` } },
  cost: { ms: 5, usd: 0.01 },
  viewHash: "",
});
const judged = (step: number, outcome: "allow" | "ask" | "deny", argsHash = `h${step}`): RunEvent => ({
  type: "step.judged",
  step,
  verdict: { outcome, rule: "r", reason: `why ${step}` },
  argsHash,
});
const done = (step: number): RunEvent => ({
  type: "step.done",
  step,
  tool: "open",
  effect: "read",
  observation: { status: "ok", origin: "host:a.example", text: "t", leads: [], cost: { ms: 7, pages: 1 } },
});
type Answer = Extract<RunEvent, { type: "approval.answered" }>;
const answered = (step: number, answer: Answer["answer"], more: Partial<Answer> = {}): RunEvent => ({
  type: "approval.answered",
  step,
  argsHash: `h${step}`,
  answer,
  message: "",
  by: "operator",
  ...more,
});

const record = (events: readonly RunEvent[]): Recorded[] =>
  events.map((event, index) => ({ run: "r", seq: index + 1, at: 1_000 + index, hash: "", event }));

function traceOf(...events: RunEvent[]): Trace {
  const trace = new Trace("r");
  for (const each of record([started, ...events])) trace.take(each);
  return trace;
}

test("a question waits until it is answered, and an answer to other arguments is none", () => {
  expect(traceOf(proposed(1), judged(1, "ask"))).toMatchObject({
    status: "waiting",
    reason: "why 1",
    question: { step: 1 },
  });
  expect(traceOf(proposed(1), judged(1, "ask"), answered(1, "approve", { argsHash: "other" })).question?.step).toBe(1);
  expect(traceOf(proposed(1), judged(1, "ask"), answered(1, "escalate", { to: "Ann" })).question?.step).toBe(1);
  const approved = traceOf(proposed(1), judged(1, "ask"), answered(1, "approve"));
  expect(approved.question).toBeUndefined();
  expect(approved.status).toBe("running");
});

test("a yes is void when the arguments are judged anew with another hash", () => {
  const trace = traceOf(proposed(1), judged(1, "ask"), answered(1, "approve"), judged(1, "ask", "changed"));
  expect(trace.question?.argsHash).toBe("changed");
  expect(settled(trace.question as NonNullable<typeof trace.question>)).toBeUndefined();
});

test("a person's arguments stand in the step, and what the guard then denies is no question", () => {
  const args = { url: "http://b.example/" };
  const changed = traceOf(proposed(1), judged(1, "ask"), answered(1, "modify", { args }));
  expect(changed.step(1)?.decision.args).toEqual(args);
  expect(changed.question).toBeUndefined();
  const denied = traceOf(proposed(1), judged(1, "ask"), answered(1, "modify", { args }), judged(1, "deny", "new"));
  expect(denied.question).toBeUndefined();
  expect(denied.step(1)?.verdict?.outcome).toBe("deny");
});

test("an effect that was cut off asks again, whatever was said before", () => {
  const unsure: RunEvent = {
    type: "signal.raised",
    monitor: "unknown-outcome",
    severity: "high",
    reason: "cut off",
    evidence: [],
    step: 1,
  };
  const trace = traceOf(proposed(1), judged(1, "allow"), unsure);
  expect(trace).toMatchObject({ status: "waiting", question: { step: 1, unsure: true } });
  expect(traceOf(proposed(1), judged(1, "allow"), unsure, answered(1, "reject")).question).toBeUndefined();
});

test("a terminated run is over and asks nothing", () => {
  const trace = traceOf(proposed(1), judged(1, "ask"), answered(1, "terminate"));
  expect(trace).toMatchObject({ isOver: true, status: "stopped" });
  expect(trace.question).toBeUndefined();
});

test("a stopped run that is resumed asks again what it had asked", () => {
  const resumed: RunEvent = { type: "run.resumed", by: "a", version: "0", isolation: "none" };
  const stopped: RunEvent = { type: "run.stopped", reason: "enough", by: "a" };
  expect(traceOf(proposed(1), judged(1, "ask"), stopped)).toMatchObject({ status: "stopped", question: undefined });
  expect(traceOf(proposed(1), judged(1, "ask"), stopped, resumed)).toMatchObject({
    status: "waiting",
    question: { step: 1 },
  });
});

test("property: however the events are cut and repeated, each counts once", () => {
  const steps = fc.array(fc.constantFrom("allow", "ask", "deny" as const), { minLength: 1, maxLength: 30 });
  const cuts = fc.array(fc.nat(100), { maxLength: 10 });
  fc.assert(
    fc.property(steps, cuts, (outcomes, cuts) => {
      const events = record([
        started,
        ...outcomes.flatMap((outcome, index) => {
          const step = index + 1;
          if (outcome === "deny") return [proposed(step), judged(step, "deny")];
          const said = outcome === "ask" ? [answered(step, "approve")] : [];
          return [proposed(step), judged(step, outcome), ...said, done(step)];
        }),
      ]);
      const trace = new Trace("r");
      // Each connection begins somewhere before the last event that is known, as a resumed stream may.
      let at = 0;
      for (const cut of [...cuts, events.length]) {
        const from = Math.max(0, at - (cut % 4));
        const to = Math.min(events.length, at + cut);
        for (const event of events.slice(from, to)) trace.take(event);
        at = Math.max(at, to);
      }
      for (const event of events.slice(at)) trace.take(event);
      const performed = outcomes.filter((outcome) => outcome !== "deny").length;
      expect(trace.steps).toBe(outcomes.length);
      expect(trace.entries.map((entry) => (entry.kind === "step" ? entry.step : -1))).toEqual(
        outcomes.map((_, index) => index + 1),
      );
      expect(trace.spent.pages).toBe(performed);
      expect(trace.spent.ms).toBe(outcomes.length * 5 + performed * 7);
      for (let step = 1; step <= trace.steps; step++) expect(trace.entries[trace.placeOf(step)]).toBe(trace.step(step));
    }),
  );
});

test("what an event does not change stays the same object, so that its row is not drawn again", () => {
  const events = record([started, proposed(1), judged(1, "allow"), done(1), proposed(2), judged(2, "allow"), done(2)]);
  const trace = new Trace("r");
  for (const event of events.slice(0, 4)) trace.take(event);
  const first = trace.step(1);
  for (const event of events.slice(4)) trace.take(event);
  expect(trace.step(1)).toBe(first);
});
