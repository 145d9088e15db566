import type { EventOf, RunEvent } from "@candor/store";
import { expect, test } from "vitest";
import { z } from "zod";
import { createWorld, decide, started, type World } from "./fixture.ts";
import { fold } from "./state.ts";
import { defineTool, said } from "./tool.ts";

const append = async (world: World, event: RunEvent) =>
  world.log.append("r1", fold("r1", await world.log.read("r1")).seq, [event]);
const resume = (world: World) => append(world, { type: "run.resumed", by: "t", version: "t", isolation: "none" });
const ofType = <T extends RunEvent["type"]>(world: World, type: T) =>
  world.log.events("r1").filter((e): e is EventOf<T> => e.type === type);

test("what a person says while the mind thinks is traced to them, and the thinking is paid for", async () => {
  const traced: string[] = [];
  let spoken = false;
  const world = createWorld({
    script: () => decide("finish", { summary: "done" }),
    parts: {
      tracer: { add: (origin, text) => void traced.push(`${origin}: ${text}`), originsOf: () => ({}) },
      infer: async () => ({ text: "", calls: [], tokens: 10, usd: 0.5 }),
    },
    decideWith: async (infer) => {
      await infer({ system: "", messages: [], tools: [], maxTokens: 1 });
      if (spoken) return;
      spoken = true;
      await append(world, { type: "operator.said", text: "look at the boats", by: "t" });
    },
  });
  await world.log.append("r1", 0, [started()]);
  expect(await world.work("r1")).toBe("over");
  expect(traced).toContain("operator: look at the boats");
  expect(fold("r1", await world.log.read("r1")).spent).toMatchObject({ tokens: 20, usd: 1, steps: 1 });
});

test("a mind gets all its attempts again after a resume", async () => {
  const world = createWorld({ script: () => new Error("nonsense") });
  await world.log.append("r1", 0, [started()]);
  await world.work("r1");
  await resume(world);
  await world.work("r1");
  expect(ofType(world, "mind.failed").map((e) => e.attempt)).toEqual([1, 2, 3, 1, 2, 3]);
});

test("a fault of a part rests the run with a masked reason, and it can be resumed", async () => {
  let broken = true;
  const world = createWorld({
    script: () => decide("finish", { summary: "done" }),
    parts: {
      masker: {
        document: (document) => ({ document, counts: { yours: 0, others: 0 } }),
        text: (text) => ({ text: text.replaceAll("SECRET", "[masked]"), counts: { yours: 0, others: 0 } }),
      },
      guard: {
        judge: () => {
          if (broken) throw new Error("cannot parse SECRET");
          return { outcome: "allow", rule: "t", reason: "" };
        },
      },
    },
  });
  await world.log.append("r1", 0, [started()]);
  expect(await world.work("r1")).toBe("paused");
  expect(ofType(world, "run.paused")[0]?.reason).toBe("it could not go on: cannot parse [masked]");
  broken = false;
  await resume(world);
  expect(await world.work("r1")).toBe("over");
});

test("a stop that another process records cuts off what is under way here", async () => {
  const slow = defineTool({
    name: "slow",
    description: "takes long",
    effect: "read",
    args: z.object({}),
    run: async (_, { signal }) => {
      await append(world, { type: "run.stopped", reason: "enough", by: "elsewhere" });
      signal.throwIfAborted();
      world.effects.push("went on");
      return said("never");
    },
  });
  const world: World = createWorld({ script: () => decide("slow"), tools: [slow] });
  await world.log.append("r1", 0, [started()]);
  await world.work("r1");
  expect(world.effects).toEqual([]);
  expect(world.log.events("r1").at(-1)?.type).toBe("run.stopped");
});

test("a severe signal pauses the run, also when the work is cut off before the pause", async () => {
  const severe: RunEvent = {
    type: "signal.raised",
    monitor: "loop",
    severity: "severe",
    reason: "round",
    evidence: [],
  };
  const world = createWorld({ script: () => decide("look", { what: "a" }) });
  await world.log.append("r1", 0, [started(), severe]);
  expect(await world.work("r1")).toBe("paused");
  expect(world.effects).toEqual([]);
});

test("a run that an older Candor left goes on: a tool that is gone is told to the mind, nothing is done twice", async () => {
  const decision = decide("tool_of_yesterday", { what: "a" });
  const world = createWorld({
    script: (_, step) => (step === 3 ? decide("look", { what: "b" }) : decide("finish", { summary: "done" })),
  });
  const allowed = { outcome: "allow", rule: "t", reason: "" } as const;
  const sent = said("sent");
  await world.log.append("r1", 0, [
    started({ version: "0.0.1" }),
    { type: "step.proposed", step: 1, decision: decide("send", { what: "x" }), cost: {}, viewHash: "" },
    { type: "step.judged", step: 1, verdict: allowed, argsHash: "of another way to hash" },
    { type: "step.intended", step: 1, tool: "send", reference: "of another form" },
    { type: "step.done", step: 1, tool: "send", effect: "contact", observation: sent },
    { type: "step.proposed", step: 2, decision, cost: {}, viewHash: "" },
    { type: "step.judged", step: 2, verdict: allowed, argsHash: "of another way to hash" },
    { type: "run.resumed", by: "t", version: "0.0.2", isolation: "none" },
  ]);
  expect(await world.work("r1")).toBe("over");
  expect(world.effects).toEqual(["look b"]);
  const gone = ofType(world, "step.done").find((e) => e.step === 2);
  expect(gone?.observation).toMatchObject({ status: "refused", text: "There is no tool tool_of_yesterday any more." });
});
