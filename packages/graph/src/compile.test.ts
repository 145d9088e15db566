import { describe, expect, test } from "vitest";
import { compile } from "./compile.ts";
import { gradients } from "./gradients/gradients.ts";
import { add, crossEntropy, erf, gather, matmul, mul, reshape, sub, sum, tanh, tap } from "./ops/index.ts";
import { Runner } from "./runtime/runner.ts";
import { Session } from "./runtime/session.ts";
import { constant, input } from "./tensor.ts";

/** A table that learns which class each row has. */
function table() {
  const w = input("w", [3, 4]);
  const ids = input("ids", [3], "int64");
  const targets = input("targets", [3], "int64");
  const loss = crossEntropy(gather(w, ids), targets);
  const [grad] = gradients(loss, [w]);
  return compile({ outputs: { loss }, state: { w: sub(w, mul(grad as NonNullable<typeof grad>, 5)) } });
}

const feeds = { ids: [0, 1, 2], targets: [3, 1, 0] };

describe("a session", () => {
  test("keeps its state from run to run, in a thread of its own", async () => {
    await using session = await Session.create(table(), { threads: 1 });
    const losses: number[] = [];
    for (let step = 0; step < 60; step++) losses.push(Number((await session.run(feeds)).loss?.[0]));
    expect(losses[0]).toBeCloseTo(Math.log(4), 5);
    expect(losses.at(-1)).toBeLessThan(0.02);
    const learnt = await session.state("w");
    expect(learnt.length).toBe(12);
    await session.setState("w", new Float32Array(12));
    expect((await session.run(feeds)).loss?.[0]).toBeCloseTo(Math.log(4), 5);
    expect(session.bytes).toBe(2 * 48 + 2 * 24 + 4);
  });

  test("keeps inputs that it was told to hold, until they are given anew", async () => {
    const program = compile({ outputs: { product: mul(input("a", [2]), input("b", [2])) } });
    await using session = await Session.create(program, { threads: 1 });
    await session.hold({ a: [2, 3] });
    const product = async (feeds: Record<string, number[]>) => [...((await session.run(feeds)).product ?? [])];
    expect(await product({ b: [1, 1] })).toEqual([2, 3]);
    expect(await product({ b: [5, 5] })).toEqual([10, 15]);
    await session.hold({ a: [1, 1] });
    expect(await product({ b: [5, 5] })).toEqual([5, 5]);
    await expect(session.run({})).rejects.toThrow("input b is not given");
    await expect(session.hold({ c: [1] })).rejects.toThrow("there is no input c");
  });

  test("has no run left once its runner was released, however often that was", async () => {
    const runner = await Runner.load(table(), { threads: 1 });
    await runner.run(feeds);
    await runner.release();
    await runner.release();
    await expect(runner.run(feeds)).rejects.toThrow("the session has ended");
  });

  test("gives the same bits for the same seed, whichever thread it is in", async () => {
    const runs = await Promise.all(
      [1, 2].map(async () => {
        await using session = await Session.create(table(), { threads: 1 });
        for (let step = 0; step < 5; step++) await session.run(feeds);
        return session.state("w");
      }),
    );
    const runner = await Runner.load(table(), { threads: 1 });
    for (let step = 0; step < 5; step++) await runner.run(feeds);
    expect(runs[0]).toEqual(runs[1]);
    expect(runner.state("w")).toEqual(runs[0]);
    await runner.release();
  });

  test("is cancelled in the middle of a run", async () => {
    const x = input("x", [700, 700]);
    let y = x;
    for (let n = 0; n < 60; n++) y = tanh(matmul(y, x));
    const session = await Session.create(compile({ outputs: { y } }), { threads: 1 });
    const running = session.run({ x: new Float32Array(490_000) });
    const told = expect(running).rejects.toThrow("the session was cancelled");
    const gone = session.cancel();
    await told;
    await gone;
    await expect(session.run({ x: [] })).rejects.toThrow("the session was cancelled");
  });

  test("says which input is wrong", async () => {
    await using session = await Session.create(table());
    await expect(session.run({ ids: [0, 1], targets: [0, 0, 0] })).rejects.toThrow(
      "ids is int64[3]: 3 elements, not 2",
    );
    await expect(session.run({ ids: [0, 1, 2] })).rejects.toThrow("input targets is not given");
    await expect(session.run({ ...feeds, more: [1] })).rejects.toThrow(
      "there is no input more; there are ids, targets",
    );
    await expect(session.state("v")).rejects.toThrow("there is no state v");
    await expect(session.run({ ...feeds, ids: [0, 1, 9] })).rejects.toThrow(/the run failed: .*Gather/);
    expect((await session.run(feeds)).loss?.[0]).toBeGreaterThan(0);
  });
});

test("a type for which ONNX Runtime has no kernel is refused in one line that says what to do", async () => {
  const x = input("x", [2], "float64");
  await expect(Session.create(compile({ outputs: { y: erf(x) } }))).rejects.toThrow(
    /^ONNX Runtime has no kernel for Erf of this type; evaluate\(\) runs such a graph, in float64$/,
  );
  await using session = await Session.create(compile({ outputs: { y: tanh(x) } }));
  expect((await session.run({ x: [0, 1] })).y).toEqual(Float64Array.of(0, Math.tanh(1)));
});

describe("taps", () => {
  const x = input("x", [2, 2]);
  const inner = tap("inner", tanh(x));
  const y = tap("outer", matmul(inner, constant([1, 2, 3, 4], [2, 2])));
  const total = sum(y);
  const run = async (taps: Parameters<typeof compile>[1], feeds: Record<string, number[]>) => {
    const runner = await Runner.load(compile({ outputs: { total } }, taps), { threads: 1 });
    const values = await runner.run(feeds);
    await runner.release();
    return values;
  };

  test("cost nothing unless asked for, and read what flows on", async () => {
    expect(compile({ outputs: { total } }).model.length).toBe(
      compile({ outputs: { total: sum(matmul(tanh(x), constant([1, 2, 3, 4], [2, 2]))) } }).model.length,
    );
    const { inner: read } = await run({ read: ["inner"] }, { x: [0.5, 0, 0, 1] });
    expect(read?.[0]).toBeCloseTo(Math.tanh(0.5), 6);
  });

  test("replace a value, add to it, and read the result", async () => {
    const replaced = await run({ replace: ["inner"], read: ["inner", "outer"] }, { "replace:inner": [1, 0, 0, 1] });
    expect([...(replaced.outer ?? [])]).toEqual([1, 2, 3, 4]);
    const added = await run({ add: ["outer"], read: ["outer"] }, { x: [0, 0, 0, 0], "add:outer": [1, 1, 1, 2] });
    expect([...(added.outer ?? [])]).toEqual([1, 1, 1, 2]);
    expect(added.total?.[0]).toBe(5);
    const patched = await run(
      { patch: ["outer"], read: ["outer"] },
      { x: [0, 0, 0, 0], "where:outer": [0, 1, 0, 0], "value:outer": [7, 8, 9, 9] },
    );
    expect([...(patched.outer ?? [])]).toEqual([0, 8, 0, 0]);
  });

  test("that do not exist are named", () => {
    expect(() => compile({ outputs: { total } }, { read: ["nowhere"] })).toThrow(
      /tap: there is no nowhere; there are inner, outer/,
    );
    expect(() => compile({ outputs: { y: add(tap("two", x), tap("two", x)) } }, { read: ["two"] })).toThrow(
      "two places are named two",
    );
  });
});

describe("a wrong graph is an error that names the operation, both shapes and the line that built it", () => {
  test.each([
    [
      () => matmul(input("a", [4, 3]), input("b", [5, 2])),
      /^matmul: \[4, 3\] by \[5, 2\]: 3 and 5 differ \(built at .*compile\.test\.ts:\d+\)$/,
    ],
    [
      () => add(input("a", [4, 3]), input("b", [4])),
      /^add: \[4, 3\] and \[4\] do not broadcast \(built at .*compile\.test\.ts:\d+\)$/,
    ],
    [() => add(input("a", [4]), input("b", [4], "int64")), /^add: float32\[4\] and int64\[4\] differ in type/],
    [() => reshape(input("a", [4, 3]), [5, -1]), /^reshape: the 12 elements of \[4, 3\] do not fill \[5, -1\]/],
    [() => compile({ outputs: {}, state: { w: input("v", [1]) } }), /^compile: state w is no input of the graph/],
  ])("%#", (wrong, message) => {
    expect(wrong).toThrow(message);
  });
});
