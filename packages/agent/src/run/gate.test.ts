import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createWorld, decide, MemoryLog, started } from "./fixture.ts";
import { FENCE_MS, gated } from "./gate.ts";
import { InFlight } from "./in-flight.ts";
import { Journal, RunOver } from "./journal.ts";
import { defineTool, said } from "./tool.ts";

const stopped = { type: "run.stopped", reason: "enough", by: "me" } as const;

async function begun(): Promise<{
  log: MemoryLog;
  journal: Journal;
  acts: string[];
  act(stop?: () => boolean): Promise<unknown>;
}> {
  const log = new MemoryLog();
  await log.append("r", 0, [started()]);
  const journal = await Journal.open(log, "r");
  const acts: string[] = [];
  const tool = defineTool({
    name: "look",
    description: "",
    effect: "read",
    args: z.object({}),
    run: async () => {
      acts.push("look");
      return said("seen");
    },
  });
  const context = { run: "r", step: 1, reference: "x", signal: new AbortController().signal, events: [] };
  return { log, journal, acts, act: (stop) => gated(tool, journal, new InFlight(), stop).run({}, context) };
}

describe("the gate", () => {
  it("lets nothing begin once a stop holds, whatever the log says", async () => {
    const { acts, act } = await begun();
    let holds = false;
    await act(() => holds);
    holds = true;
    await expect(act(() => holds)).rejects.toThrow(RunOver);
    expect(acts).toEqual(["look"]);
  });

  it("asks the log again before it acts on a word that is old: another server may have stopped the run", async () => {
    const { log, journal, acts, act } = await begun();
    await journal.refresh();
    await log.append("r", 1, [stopped]);
    journal.confirmedAt = performance.now() - FENCE_MS - 1;
    await expect(act()).rejects.toThrow(RunOver);
    expect(acts).toEqual([]);
  });

  it("takes the log's word while it is fresh, without asking", async () => {
    const { log, journal, acts, act } = await begun();
    await journal.refresh();
    log.read = () => Promise.reject(new Error("the database is gone"));
    await act();
    expect(acts).toEqual(["look"]);
  });
});

it.each([
  ["known", said("sent"), "step.done"],
  ["unknown", said("cut off", { status: "unknown" }), "signal.raised"],
])("what an effect came to that a stop overtook is recorded after it (%s)", async (_, observation, last) => {
  const post = defineTool({
    name: "post",
    description: "",
    effect: "contact",
    args: z.object({}),
    run: async () => {
      await world.log.append("r", world.log.events("r").length, [stopped]);
      return observation;
    },
  });
  const world = createWorld({ script: () => decide("post"), tools: [post] });
  await world.log.append("r", 0, [started()]);
  await world.work("r");
  expect(world.log.events("r").map(({ type }) => type)).toEqual([
    "run.started",
    "step.proposed",
    "step.judged",
    "step.intended",
    "run.stopped",
    last,
  ]);
});
