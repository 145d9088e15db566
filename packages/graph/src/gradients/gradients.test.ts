import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  add,
  crossEntropy,
  erf,
  exp,
  gelu,
  layerNorm,
  matmul,
  mul,
  sin,
  softmax,
  square,
  stopGradient,
  sum,
  tanh,
} from "../ops/index.ts";
import { evaluate } from "../reference/evaluate.ts";
import { constant, input, type Tensor } from "../tensor.ts";
import { draw, type Sample, samples, uniforms } from "../testing/samples.ts";
import { gradients } from "./gradients.ts";

/** Central differences of order four; what is left is about 1e-9 of the values here. */
const STEP = 1e-3;

interface Checked {
  loss: Tensor;
  inputs: Tensor[];
  values: Float64Array[];
}

function check({ loss, inputs, values }: Checked): void {
  const feeds = Object.fromEntries(inputs.map((_, n) => [`x${n}`, values[n] as Float64Array]));
  const grads = evaluate(gradients(loss, inputs), feeds);
  const at = (n: number, place: number, shift: number): number => {
    const moved = (values[n] as Float64Array).slice();
    moved[place] = (moved[place] as number) + shift;
    return evaluate([loss], { ...feeds, [`x${n}`]: moved })[0]?.[0] ?? Number.NaN;
  };
  for (const [n, grad] of grads.entries())
    for (let place = 0; place < grad.length; place += 1 + Math.floor(grad.length / 12)) {
      const near = at(n, place, STEP) - at(n, place, -STEP);
      const far = at(n, place, 2 * STEP) - at(n, place, -2 * STEP);
      const measured = (8 * near - far) / (12 * STEP);
      expect(Math.abs((grad[place] as number) - measured)).toBeLessThan(1e-6 * (1 + Math.abs(measured)));
    }
}

/** The sample's result, weighted so that no symmetry hides a mistake. */
function lossOf(sample: Sample, seed: number): Checked {
  const uniform = uniforms(seed);
  const inputs = sample.operands.map(({ shape }, n) => input(`x${n}`, shape, "float64"));
  const result = sample.build(...inputs);
  const weights = constant(draw({ shape: result.shape }, uniform), result.shape, "float64");
  return { loss: sum(mul(result, weights)), inputs, values: sample.operands.map((operand) => draw(operand, uniform)) };
}

const extent = fc.integer({ min: 2, max: 4 });

describe("a gradient equals finite differences", () => {
  const names = samples({ a: 2, b: 2, c: 2 }).map(({ name }) => name);
  test.each(names)("%s", (name) => {
    fc.assert(
      fc.property(extent, extent, extent, fc.nat(1e6), (a, b, c, seed) => {
        const sample = samples({ a, b, c }, seed).find((each) => each.name === name) as Sample;
        check(lossOf(sample, seed));
      }),
      { numRuns: 5 },
    );
  });
});

describe("a gradient of a gradient equals finite differences", () => {
  const smooth = [
    "exp",
    "tanh",
    "sigmoid",
    "gelu",
    "gelu by tanh",
    "silu",
    "div",
    "matmul by one matrix",
    "softmax",
    "logSoftmax",
    "layerNorm",
    "rmsNorm",
    "conv2d by strides",
    "gather",
    "einsum of attention",
  ];
  test.each(smooth)("%s", (name) => {
    const sample = samples({ a: 2, b: 3, c: 2 }, 4).find((each) => each.name === name) as Sample;
    const { loss, inputs, values } = lossOf(sample, 11);
    const [first] = gradients(loss, inputs);
    const uniform = uniforms(3);
    const weights = constant(draw({ shape: (first as Tensor).shape }, uniform), (first as Tensor).shape, "float64");
    check({ loss: sum(mul(square(first as Tensor), weights)), inputs, values });
  });
});

describe("gradients", () => {
  test("reach parameters through a network, and activations inside it", () => {
    const x = input("x0", [3, 4], "float64");
    const w = input("x1", [4, 5], "float64");
    const weight = input("x2", [5], "float64");
    const inner = gelu(matmul(x, w));
    const outer = layerNorm(add(inner, sin(inner)), weight);
    const loss = crossEntropy(outer, constant([1, 4, 0], [3], "int64"));
    const uniform = uniforms(2);
    check({ loss, inputs: [x, w, weight], values: [x, w, weight].map(({ shape }) => draw({ shape }, uniform)) });
    expect(gradients(loss, [inner])[0]?.shape).toEqual([3, 5]);
  });

  test("are zeros where nothing depends on a tensor, or where they are stopped", () => {
    const x = input("x", [2], "float64");
    const y = input("y", [2], "float64");
    const loss = sum(mul(exp(x), stopGradient(tanh(y))));
    const [dx, dy] = evaluate(gradients(loss, [x, y]), { x: [0, 0], y: [1, 1] });
    expect(dx).toEqual(Float64Array.of(Math.tanh(1), Math.tanh(1)));
    expect(dy).toEqual(Float64Array.of(0, 0));
  });

  test("are asked of one number", () => {
    expect(() => gradients(erf(input("x", [2, 3])), [])).toThrow(/gradients: differentiates one number, not \[2, 3\]/);
  });

  test("a tensor that is used twice has the sum of both", () => {
    const x = input("x", [1], "float64");
    const [grad] = evaluate(gradients(sum(mul(softmax(x), square(x))), [x]), { x: [3] });
    expect(grad).toEqual(Float64Array.of(6));
  });
});
