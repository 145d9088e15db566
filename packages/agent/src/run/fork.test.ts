import { expect, test } from "vitest";
import { createWorld, decide, started } from "./fixture.ts";
import { forkRun } from "./fork.ts";
import { fold } from "./state.ts";

const world = () =>
  createWorld({
    script: (run, step) =>
      [
        decide("look", { what: `${run} ${step}` }),
        decide("send", { what: "hello" }),
        decide("look", { what: `${run} ${step}` }),
      ][step - 1] ?? decide("finish", { summary: run }),
  });

test("a fork replays up to a step without doing anything again, and goes on from there with what is changed", async () => {
  const original = world();
  await original.log.append("a", 0, [started()]);
  await original.work("a");
  const before = original.effects.length;
  await forkRun(original.log, "a", 2, "b", { budget: { steps: 9 }, permissions: { preset: "watch" } });
  expect(original.log.events("b")[0]).toMatchObject({
    forkOf: { run: "a", step: 2 },
    budget: { steps: 9 },
    permissions: { preset: "watch" },
  });
  expect(await original.work("b")).toBe("over");
  expect(original.effects.slice(before)).toEqual(["look b 3"]);
  expect(original.log.events("b").at(-1)).toMatchObject({ type: "run.finished", summary: "b" });
});

test("a fork of step 0 keeps only the start, and a step that never was is refused", async () => {
  const original = world();
  await original.log.append("a", 0, [started()]);
  await original.work("a");
  await forkRun(original.log, "a", 0, "b", {});
  expect(original.log.events("b")).toHaveLength(1);
  await expect(forkRun(original.log, "a", 99, "c", {})).rejects.toThrow("has no step 99");
});

test("a step that was approved and not begun is judged by the fork's own permissions", async () => {
  const original = createWorld({ script: () => decide("send", { what: "hello" }), judge: () => "ask" });
  await original.log.append("a", 0, [started()]);
  await original.work("a");
  const { seq, steps } = fold("a", await original.log.read("a"));
  const argsHash = steps[0]?.argsHash ?? "";
  await original.log.append("a", seq, [
    { type: "approval.answered", step: 1, argsHash, answer: "approve", message: "", by: "test" },
  ]);
  await forkRun(original.log, "a", 1, "b", {});
  expect(await original.work("b")).toBe("waiting");
  expect(original.effects).toEqual([]);
});

test("a fork of a child is nobody's child", async () => {
  const original = world();
  await original.log.append("a", 0, [started({ parent: { run: "p", step: 1 } })]);
  await forkRun(original.log, "a", 0, "b", { version: "2", isolation: "all" });
  expect(original.log.events("b")[0]).not.toHaveProperty("parent");
  expect(original.log.events("b")[0]).toMatchObject({ version: "2", isolation: "all" });
});
