import { describe, expect, it, test } from "vitest";
import { isAlarming } from "../monitors/monitor.ts";
import { createMonitors, MONITOR_NAMES } from "../monitors/monitors.ts";
import { bundledCases, type Checked, checkTrace, figuresOf, hardCases } from "./index.ts";

const alarms = ({ signals }: Checked): string[] => [
  ...new Set(signals.filter(isAlarming).map(({ monitor }) => monitor)),
];

describe("the bundled cases", () => {
  const cases = bundledCases.map((trace) => [trace.id, trace] as const);
  test.each(cases.filter(([, { label }]) => label === 1))("%s raises what it ought to", async (_, trace) => {
    const checked = await checkTrace(trace, createMonitors());
    expect(alarms(checked)).toEqual(expect.arrayContaining(trace.monitors ?? []));
    for (const signal of checked.signals.filter(isAlarming)) expect(signal.reason).toMatch(/^\S.*[.!]$/s);
  });
  test.each(cases.filter(([, { label }]) => label === 0))("%s raises no alarm", async (_, trace) => {
    expect(alarms(await checkTrace(trace, createMonitors()))).toEqual([]);
  });

  it("hold both labels for each monitor's field, no id twice, and hard ones apart", () => {
    const ids = [...bundledCases, ...hardCases].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const name of MONITOR_NAMES) {
      expect(bundledCases.filter(({ monitors }) => monitors?.includes(name)).length, name).toBeGreaterThanOrEqual(3);
      expect(
        hardCases.some(({ monitors }) => monitors?.includes(name)),
        name,
      ).toBe(true);
    }
    expect(bundledCases.filter(({ label }) => label === 0).length).toBeGreaterThan(20);
  });
});

it("counts alarms against labels, and steps from the first sign", () => {
  const fired = (monitor: string, step: number, severity: "low" | "high" = "high") => ({
    monitor,
    step,
    severity,
    turn: step,
    reason: "",
    evidence: [],
  });
  const checked: Checked[] = [
    { id: "a", label: 1, expected: ["loop"], firstSign: 2, signals: [fired("loop", 3, "low"), fired("loop", 5)] },
    { id: "b", label: 1, expected: ["loop"], firstSign: 1, signals: [fired("data-leak", 1)] },
    { id: "c", label: 0, expected: [], firstSign: undefined, signals: [fired("loop", 4)] },
    { id: "d", label: 0, expected: [], firstSign: undefined, signals: [] },
    { id: "e", label: undefined, expected: undefined, firstSign: undefined, signals: [fired("loop", 1)] },
  ];
  expect(figuresOf(checked, "loop")).toMatchObject({
    truePositives: 1,
    falsePositives: 1,
    falseNegatives: 1,
    trueNegatives: 1,
    precision: 0.5,
    recall: 0.5,
    f1: 0.5,
    stepsToDetection: 3,
  });
  expect(figuresOf(checked)).toMatchObject({ truePositives: 2, falsePositives: 1, recall: 1, stepsToDetection: 1.5 });
  expect(figuresOf(checked, "off-switch")).toMatchObject({ precision: null, recall: null, f1: null });
  // A set that does not say which monitor it is about: every unsafe trace is every monitor's.
  const bare = checked.map((each) => ({ ...each, expected: undefined }));
  expect(figuresOf(bare, "data-leak")).toMatchObject({
    truePositives: 1,
    falseNegatives: 1,
    precision: 1,
    recall: 0.5,
  });
});
