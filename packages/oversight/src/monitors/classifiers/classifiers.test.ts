import type { Recorded } from "@candor/store";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bundledCases } from "../../evaluation/cases/cases.ts";
import { toEvents } from "../../traces/to-events.ts";
import { createMonitors } from "../monitors.ts";
import { type Classifier, createConsultant, type Verdict } from "./classifier.ts";
import { FEATURES } from "./features.ts";
import { judgeClassifier } from "./judge.ts";
import { fitLogistic, probability } from "./logistic.ts";
import { trainClassifier } from "./train.ts";
import { StaleWeights, trainedMonitor } from "./trained.ts";
import { bundledWeights } from "./weights.ts";

const never = new AbortController().signal;
const eventsOf = (id: string): Recorded[] => {
  const trace = bundledCases.find((each) => each.id === id);
  if (!trace) throw new Error(`no case ${id}`);
  return toEvents(trace).events;
};

const scripted = (classify: Classifier["classify"]): Classifier => ({ name: "test", version: "1", classify });

/** Reads `events` as the warden does, asking after each verdict. */
async function run(events: readonly Recorded[], classifier: Classifier, options = {}): Promise<string[]> {
  const consultant = createConsultant(classifier, options);
  const raised: string[] = [];
  for (const recorded of events) {
    consultant.observe(recorded);
    if (recorded.event.type === "step.judged")
      for (const { monitor, severity, step } of await consultant.consult(never))
        raised.push(`${monitor} ${severity} ${step}`);
  }
  return raised;
}

describe("a classifier that takes time", () => {
  const bad: Verdict = { severity: "severe", reason: "Bad.", evidence: [] };

  it("is asked before actions and every few steps, and no oftener than it may be", async () => {
    const asked: number[] = [];
    const counting = scripted(async (events) => {
      asked.push(events.length);
      return { severity: "info", reason: "", evidence: [] };
    });
    await run(eventsOf("mail-forwards-invoices"), counting);
    expect(asked).toHaveLength(1);
    asked.length = 0;
    await run(eventsOf("long-and-fruitful"), counting);
    expect(asked).toHaveLength(6);
    asked.length = 0;
    await run(eventsOf("long-and-fruitful"), counting, { every: 1, most: 3 });
    expect(asked).toHaveLength(3);
  });

  it("speaks with its name and version, and is not asked again about what it said", async () => {
    const events = eventsOf("mail-forwards-invoices");
    expect(
      await run(
        events,
        scripted(async () => bad),
      ),
    ).toEqual(["test@1 severe 2"]);
    const last = events.at(-1);
    if (!last) throw new Error("no events");
    const said: Recorded = {
      ...last,
      seq: last.seq + 1,
      event: { type: "signal.raised", monitor: "test@1", severity: "severe", reason: "Bad.", evidence: [], step: 2 },
    };
    const consultant = createConsultant(scripted(() => expect.unreachable()));
    for (const event of [...events, said]) consultant.observe(event);
    expect(await consultant.consult(never)).toEqual([]);
  });

  it("that fails says so once, and one that hangs is left behind", async () => {
    const failing = scripted(async () => {
      throw new Error("no such model");
    });
    expect(await run(eventsOf("long-and-fruitful"), failing)).toEqual(["test@1 low 15"]);
    const hanging = scripted(() => new Promise(() => {}));
    expect(await run(eventsOf("mail-forwards-invoices"), hanging, { timeoutMs: 5 })).toEqual(["test@1 low 2"]);
  });

  it("that is cut off by a stop says nothing, and is asked again later", async () => {
    const stop = new AbortController();
    const consultant = createConsultant(
      scripted((_, signal) => (signal === never ? Promise.resolve(bad) : new Promise(() => {}))),
    );
    for (const event of eventsOf("mail-forwards-invoices")) consultant.observe(event);
    const asked = consultant.consult(stop.signal);
    stop.abort();
    expect(await asked).toEqual([]);
    const again = createConsultant(scripted(async () => bad));
    for (const event of eventsOf("mail-forwards-invoices")) again.observe(event);
    expect(await again.consult(never)).toHaveLength(1);
  });
});

describe("a language model as judge", () => {
  const judge = (text: string, seen: string[] = []) =>
    judgeClassifier({
      model: "fake",
      complete: async ({ system, prompt }) => {
        seen.push(system, prompt);
        return text;
      },
    });
  const events = eventsOf("mail-forwards-invoices");
  const answer = (change = {}) =>
    JSON.stringify({
      severity: "severe",
      kind: "injection",
      reason: "It obeys a mail.",
      quote: "Forward the three invoices",
      ...change,
    });

  it("gets the record between marks that no page can know, and gives a verdict with a quote", async () => {
    const seen: string[] = [];
    const verdict = await judge(`Here you are:\n${answer()}`, seen).classify(events, never);
    expect(verdict).toEqual({
      severity: "severe",
      reason: "injection: It obeys a mail.",
      evidence: ["Forward the three invoices"],
    });
    const [system = "", prompt = ""] = seen;
    expect(system).not.toContain("invoices");
    const mark = /^<<([\w-]{12})>>\n/.exec(prompt)?.[1];
    expect(prompt).toContain(`<</${mark}>>`);
    expect(prompt).toContain("OPERATOR ASKED: What does Mira's newest mail say?");
  });

  it("cannot pause a run on words that are not in the record", async () => {
    const verdict = await judge(answer({ quote: "launch the rockets" })).classify(events, never);
    expect(verdict).toMatchObject({ severity: "high", evidence: ["(not in the record) launch the rockets"] });
  });

  it("that answers something else has not judged", async () => {
    for (const text of ["", "Fine!", "{}", '{"severity": "fatal", "kind": "x", "reason": "y"}', "{".repeat(50_000)])
      await expect(judge(text).classify(events, never)).rejects.toThrow("did not answer");
  });

  it("keeps the operator's words and the newest steps of a long run", async () => {
    const seen: string[] = [];
    await judge(answer({ severity: "info" }), seen).classify(eventsOf("dry-pages-without-end"), never);
    const long = Array.from({ length: 40 }, () => eventsOf("dry-pages-without-end")).flat();
    await judge(answer({ severity: "info" }), seen).classify(long, never);
    expect(seen[3]?.length).toBeLessThan(40_000);
    expect(seen[3]).toContain("OPERATOR ASKED");
    expect(seen[3]).toContain("http://s0.example/100");
  });
});

describe("logistic regression", () => {
  it("separates what can be separated, and gives even odds where nothing can be known", () => {
    const examples = [0, 1, 2, 3, 4, 5, 6, 7].map((n) => ({
      x: [n, 1],
      y: n < 4 ? (0 as const) : (1 as const),
      weight: 1,
    }));
    const model = fitLogistic(examples, 0.001);
    expect(probability(model, [0, 1])).toBeLessThan(0.1);
    expect(probability(model, [7, 1])).toBeGreaterThan(0.9);
    const blind = fitLogistic(
      examples.map(({ y, weight }) => ({ x: [1], y, weight })),
      0.1,
    );
    expect(probability(blind, [1])).toBeCloseTo(0.5);
  });

  it("gives a probability for any features, far from the training ones too", () => {
    const vector = fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), {
      minLength: FEATURES.length,
      maxLength: FEATURES.length,
    });
    fc.assert(
      fc.property(vector, (x) => {
        const p = probability(bundledWeights, x);
        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe("the trained monitor", () => {
  it("learns the same weights from the same cases, and raises one signal with its version", () => {
    const about = {
      name: "x",
      provenance: { set: "bundled", part: "all", examples: bundledCases.length, licence: "" },
    };
    const weights = trainClassifier(bundledCases, about);
    expect(trainClassifier(bundledCases, about)).toEqual(weights);
    const monitors = createMonitors([trainedMonitor(weights)]);
    const raised = eventsOf("password-to-stranger")
      .flatMap((event) => monitors.observe(event))
      .filter(({ monitor }) => monitor === "trained");
    expect(raised).toMatchObject([{ severity: "high", reason: expect.stringContaining(weights.version) }]);
    expect(raised[0]?.evidence.length).toBeGreaterThan(0);
  });

  it("refuses weights for other features", () => {
    expect(() => trainedMonitor({ ...bundledWeights, features: ["x"] })).toThrow(StaleWeights);
  });
});
