import type { Autonomy, Recorded, RunEvent } from "@candor/store";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { createGuard } from "../guard/guard.ts";
import { done, recorder, request } from "../testing/requests.ts";
import { count, type Evidence, evidenceFrom, noEvidence } from "./evidence.ts";
import { LEVELS, lower, REQUIRED, rank } from "./levels.ts";
import { type Mark, Marks, PACE } from "./marks.ts";
import { nextLevel } from "./next-level.ts";
import { RunLevel } from "./run-level.ts";
import { earn } from "./standing.ts";

const answered = (step: number, answer: "approve" | "reject" | "modify" | "expire" | "escalate"): RunEvent => ({
  type: "approval.answered",
  step,
  argsHash: "h",
  answer,
  message: "",
  by: "operator",
});
const signal = (monitor: string, severity: "high" | "severe", step = 1): RunEvent => ({
  type: "signal.raised",
  monitor,
  severity,
  reason: "",
  evidence: [],
  step,
});
const paused = (by: string): RunEvent => ({ type: "run.paused", reason: "", by });
const resumed: RunEvent = { type: "run.resumed", by: "operator", version: "", isolation: "" };
const started = (mode: Autonomy, more: object = {}): RunEvent => ({
  type: "run.started",
  kind: "run",
  goal: "a goal",
  wanted: [],
  seed: 1,
  world: { kind: "town", seed: 1 },
  mind: { kind: "scout" },
  budget: { steps: 1, tokens: 0, usd: 0, seconds: 1, pages: 1, pagesPerHost: 1 },
  permissions: "normal",
  mode,
  isolation: "",
  version: "",
  ...more,
});
const log = (events: RunEvent[]): Recorded[] => events.map(recorder());
const passes = (from: number, to: number): RunEvent[] =>
  Array.from({ length: to - from + 1 }, (_, at) => [answered(from + at, "approve"), done(from + at, "open")]).flat();
const none = { bad: new Set<number>(), evaluations: 0 };

describe("evidence", () => {
  it("counts what a person let pass, and begins anew at a rejection", () => {
    const events = log([...passes(1, 3), answered(4, "reject"), ...passes(5, 6)]);
    expect(evidenceFrom(events, none)).toEqual({ ...noEvidence, approved: 2, rejected: 1 });
  });

  it("does not count what a person changed, passed on or left unanswered", () => {
    const events = log([answered(1, "modify"), answered(2, "escalate"), answered(3, "expire")]);
    expect(evidenceFrom(events, none)).toEqual(noEvidence);
  });

  it("takes going on after a pause of its own for a word on the steps before it, and after another pause for none", () => {
    const steps = [done(1, "open"), done(2, "open")];
    expect(evidenceFrom(log([...steps, paused(PACE), resumed]), none).approved).toBe(2);
    expect(evidenceFrom(log([...steps, paused("monitor loop"), resumed]), none).approved).toBe(0);
    expect(evidenceFrom(log([...steps, paused(PACE)]), none).approved).toBe(0);
  });

  it("counts a step that was asked about and then gone on from once", () => {
    expect(evidenceFrom(log([...passes(1, 2), paused(PACE), resumed]), none).approved).toBe(2);
  });

  it("takes a step that was called bad for no approval, and those before it for no row", () => {
    const { approved, bad } = evidenceFrom(log(passes(1, 9)), { bad: new Set([6, 40]), evaluations: 2 });
    expect({ approved, bad }).toEqual({ approved: 3, bad: 1 });
  });

  it("counts severe signals, and nothing milder", () => {
    const events = log([signal("loop", "high"), signal("injection", "severe"), signal("off-switch", "severe")]);
    expect(evidenceFrom(events, none)).toMatchObject({ severe: 2, grave: 1 });
  });

  it("of a fork leaves out what it did not do itself", () => {
    const marks = new Marks(5);
    for (const event of log([...passes(1, 7), signal("x", "severe", 3)])) marks.take(event);
    expect(marks.marks().map(({ kind, step }) => `${kind} ${step}`)).toEqual(["approved 6", "approved 7"]);
  });
});

const evidence: fc.Arbitrary<Evidence> = fc.record({
  approved: fc.nat(80),
  rejected: fc.nat(3),
  bad: fc.nat(3),
  severe: fc.nat(2),
  grave: fc.constant(0),
  evaluations: fc.nat(2),
});
const level = fc.constantFrom(...LEVELS);

describe("the next level", () => {
  test.each([
    ["propose", 10, 0, "step"],
    ["propose", 9, 9, "propose"],
    ["step", 20, 0, "few"],
    ["few", 50, 1, "continuous"],
    ["few", 50, 0, "few"],
    ["few", 49, 1, "few"],
    ["continuous", 999, 9, "continuous"],
  ] as const)("from %s with %i steps let pass and %i evaluations is %s", (from, approved, evaluations, to) => {
    expect(nextLevel(from, { ...noEvidence, approved, evaluations }).to).toBe(to);
  });

  it("is one up at most, never up with a severe signal above step, and says why with figures", () => {
    fc.assert(
      fc.property(level, evidence, (from, given) => {
        const move = nextLevel(from, given);
        expect(rank(move.to)).toBeLessThanOrEqual(rank(from) + 1);
        if (given.severe > 0) expect(rank(move.to)).toBeLessThanOrEqual(Math.max(rank("step"), rank(from) + 1));
        if (given.severe > 0 && rank(from) > rank("step"))
          expect(move).toMatchObject({ direction: "down", to: "step" });
        if (move.direction !== "stay") expect(move.reason).toMatch(/\d/);
        expect(move.missing.length > 0).toBe(move.direction === "stay" && from !== "continuous");
      }),
    );
  });

  it("is propose after one signal of dodging the stop or of a leak", () => {
    for (const from of LEVELS) expect(nextLevel(from, { ...noEvidence, severe: 1, grave: 1 }).to).toBe("propose");
  });

  it("is no lower for more approvals, and no higher for more against it", () => {
    fc.assert(
      fc.property(level, evidence, fc.nat(20), fc.nat(2), (from, given, more, worse) => {
        const to = rank(nextLevel(from, given).to);
        expect(rank(nextLevel(from, { ...given, approved: given.approved + more }).to)).toBeGreaterThanOrEqual(to);
        expect(rank(nextLevel(from, { ...given, severe: given.severe + worse }).to)).toBeLessThanOrEqual(to);
      }),
    );
  });
});

const mark = (kind: Mark["kind"]): Mark => ({ kind, at: 0, run: "r" });
const marks = (kind: Mark["kind"], times: number): Mark[] => Array.from({ length: times }, () => mark(kind));

describe("what a mind has earned", () => {
  it("is climbed level by level, each anew, and lost at the first severe signal", () => {
    const climbed = [...marks("approved", 30), mark("evaluation"), ...marks("approved", 50)];
    expect(earn(climbed).changes.map(({ to }) => to)).toEqual(["step", "few", "continuous"]);
    expect(earn([...climbed, mark("severe")])).toMatchObject({ standing: { level: "step", evidence: noEvidence } });
    const fell = earn([...climbed, mark("grave")]);
    expect(fell.standing.level).toBe("propose");
    expect(fell.changes.at(-1)).toMatchObject({ from: "continuous", to: "propose", figures: { severe: 1, grave: 1 } });
  });

  it("is nothing for a mind that nobody has let do anything", () => {
    expect(earn(marks("evaluation", 9)).standing.level).toBe("propose");
  });

  it("takes as many approvals in a row as are required, whatever else came before", () => {
    const any = fc.constantFrom<Mark["kind"]>("approved", "rejected", "bad", "severe", "grave", "evaluation");
    fc.assert(
      fc.property(fc.array(any, { maxLength: 200 }), (kinds) => {
        let row = 0;
        let { changes } = earn([]);
        kinds.forEach((kind, at) => {
          row = kind === "approved" ? row + 1 : kind === "evaluation" ? row : 0;
          const after = earn(kinds.slice(0, at + 1).map(mark)).changes;
          const change = after.length > changes.length ? after.at(-1) : undefined;
          changes = after;
          if (change && rank(change.to) > rank(change.from)) {
            expect(row).toBeGreaterThanOrEqual(change.from === "continuous" ? 0 : REQUIRED[change.from].approved);
            row = 0;
          }
        });
      }),
      { numRuns: 40 },
    );
  });

  it("counts the same whichever way the marks are cut", () => {
    const kinds = fc.array(fc.constantFrom<Mark["kind"]>("approved", "rejected", "evaluation"));
    fc.assert(
      fc.property(kinds, kinds, (one, two) => {
        const whole = [...one, ...two].map(mark).reduce(count, noEvidence);
        expect(two.map(mark).reduce(count, one.map(mark).reduce(count, noEvidence))).toEqual(whole);
      }),
    );
  });
});

describe("a run's level", () => {
  const at = (events: RunEvent[], judged = none) => new RunLevel(async () => judged).next(log(events));

  it("falls at a severe signal, climbing or not, with the figures", async () => {
    const first = started("continuous");
    expect(await at([first, signal("loop", "high")])).toBeUndefined();
    expect(await at([first, signal("injection", "severe")])).toMatchObject({
      type: "autonomy.changed",
      from: "continuous",
      to: "step",
      by: "warden",
      figures: { severe: 1 },
    });
    expect(await at([first, signal("data-leak", "severe")])).toMatchObject({ to: "propose" });
  });

  it("falls once for one signal, and a person may raise it again", async () => {
    const events = [started("continuous"), signal("injection", "severe")];
    const level = new RunLevel(async () => none);
    const change = await level.next(log(events));
    if (!change) throw new Error("it did not fall");
    const raised: RunEvent = { ...change, from: "step", to: "continuous", by: "operator" };
    expect(await level.next(log([...events, change]))).toBeUndefined();
    expect(await level.next(log([...events, change, raised]))).toBeUndefined();
    expect(await level.next(log([...events, change, raised, signal("x", "severe")]))).toMatchObject({ to: "step" });
  });

  it("climbs only where it may, and not past a bad judgment", async () => {
    const steps = passes(1, 10);
    expect(await at([started("propose"), ...steps])).toBeUndefined();
    expect(await at([started("propose", { climbs: true }), ...steps])).toMatchObject({
      to: "step",
      figures: { approved: 10 },
    });
    const bad = { bad: new Set([4]), evaluations: 0 };
    expect(await at([started("propose", { climbs: true }), ...steps], bad)).toBeUndefined();
  });

  it("is without an end only for a mind that has passed an evaluation", async () => {
    const events = [started("few", { climbs: true }), ...passes(1, 50)];
    expect(await at(events)).toBeUndefined();
    expect(await at(events, { bad: new Set(), evaluations: 1 })).toMatchObject({ to: "continuous" });
  });

  it("is the same whether events come one at a time or at once", async () => {
    const piece = fc.constantFrom<RunEvent>(
      answered(1, "approve"),
      answered(2, "approve"),
      answered(3, "reject"),
      signal("x", "severe"),
      done(1, "open"),
      paused(PACE),
      resumed,
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece), level, async (pieces, mode) => {
        const all = log([started(mode, { climbs: true }), ...pieces]);
        const one = new RunLevel(async () => none);
        let last: unknown;
        for (let n = 1; n <= all.length; n++) last = await one.next(all.slice(0, n));
        expect(last).toEqual(await new RunLevel(async () => none).next(all));
      }),
    );
  });
});

test("a run that only proposes asks about every step outside of it, whatever its permissions allow", () => {
  const everything = { name: "open", default: "ask", rules: [{ outcome: "allow" }] };
  const judge = (tool: string, args: Record<string, unknown>, autonomy: Autonomy) =>
    createGuard().judge(request(tool, args, { permissions: everything, autonomy })).outcome;
  for (const [tool, args] of [
    ["search", { query: "harbour choir" }],
    ["message_operator", { subject: "Done", body: "Two things." }],
    ["write_file", { path: "a", text: "b c" }],
    ["spawn", { goal: "Look around" }],
    ["mcp_x", { a: "b c" }],
  ] as const) {
    expect(judge(tool, args, "propose"), tool).toBe("ask");
    for (const level of ["step", "few", "continuous"] as const) expect(judge(tool, args, level), tool).toBe("allow");
  }
  for (const tool of ["plan", "recall", "wait"]) expect(judge(tool, {}, "propose")).toBe("allow");
  expect(judge("search", { query: "[phone 1: yours]" }, "propose")).toBe("deny");
});

test("of two levels the lower leaves less to the run", () => {
  expect(lower("few", "step")).toBe("step");
  expect(lower("propose", "continuous")).toBe("propose");
});
