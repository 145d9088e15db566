import { describe, expect, test } from "vitest";
import { compile } from "../compile.ts";
import { dataOf, numbersOf } from "../dtype.ts";
import { gradients } from "../gradients/gradients.ts";
import { argmax, cast, erf, greater, mul, random, scatterAdd, sum, topK } from "../ops/index.ts";
import { evaluate } from "../reference/evaluate.ts";
import { Runner } from "../runtime/runner.ts";
import { constant, input, type Tensor } from "../tensor.ts";
import { draw, samples, uniforms } from "../testing/samples.ts";

/** On ONNX Runtime in float32 and by the reference in float64. */
async function both(
  outputs: Record<string, Tensor>,
  feeds: Record<string, Float64Array>,
): Promise<[Float64Array, Float64Array][]> {
  const runner = await Runner.load(compile({ outputs }), { threads: 1 });
  const found = await runner.run(feeds);
  await runner.release();
  const wanted = evaluate(
    Object.values(outputs),
    Object.fromEntries(Object.entries(feeds).map(([name, data]) => [name, dataOf("float32", data)])),
  );
  return Object.keys(outputs).map((name, n) => [
    numbersOf(found[name] ?? new Float32Array()),
    wanted[n] as Float64Array,
  ]);
}

function expectClose([found, wanted]: [Float64Array, Float64Array]): void {
  expect(found.length).toBe(wanted.length);
  for (const [n, value] of wanted.entries())
    expect(Math.abs((found[n] as number) - value)).toBeLessThan(3e-4 * (1 + Math.abs(value)));
}

describe("ONNX Runtime agrees with the reference, in value and gradient", () => {
  test.each(samples({ a: 3, b: 4, c: 2 }, 5).map((sample) => [sample.name, sample] as const))(
    "%s",
    async (_, sample) => {
      const uniform = uniforms(8);
      const inputs = sample.operands.map(({ shape }, n) => input(`x${n}`, shape));
      const value = sample.build(...inputs);
      const weights = constant(draw({ shape: value.shape }, uniform), value.shape);
      const grads = gradients(sum(mul(value, weights)), inputs);
      const outputs = { value, ...Object.fromEntries(grads.map((grad, n) => [`grad${n}`, grad])) };
      const feeds = Object.fromEntries(sample.operands.map((operand, n) => [`x${n}`, draw(operand, uniform)]));
      const used = Object.fromEntries(Object.entries(feeds).filter(([name]) => name in compile({ outputs }).inputs));
      for (const pair of await both(outputs, used)) expectClose(pair);
    },
  );
});

test("places and random numbers are the same in both, to the bit", async () => {
  const x = input("x", [3, 5]);
  const { values, indices } = topK(x, 2);
  const outputs = {
    values,
    indices,
    best: argmax(x, 0),
    random: random(constant(12_345, [], "int64"), [1_000]),
    other: random(cast(sum(mul(x, 0)), "int64"), [7]),
    mask: greater(x, 0),
  };
  const uniform = uniforms(1);
  for (const [found, wanted] of await both(outputs, {
    x: Float64Array.from({ length: 15 }, () => Math.fround(uniform() - 0.5)),
  }))
    expect(found).toEqual(wanted);
});

test("random numbers are uniform", () => {
  const [drawn] = evaluate([random(constant(7, [], "int64"), [20_000])]);
  const numbers = drawn as Float64Array;
  const average = numbers.reduce((total, value) => total + value, 0) / numbers.length;
  expect(Math.abs(average - 0.5)).toBeLessThan(0.01);
  for (let tenth = 0; tenth < 10; tenth++) {
    const share = numbers.filter((value) => Math.floor(value * 10) === tenth).length / numbers.length;
    expect(Math.abs(share - 0.1)).toBeLessThan(0.01);
  }
});

test("the reference's error function has float64's precision", () => {
  // Values of Wolfram's Erf to 16 digits.
  const known: [number, number][] = [
    [0.1, 0.1124629160182849],
    [0.5, 0.5204998778130465],
    [1, 0.8427007929497149],
    [2, 0.9953222650189527],
    [3, 0.9999779095030014],
    [4, 0.9999999845827421],
  ];
  const [found] = evaluate([
    erf(
      constant(
        known.map(([x]) => x),
        [known.length],
        "float64",
      ),
    ),
  ]);
  for (const [n, [, value]] of known.entries()) expect(Math.abs((found?.[n] ?? 0) - value)).toBeLessThan(2e-15);
});

test("threads that add to one place lose nothing", async () => {
  const [rows, width, places] = [1024, 384, 16];
  const updates = input("updates", [rows, width]);
  const summed = scatterAdd([places, width], input("places", [rows], "int64"), updates);
  const runner = await Runner.load(compile({ outputs: { summed } }), { threads: 2 });
  const feeds = {
    updates: new Float32Array(rows * width).fill(1),
    places: Int32Array.from({ length: rows }, (_, n) => n % places),
  };
  for (let round = 0; round < 60; round++) {
    const { summed: found } = await runner.run(feeds);
    expect(numbersOf(found ?? new Float32Array()).every((value) => value === rows / places)).toBe(true);
  }
  await runner.release();
});
