import type { Warden } from "@candor/agent";
import { EVERY_RUN } from "@candor/oversight";
import { expect, test } from "vitest";
import { Supervisor } from "./supervisor.ts";

/** Works until it is cut off. */
function endless(acting: ReadonlySet<string> = new Set()): { supervisor: Supervisor; cut: string[] } {
  const cut: string[] = [];
  const warden: Warden = {
    work: (run, signal) =>
      new Promise((resolve) => {
        signal.addEventListener("abort", () => {
          cut.push(run);
          resolve("aborted");
        });
      }),
    isActing: (run) => acting.has(run),
    misfit: async () => undefined,
  };
  return { supervisor: new Supervisor(warden, async () => {}), cut };
}

test("a thousand descendants are cut off in the same turn, and nobody else", async () => {
  const { supervisor, cut } = endless();
  const children = Array.from({ length: 1_000 }, (_, n) => `child-${n}`);
  const done = [
    supervisor.work(["root"]),
    ...children.map((child, n) => supervisor.work(n % 2 === 0 ? [child, "root"] : [child, "child-0", "root"])),
  ];
  void supervisor.work(["other"]);
  void supervisor.work(["other-child", "other"]);
  expect(supervisor.abortUnder("root").toSorted()).toEqual(["root", ...children].toSorted());
  expect(cut).toHaveLength(1_001);
  await Promise.all(done);
  expect(supervisor.isWorking("root")).toBe(false);
  expect(supervisor.isWorking("other-child")).toBe(true);
  expect(supervisor.abortUnder("root")).toEqual([]);
  expect(supervisor.abortUnder(EVERY_RUN)).toEqual(["other", "other-child"]);
});

test("under a latch what acts is cut off in the same turn, the rest in the next, and each once", async () => {
  const { supervisor, cut } = endless(new Set(["child-3", "child-7"]));
  const children = Array.from({ length: 10 }, (_, n) => `child-${n}`);
  const done = children.map((child) => supervisor.work([child, "root"]));
  expect(supervisor.abortLatched("root")).toEqual(children);
  expect(cut).toEqual(["child-3", "child-7"]);
  expect(supervisor.abortLatched("root")).toEqual([]);
  await Promise.all(done);
  expect(cut.toSorted()).toEqual(children);
});
