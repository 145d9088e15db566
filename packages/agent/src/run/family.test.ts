import type { Decision } from "@candor/store";
import { expect, test } from "vitest";
import { z } from "zod";
import { heldUp } from "./family.ts";
import { createWorld, decide, started, type World } from "./fixture.ts";
import { fold } from "./state.ts";
import { defineTool, said } from "./tool.ts";

const begin = (world: World, more = {}) => world.log.append("r1", 0, [started(more)]);
const spawn = decide("spawn", { goal: "look around", steps: 5 });
const parentThen =
  (child: (step: number) => Decision | Error, ...parent: Decision[]) =>
  (run: string, step: number) =>
    run === "r1" ? ([spawn, ...parent][step - 1] ?? decide("finish", { summary: "done" })) : child(step);
const stateOf = async (world: World, run: string) => fold(run, await world.log.read(run));

test("a parent hears of a child's end although the child was cut off before it could tell", async () => {
  for (const told of [false, true]) {
    const world = createWorld({ script: parentThen(() => decide("finish", { summary: "seen" }), decide("wait")) });
    await begin(world);
    await world.work("r1");
    // The append that tells the parent fails: before it was written, or after, and so before the wake-up.
    world.log.cut = { at: world.log.appends + 3, written: told };
    await world.work("child-1").catch(() => {});
    expect((await stateOf(world, "child-1")).status).toBe("finished");
    world.queue.length = 0;
    world.queue.push("child-1");
    await world.drain();
    expect((await stateOf(world, "r1")).status).toBe("finished");
    expect(world.log.events("r1").filter(({ type }) => type === "child.finished")).toHaveLength(1);
  }
});

test("a parent hears that a child needs a person, once for each time, and may go on without it", async () => {
  const world = createWorld({
    script: parentThen(
      () => new Error("nonsense"),
      decide("wait"),
      decide("look", { what: "mine" }),
      decide("finish", { summary: "alone" }),
    ),
  });
  await begin(world);
  await world.work("r1");
  await world.drain();
  await world.work("child-1");
  const parent = await stateOf(world, "r1");
  expect(parent).toMatchObject({ status: "finished", summary: "alone" });
  expect(parent.notices).toContainEqual(
    expect.objectContaining({ from: "child", text: expect.stringContaining("needs a person") }),
  );
  expect(world.log.events("r1").filter((e) => e.type === "signal.raised")).toHaveLength(1);
  // Finishing ended it: nothing of the tree is left at work.
  expect((await stateOf(world, "child-1")).status).toBe("stopped");
  expect(world.log.events("r1").filter(({ type }) => type === "child.finished")).toHaveLength(1);
});

test("a parent goes on when a person answers its child, or stops it", async () => {
  for (const answer of ["approve", "terminate"] as const) {
    const world = createWorld({
      script: parentThen(
        (step) => (step === 1 ? decide("send", { what: "x" }) : decide("finish", { summary: "sent" })),
        decide("wait"),
        decide("wait"),
      ),
      judge: (tool) => (tool === "send" ? "ask" : "allow"),
    });
    await begin(world);
    await world.work("r1");
    await world.drain();
    expect((await stateOf(world, "r1")).status).toBe("running");
    const child = await stateOf(world, "child-1");
    expect(heldUp(child)).toContain("send");
    const argsHash = child.steps[0]?.argsHash ?? "";
    await world.log.append("child-1", child.seq, [
      { type: "approval.answered", step: 1, argsHash, answer, message: "", by: "test" },
    ]);
    world.queue.push("child-1");
    await world.drain();
    expect((await stateOf(world, "r1")).status).toBe("finished");
    expect(world.effects).toEqual(answer === "approve" ? ["send x"] : []);
  }
});

test("a child whose parent is stopped while it begins never works", async () => {
  const world = createWorld({ script: parentThen(() => decide("look", { what: "late" })) });
  await begin(world);
  const append = world.log.append.bind(world.log);
  world.log.append = async (run, after, events) => {
    if (run === "child-1" && after === 0)
      await append("r1", (await stateOf(world, "r1")).seq, [{ type: "run.stopped", reason: "enough", by: "test" }]);
    return append(run, after, events);
  };
  expect(await world.work("r1")).toBe("over");
  await world.drain();
  expect((await stateOf(world, "child-1")).status).toBe("stopped");
  expect(world.effects).toEqual([]);
});

test("pages set aside for children are not the parent's to read", async () => {
  const open = defineTool({
    name: "open",
    description: "opens",
    effect: "read",
    args: z.object({ url: z.string() }),
    run: async ({ url }) => said(url, { cost: { pages: 1 } }),
  });
  const pages = ["a", "b", "c"].map((name) => decide("open", { url: `http://${name}.example/` }));
  const world = createWorld({ script: parentThen(() => decide("wait"), ...pages), tools: [open] });
  await begin(world, { budget: { ...started().budget, steps: 9, pages: 4 } });
  await world.work("r1");
  const { steps } = await stateOf(world, "r1");
  expect(steps.slice(1, 4).map((step) => step.observation?.status)).toEqual(["ok", "ok", "refused"]);
});
