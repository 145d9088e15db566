import type { Worker } from "node:worker_threads";
import { afterEach, describe, expect, it } from "vitest";
import { add, gather, matmul, mul, sum } from "../ops/index.ts";
import { compileParallel } from "../parallel.ts";
import { input, type Tensor } from "../tensor.ts";
import { ParallelSession } from "./parallel-session.ts";

/** Each of two threads sums its half of x; then one moves `total` by both and the other counts. */
function halves() {
  const x = (half: number): Tensor => input(`x${half}`, [3]);
  const both = add(input("part0", []), input("part1", []));
  const [total, count] = [input("total", []), input("count", [])];
  return compileParallel([
    [{ part0: sum(x(0)) }, { part1: sum(x(1)) }],
    [{ "total'": add(total, both), before: total }, { "count'": add(count, 1) }],
  ]);
}

let session: ParallelSession | undefined;
afterEach(async () => {
  await session?.close();
  session = undefined;
});

describe("a parallel session", () => {
  it("tells inputs, outputs and state by the names under which programs meet", () => {
    const { inputs, outputs, state, between } = halves();
    const names = [inputs, outputs, state, between].map((specs) => Object.keys(specs).toSorted());
    expect(names).toEqual([["x0", "x1"], ["before"], ["count", "total"], ["part0", "part1"]]);
  });

  it("moves a state that every stage saw as it was before", async () => {
    session = await ParallelSession.create(halves());
    await session.setState("total", [100]);
    const seen: number[] = [];
    for (let run = 1; run <= 3; run++) {
      const { before } = await session.run({ x0: [1, 2, 3], x1: [run, 0, 0] });
      seen.push(Number(before?.[0]));
    }
    expect(seen).toEqual([100, 107, 115]);
    expect([await session.state("total"), await session.state("count")].map((values) => values[0])).toEqual([124, 3]);
  });

  it("keeps inputs that it was told to hold", async () => {
    session = await ParallelSession.create(halves());
    await session.hold({ x0: [1, 2, 3] });
    for (const x1 of [
      [1, 0, 0],
      [2, 0, 0],
    ])
      await session.run({ x1 });
    expect([...(await session.state("total"))]).toEqual([15]);
  });

  it("moves the state of another session, in turn with it", async () => {
    const step = (count: number) => {
      const own = (half: number): Tensor => input(`x${half}`, [count]);
      return compileParallel([
        [{ part0: sum(own(0)) }, { part1: sum(own(1)) }],
        [
          { "total'": add(input("total", []), add(input("part0", []), input("part1", []))) },
          { none: mul(input("part0", []), 0) },
        ],
      ]);
    };
    session = await ParallelSession.create(step(3));
    await using other = await ParallelSession.create(step(1), { sharing: session });
    await session.setState("total", [100]);
    await Promise.all([session.run({ x0: [1, 2, 3], x1: [0, 0, 0] }), other.run({ x0: [10], x1: [20] })]);
    await session.run({ x0: [1, 0, 0], x1: [0, 0, 1] });
    expect([(await session.state("total"))[0], (await other.state("total"))[0]]).toEqual([138, 138]);
    await expect(ParallelSession.create(halves(), { sharing: session })).rejects.toThrow("has another state");
  });

  it("leaves the state as it was when a thread fails, and goes on", async () => {
    const table = input("table", [2, 2]);
    const rows = gather(table, input("row", [1], "int64"));
    session = await ParallelSession.create(
      compileParallel([
        [{ row0: sum(rows) }, { other: mul(input("table", [2, 2]), 2) }],
        [{ "table'": add(table, input("row0", [])) }, { again: matmul(input("other", [2, 2]), table) }],
      ]),
    );
    await session.setState("table", [1, 2, 3, 4]);
    await expect(session.run({ row: [7] })).rejects.toThrow(/the run failed: .*7/);
    expect([...(await session.state("table"))]).toEqual([1, 2, 3, 4]);
    await session.run({ row: [0] });
    expect([...(await session.state("table"))]).toEqual([4, 5, 6, 7]);
  });

  it("refuses inputs that do not fit, and work after its end", async () => {
    session = await ParallelSession.create(halves());
    await expect(session.run({ x0: [1, 2, 3] })).rejects.toThrow("input x1 is not given");
    await expect(session.run({ x0: [1], x1: [1, 2, 3] })).rejects.toThrow("x0 is float32[3]: 3 elements, not 1");
    await expect(session.state("sum")).rejects.toThrow("there is no state sum");
    await session.close();
    await expect(session.run({ x0: [1, 2, 3], x1: [1, 2, 3] })).rejects.toThrow("the session has ended");
  });

  it("tells whoever waits at once that it was cancelled, and ends its threads", async () => {
    const [a, b] = [input("a", [600, 600]), input("b", [600, 600])];
    let [left, right] = [a, b];
    for (let n = 0; n < 40; n++) [left, right] = [matmul(left, a), matmul(right, b)];
    session = await ParallelSession.create(compileParallel([[{ left }, { right }]]));
    const feeds = { a: new Float32Array(360_000), b: new Float32Array(360_000) };
    const running = session.run(feeds);
    running.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const ended = session.cancel();
    await expect(running).rejects.toThrow("the session was cancelled");
    await ended;
    await expect(session.run(feeds)).rejects.toThrow("the session was cancelled");
  });

  it("does not wait for a thread that is gone, nor let the others wait for it", async () => {
    const workers: Worker[] = [];
    const note = (worker: Worker): unknown => workers.push(worker);
    process.on("worker", note);
    const [a, b] = [input("a", [600, 600]), input("b", [2, 2])];
    let left = a;
    for (let n = 0; n < 20; n++) left = matmul(left, a);
    session = await ParallelSession.create(
      compileParallel([
        [{ left }, { right: matmul(b, b) }],
        [{ more: sum(a) }, { less: sum(b) }],
      ]),
    );
    process.off("worker", note);
    const running = session.run({ a: new Float32Array(360_000), b: [1, 2, 3, 4] });
    const failed = expect(running).rejects.toThrow("a thread of the session has ended");
    // The second has done its part, waits for the first, and would be waited for after the next.
    await new Promise((resolve) => setTimeout(resolve, 20));
    await workers[1]?.terminate();
    await failed;
    await session.close();
    expect(workers.map((worker) => worker.threadId)).toEqual([-1, -1]);
  });
});

describe("stages that do not fit", () => {
  const x = input("x", [2]);
  it.each([
    ["a name given twice", [[{ y: mul(x, 2) }, { y: mul(x, 3) }]], "y is given twice"],
    [
      "a value read in the stage that gives it",
      [[{ y: mul(x, 2) }, { z: mul(input("y", [2]), 2) }]],
      "y is read before",
    ],
    ["another shape", [[{ y: mul(x, 2) }], [{ z: mul(input("y", [3]), 2) }]], "y is of two shapes: [2] and [3]"],
    ["threads that come and go", [[{ y: mul(x, 2) }], [{ z: x }, { w: x }]], "stage 1 is for 2 threads, not 1"],
  ] as [string, Record<string, Tensor>[][], string][])("%s", (_, stages, message) => {
    expect(() => compileParallel(stages)).toThrow(message);
  });
});
