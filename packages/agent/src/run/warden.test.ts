import type { Decision, RunEvent } from "@candor/store";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { createWorld, decide, started, type World } from "./fixture.ts";
import { fold } from "./state.ts";
import { defineTool, said } from "./tool.ts";

const begin = (world: World, more = {}, run = "r1") => world.log.append(run, 0, [started(more)]);
const script =
  (...decisions: (Decision | Error)[]) =>
  (_: string, step: number) =>
    decisions[step - 1] ?? decide("finish", { summary: "all done" });
const types = (world: World, run = "r1") => world.log.events(run).map((e) => e.type);
const answer = async (world: World, given: "approve" | "reject" | "terminate", step = 1, argsHash?: string) => {
  const state = fold("r1", await world.log.read("r1"));
  const hash = argsHash ?? state.steps.find((s) => s.step === step)?.argsHash ?? "";
  await world.log.append("r1", state.seq, [
    { type: "approval.answered", step, argsHash: hash, answer: given, message: "", by: "test" },
  ]);
};

describe("a run", () => {
  test("records view, verdict and result of each step and ends when the mind is done", async () => {
    const world = createWorld({ script: script(decide("look", { what: "a" })) });
    await begin(world);
    expect(await world.work("r1")).toBe("over");
    expect(types(world)).toEqual([
      "run.started",
      "step.proposed",
      "step.judged",
      "step.done",
      "step.proposed",
      "step.judged",
      "step.done",
      "run.finished",
    ]);
    expect(world.effects).toEqual(["look a"]);
  });

  test("never performs what was denied, and tells the mind", async () => {
    const world = createWorld({
      script: script(decide("send", { what: "a" })),
      judge: (tool) => (tool === "send" ? "deny" : "allow"),
    });
    await begin(world);
    await world.work("r1");
    expect(world.effects).toEqual([]);
    expect(fold("r1", await world.log.read("r1")).notices[0]).toMatchObject({ code: "denied" });
  });

  test("answers a call of an unknown tool and arguments that do not fit without performing anything", async () => {
    const world = createWorld({
      script: script(decide("fly"), decide("look", { what: 3 }), decide("look", { what: "a", more: 1 })),
    });
    await begin(world);
    await world.work("r1");
    expect(world.effects).toEqual([]);
    const done = world.log.events("r1").filter((e) => e.type === "step.done");
    expect(done.slice(0, 2).map((e) => e.observation.status)).toEqual(["refused", "refused"]);
  });

  test("pauses when the mind fails three times in a row, and not before", async () => {
    const world = createWorld({ script: script(new Error("nonsense")) });
    await begin(world);
    expect(await world.work("r1")).toBe("paused");
    expect(types(world)).toEqual(["run.started", "mind.failed", "mind.failed", "mind.failed", "run.paused"]);
  });

  test("ends when its steps are used up and says which limit it was", async () => {
    const world = createWorld({ script: (_, step) => decide("look", { what: String(step) }) });
    await begin(world, { budget: { ...started().budget, steps: 3 } });
    expect(await world.work("r1")).toBe("over");
    expect(world.effects).toHaveLength(3);
    expect(world.log.events("r1").at(-1)).toMatchObject({ type: "run.finished", reason: "budget: steps used up" });
  });

  test("in step mode pauses after each step and takes one more for each resume", async () => {
    const world = createWorld({ script: (_, step) => decide("look", { what: String(step) }) });
    await begin(world, { mode: "step" });
    expect(await world.work("r1")).toBe("paused");
    expect(world.effects).toHaveLength(1);
    const { seq } = fold("r1", await world.log.read("r1"));
    await world.log.append("r1", seq, [{ type: "run.resumed", by: "test", version: "test", isolation: "none" }]);
    expect(await world.work("r1")).toBe("paused");
    expect(world.effects).toHaveLength(2);
  });
});

describe("an approval", () => {
  const asking = () =>
    createWorld({
      script: script(decide("send", { what: "a" })),
      judge: (tool) => (tool === "send" ? "ask" : "allow"),
    });

  test("is waited for, and what was approved happens exactly once", async () => {
    const world = asking();
    await begin(world);
    expect(await world.work("r1")).toBe("waiting");
    expect(await world.work("r1")).toBe("waiting");
    expect(world.effects).toEqual([]);
    await answer(world, "approve");
    expect(await world.work("r1")).toBe("over");
    expect(world.effects).toEqual(["send a"]);
  });

  test("that was declined never happens", async () => {
    const world = asking();
    await begin(world);
    await world.work("r1");
    await answer(world, "reject");
    await world.work("r1");
    expect(world.effects).toEqual([]);
  });

  test("for other arguments counts for nothing", async () => {
    const world = asking();
    await begin(world);
    await world.work("r1");
    await answer(world, "approve", 1, "another hash");
    expect(await world.work("r1")).toBe("waiting");
    expect(world.effects).toEqual([]);
  });
});

describe("a run that is cut off", () => {
  /** Works, is cut off at the `at`-th append, and is taken up again until it ends or waits for a person. */
  async function interrupted(at: number, written: boolean, arrived: boolean | null): Promise<World> {
    const world = createWorld({
      script: script(
        decide("look", { what: "a" }),
        decide("send", { what: "b" }),
        decide("look", { what: "c" }),
        decide("send", { what: "d" }),
      ),
      arrived: () => arrived,
    });
    await begin(world);
    world.log.cut = { at: at + 1, written };
    await world.work("r1").catch(() => {});
    await world.work("r1");
    return world;
  }

  test("at any moment never sends twice, and loses no step", async () => {
    for (let at = 1; at <= 14; at++) {
      for (const written of [true, false]) {
        const world = await interrupted(at, written, null);
        const sends = world.effects.filter((e) => e.startsWith("send"));
        expect(new Set(sends).size, `cut ${at} ${written}`).toBe(sends.length);
        const state = fold("r1", await world.log.read("r1"));
        if (state.status === "finished") {
          expect(sends).toEqual(["send b", "send d"]);
          expect(new Set(world.effects)).toEqual(new Set(["look a", "send b", "look c", "send d"]));
        } else {
          // Cut between intent and result: a person is asked, nothing is repeated.
          expect(world.log.events("r1").at(-1)).toMatchObject({ type: "signal.raised", monitor: "unknown-outcome" });
        }
      }
    }
  });

  test("and whose message is found to have arrived goes on without asking", async () => {
    for (let at = 1; at <= 14; at++) {
      const world = await interrupted(at, true, true);
      expect(fold("r1", await world.log.read("r1")).status).toBe("finished");
    }
  });

  test("by a person ends at once: nothing happens after the stop", async () => {
    const controller = new AbortController();
    const slow = defineTool({
      name: "slow",
      description: "takes long",
      effect: "read",
      args: z.object({}),
      run: async (_, { signal }) => {
        const { seq } = fold("r1", await world.log.read("r1"));
        await world.log.append("r1", seq, [{ type: "run.stopped", reason: "enough", by: "test" }]);
        controller.abort();
        signal.throwIfAborted();
        return said("never");
      },
    });
    const world: World = createWorld({ script: script(decide("slow"), decide("look", { what: "a" })), tools: [slow] });
    await begin(world);
    await world.work("r1", controller.signal);
    expect(world.log.events("r1").at(-1)).toMatchObject({ type: "run.stopped" });
    expect(await world.work("r1")).toBe("over");
    expect(world.effects).toEqual([]);
  });
});

describe("children", () => {
  test("report back as events, and the parent waits for them", async () => {
    const world = createWorld({
      script: (run, step) => {
        if (run === "r1")
          return (
            [decide("spawn", { goal: "look around", steps: 3 }), decide("wait"), decide("finish", { summary: "both" })][
              step - 1
            ] ?? decide("wait")
          );
        return [decide("look", { what: run })][step - 1] ?? decide("finish", { summary: "seen" });
      },
    });
    await begin(world);
    expect(await world.work("r1")).toBe("waiting");
    await world.drain();
    expect(world.effects).toEqual(["look child-1"]);
    expect(world.log.events("r1").at(-1)).toMatchObject({ type: "run.finished", summary: "both" });
    expect(world.log.events("r1")).toContainEqual(
      expect.objectContaining({ type: "child.finished", result: "seen", steps: 2 }),
    );
  });

  test("never spend more than the parent has, however they are spawned", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 12 }),
        fc.integer({ min: 1, max: 40 }),
        async (asked, steps) => {
          const world = createWorld({
            script: (run, step) => {
              if (run !== "r1") return decide("look", { what: `${run} ${step}` });
              const next = asked[step - 1];
              return next === undefined
                ? decide(step % 2 ? "wait" : "look", { what: String(step) })
                : decide("spawn", { goal: "look around", steps: next });
            },
          });
          await begin(world, { budget: { ...started().budget, steps } });
          await world.work("r1");
          await world.drain();
          const proposed = [...world.log.runs.values()]
            .flat()
            .filter(({ event }) => event.type === "step.proposed").length;
          expect(proposed).toBeLessThanOrEqual(steps);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("are begun once, even when the parent is cut off while beginning them", async () => {
    for (let at = 1; at <= 6; at++) {
      for (const written of [true, false]) {
        const world = createWorld({
          script: (run, step) =>
            run === "r1"
              ? ([decide("spawn", { goal: "look around", steps: 3 }), decide("wait")][step - 1] ??
                decide("finish", { summary: "s" }))
              : decide("finish", { summary: "c" }),
        });
        await begin(world);
        world.log.cut = { at: at + 1, written };
        await world.work("r1").catch(() => {});
        await world.work("r1");
        await world.drain();
        const begun = world.log.events("r1").filter((e: RunEvent) => e.type === "child.started");
        expect(begun).toHaveLength(1);
        expect(fold("r1", await world.log.read("r1")).status).toBe("finished");
      }
    }
  });
});
