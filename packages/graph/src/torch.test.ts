/** Values, gradients and optimisers against PyTorch's (`../fixtures/make.py`). */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { compile } from "./compile.ts";
import { numbersOf } from "./dtype.ts";
import { gradients } from "./gradients/gradients.ts";
import { add, mul, sin, sum } from "./ops/index.ts";
import { adamW } from "./optimisers/adamw.ts";
import { muon } from "./optimisers/muon.ts";
import type { OptimiserState, Parameter } from "./optimisers/parameter.ts";
import { sgd } from "./optimisers/sgd.ts";
import { evaluate } from "./reference/evaluate.ts";
import { Runner } from "./runtime/runner.ts";
import { constant, input, type Tensor } from "./tensor.ts";
import { samples } from "./testing/samples.ts";

const numbers = z.array(z.number());
const fixtures = z
  .object({
    samples: z.array(
      z.object({
        name: z.string(),
        operands: z.array(z.object({ shape: numbers, data: numbers })),
        value: numbers,
        grads: z.array(numbers),
      }),
    ),
    optimisers: z.record(z.enum(["adamw", "sgd", "nesterov", "muon"]), z.array(numbers)),
  })
  .parse(JSON.parse(readFileSync(new URL("../fixtures/torch.json", import.meta.url), "utf8")));

function expectClose(found: ArrayLike<number>, wanted: readonly number[], tolerance: number): void {
  expect(found.length).toBe(wanted.length);
  for (const [n, value] of wanted.entries())
    expect(Math.abs((found[n] as number) - value)).toBeLessThanOrEqual(tolerance * (1 + Math.abs(value)));
}

describe("values and gradients are PyTorch's", () => {
  const known = new Map(samples({ a: 3, b: 4, c: 2 }, 5).map((sample) => [sample.name, sample]));
  test.each(fixtures.samples.map((fixture) => [fixture.name, fixture] as const))("%s", (name, fixture) => {
    const operands = fixture.operands.map(({ shape }, n) => input(`x${n}`, shape, "float64"));
    const value = known.get(name)?.build(...operands) as Tensor;
    const weights = constant(
      Array.from({ length: value.size }, (_, n) => Math.sin(n + 1)),
      value.shape,
      "float64",
    );
    const grads = gradients(sum(mul(value, weights)), operands);
    const feeds = Object.fromEntries(fixture.operands.map(({ data }, n) => [`x${n}`, data]));
    const [found, ...foundGrads] = evaluate([value, ...grads], feeds);
    expectClose(found ?? [], fixture.value, 1e-8);
    for (const [n, grad] of fixture.grads.entries()) expectClose(foundGrads[n] ?? [], grad, 1e-8);
  });
});

describe("five steps are PyTorch's", () => {
  const rate = constant(0.1);
  const optimisers: [keyof typeof fixtures.optimisers, (parameters: Parameter[]) => OptimiserState, number][] = [
    ["adamw", (parameters) => adamW(parameters, { rate, beta2: 0.99, epsilon: 1e-3, weightDecay: 0.1 }), 1e-5],
    ["sgd", (parameters) => sgd(parameters, { rate, momentum: 0.9, weightDecay: 0.1 }), 1e-5],
    ["nesterov", (parameters) => sgd(parameters, { rate, momentum: 0.9, nesterov: true }), 1e-5],
    // PyTorch makes matrices orthogonal in bfloat16.
    ["muon", (parameters) => muon(parameters, { rate, weightDecay: 0.1 }), 2e-2],
  ];
  test.each(optimisers)("%s", async (name, optimise, tolerance) => {
    // Muon takes matrices as [in, out], PyTorch as [out, in].
    const shapes =
      name === "muon"
        ? [
            [4, 3],
            [3, 4],
          ]
        : [
            [3, 4],
            [4, 3],
          ];
    const step = input("step", []);
    const parameters = shapes.map((shape, n): Parameter => {
      const value = input(`p${n}`, shape);
      return { name: `p${n}`, value, grad: sin(add(value, step)), decayed: true };
    });
    const { state } = optimise(parameters);
    const runner = await Runner.load(compile({ outputs: { norm: sum(step) }, state }), { threads: 1 });
    const turned = (data: ArrayLike<number>, rows: number): number[] =>
      name === "muon"
        ? Array.from(
            { length: data.length },
            (_, n) => data[(n % rows) * (data.length / rows) + Math.floor(n / rows)] as number,
          )
        : Array.from(data);
    const irregular = (from: number): number[] => Array.from({ length: 12 }, (_, n) => Math.sin(0.7 * (from + n) ** 2));
    runner.setState("p0", turned(irregular(0), 3));
    runner.setState("p1", turned(irregular(12), 4));
    for (let n = 0; n < 5; n++) await runner.run({ step: [n] });
    for (const [n, wanted] of fixtures.optimisers[name].entries())
      expectClose(numbersOf(runner.state(`p${n}`)), turned(wanted, n === 0 ? 3 : 4), tolerance);
    await runner.release();
  });

  test("TensorFlow's place of epsilon moves less at first", () => {
    const moved = (form: "pytorch" | "tensorflow"): number => {
      const value = input("p", [1], "float32");
      const { state } = adamW([{ name: "p", value, grad: constant([0.01]), decayed: false }], {
        rate,
        epsilon: 1e-3,
        form,
      });
      const zeros = { p: [0], "adamw:m:p": [0], "adamw:v:p": [0], "adamw:steps": [0] };
      return evaluate([state.p as Tensor], zeros)[0]?.[0] ?? Number.NaN;
    };
    // lr * m / (sqrt(v) + eps): 0.1 * 0.01 / (0.01 + 0.001), and with the raw root 0.01 * sqrt(0.001).
    expect(moved("pytorch")).toBeCloseTo(-0.1 / 1.1, 5);
    expect(moved("tensorflow")).toBeCloseTo((-0.1 * Math.sqrt(0.001) * 0.01) / (0.01 * Math.sqrt(0.001) + 0.001), 5);
  });
});
