/** One small graph for each way to use each operation: what tests of gradients, of kernels and of emission go over. */
import * as ops from "../ops/index.ts";
import type { Shape } from "../shape.ts";
import { constant, type Tensor } from "../tensor.ts";

/** How values of an operand are drawn. */
export type Domain = "real" | "positive" | "apart" | "between";

export interface Operand {
  shape: Shape;
  domain?: Domain;
}

export interface Sample {
  name: string;
  operands: readonly Operand[];
  build: (...operands: readonly Tensor[]) => Tensor;
}

/** Extents small enough for finite differences. */
export interface Extents {
  a: number;
  b: number;
  c: number;
}

const ints = (values: readonly number[], shape: Shape): Tensor => constant(values, shape, "int64");

/** @param seed chooses indices */
export function samples({ a, b, c }: Extents, seed = 0): Sample[] {
  const one = (name: string, build: (x: Tensor) => Tensor, domain: Domain = "real"): Sample => ({
    name,
    operands: [{ shape: [a, b, c], domain }],
    build: (x) => build(x as Tensor),
  });
  const two = (
    name: string,
    left: Shape,
    right: Shape,
    build: (x: Tensor, y: Tensor) => Tensor,
    domain: Domain = "real",
  ): Sample => ({
    name,
    operands: [
      { shape: left, domain },
      { shape: right, domain: domain === "apart" ? "between" : domain },
    ],
    build: (x, y) => build(x as Tensor, y as Tensor),
  });
  const pick = (n: number, extent: number): number => (seed + 7 * n + 3 * n * n) % extent;
  const indices = (shape: Shape, extent: number): Tensor => {
    const size = shape.reduce((product, each) => product * each, 1);
    return ints(
      Array.from({ length: size }, (_, n) => pick(n, extent)),
      shape,
    );
  };
  const image: Shape = [a, 4, 5, 6];
  return [
    one("neg", ops.neg),
    one("exp", ops.exp),
    one("log", ops.log, "positive"),
    one("sqrt", ops.sqrt, "positive"),
    one("tanh", ops.tanh),
    one("erf", ops.erf),
    one("sigmoid", ops.sigmoid),
    one("abs", ops.abs, "apart"),
    one("relu", ops.relu, "apart"),
    one("sin", ops.sin),
    one("cos", ops.cos),
    one("reciprocal", ops.reciprocal, "positive"),
    one("gelu", (x) => ops.gelu(x)),
    one("gelu by tanh", (x) => ops.gelu(x, "tanh")),
    one("silu", ops.silu),
    two("add", [a, b, c], [b, 1], ops.add),
    two("sub", [b, 1], [a, b, c], ops.sub),
    two("mul", [a, 1, c], [b, 1], ops.mul),
    two("div", [a, b, c], [c], ops.div, "positive"),
    two("pow", [a, b], [b], ops.pow, "positive"),
    two("maximum", [a, b], [b], ops.maximum, "apart"),
    two("minimum", [a, b], [a, 1], ops.minimum, "apart"),
    two("where", [a, b], [b], (x, y) => ops.where(ops.less(y, 0), x, ops.mul(y, x)), "apart"),
    two("matmul", [a, b], [b, c], (x, y) => ops.matmul(x, y)),
    two("matmul, both turned", [b, a], [c, b], (x, y) =>
      ops.matmul(x, y, { transposeA: true, transposeB: true, alpha: 0.5 }),
    ),
    two("matmul by one matrix", [2, a, b], [b, c], (x, y) => ops.matmul(x, y)),
    two("matmul by one turned matrix", [2, a, b], [c, b], (x, y) => ops.matmul(x, y, { transposeB: true, alpha: 2 })),
    two("matmul, left turned, by one matrix", [2, b, a], [b, c], (x, y) => ops.matmul(x, y, { transposeA: true })),
    two("matmul of batches that broadcast", [2, 1, a, b], [3, b, c], (x, y) => ops.matmul(x, y)),
    two("einsum of attention", [2, a, 2, c], [2, b, 2, c], (x, y) => ops.einsum("bqhd,bkhd->bhqk", x, y)),
    two("einsum that sums", [a, b], [c, b], (x, y) => ops.einsum("ij,kj->k", x, y)),
    one("sum", (x) => ops.sum(x, [0, 2])),
    one("sum, kept", (x) => ops.sum(x, 1, { keep: true })),
    one("mean", (x) => ops.mean(x, [1, 2], { keep: true })),
    one("max", (x) => ops.max(x, 1), "apart"),
    one("min", (x) => ops.min(x, [0, 2]), "apart"),
    one("topK", (x) => ops.topK(x, 1, 1).values, "apart"),
    one("cumulativeSum", (x) => ops.cumulativeSum(x, 1)),
    one("cumulativeSum, reversed", (x) => ops.cumulativeSum(x, -1, { reverse: true })),
    one("reshape", (x) => ops.reshape(x, [c, -1])),
    one("transpose", (x) => ops.transpose(x, [2, 0, 1])),
    one("broadcast", (x) => ops.broadcastTo(ops.sum(x, 0, { keep: true }), [3, b, c])),
    one("slice", (x) => ops.slice(x, { axis: 0, start: 1 }, { axis: 2, end: -1 })),
    one("slice by steps", (x) => ops.slice(x, { axis: 1, start: 1, step: 2 }, { axis: 0, step: 3 })),
    one("pad", (x) => ops.pad(x, [1, 0, 2], [0, 1, 0])),
    two("concat", [a, b], [a, c], (x, y) => ops.concat([x, y, x], 1)),
    one("split", (x) => ops.mul(...(ops.split(ops.concat([x, x], 1), 2, 1) as [Tensor, Tensor]))),
    one("split, one part of it", (x) => ops.split(ops.concat([x, ops.exp(x)], 2), 2, 2)[1] as Tensor),
    one("gather", (x) => ops.gather(x, indices([2, 3], a))),
    one("gather along the middle", (x) => ops.gather(x, indices([4], b), 1)),
    two("scatterAdd", [2, c], [2, c], (x, y) => ops.mul(ops.scatterAdd([a, c], indices([2], a), x), ops.sum(y))),
    one("takeAlong", (x) => ops.takeAlong(x, indices([a, 2, c], b), 1)),
    one("putAlong", (x) => ops.putAlong([a, b, 5], indices([a, b, c], 5), x, 2)),
    one("softmax", (x) => ops.softmax(x)),
    one("softmax along the first", (x) => ops.softmax(x, 0)),
    one("logSoftmax", (x) => ops.logSoftmax(x)),
    {
      name: "layerNorm",
      operands: [{ shape: [a, b, 4] }, { shape: [4] }, { shape: [4] }],
      build: (x, weight, bias) => ops.layerNorm(x as Tensor, weight as Tensor, bias),
    },
    {
      name: "layerNorm, its scale too",
      operands: [{ shape: [a, 4] }, { shape: [4] }],
      build: (x, weight) => {
        const { result, inverseScale } = ops.layerNormWithScale(x as Tensor, weight as Tensor);
        return ops.mul(result, inverseScale);
      },
    },
    two("rmsNorm", [a, b, c], [c], (x, weight) => ops.rmsNorm(x, weight)),
    two("rmsNorm, its scale too", [a, c], [c], (x, weight) => {
      const { result, inverseScale } = ops.rmsNormWithScale(x, weight);
      return ops.add(result, inverseScale);
    }),
    one("cross-entropy", (x) => ops.crossEntropy(x, indices([a, b], c))),
    two("conv2d", image, [3, 4, 3, 2], (x, kernel) => ops.conv2d(x, kernel, { padding: 1 })),
    two("conv2d by strides", image, [2, 4, 2, 2], (x, kernel) => ops.conv2d(x, kernel, { stride: 2 })),
    two("conv2d in groups", image, [4, 2, 3, 3], (x, kernel) =>
      ops.conv2d(x, kernel, { groups: 2, padding: 1, stride: 2 }),
    ),
    { name: "maxPool", operands: [{ shape: image, domain: "apart" }], build: (x) => ops.maxPool(x as Tensor, 2) },
    { name: "averagePool", operands: [{ shape: image }], build: (x) => ops.averagePool(x as Tensor, 2) },
    one("dropout", (x) => ops.dropout(x, 0.4, constant(5, [], "int64"))),
    one("tap", (x) => ops.tap("here", ops.mul(x, 2))),
  ];
}

/** Values of a domain. "apart": no two within 0.05, none near 0; "between": nor near one that is "apart". @param uniform in [0, 1) */
export function draw({ shape, domain = "real" }: Operand, uniform: () => number): Float64Array {
  const size = shape.reduce((product, extent) => product * extent, 1);
  if (domain === "real" || domain === "positive")
    return Float64Array.from({ length: size }, () => {
      const u = uniform();
      return domain === "real" ? 4 * u - 2 : 0.5 + 2 * u;
    });
  const order = Array.from({ length: size }, (_, n) => n)
    .map((n) => [uniform(), n] as const)
    .sort(([x], [y]) => x - y);
  return Float64Array.from({ length: size }, (_, n) => {
    const place = (order[n]?.[1] ?? 0) - size / 2 + 0.5;
    return (place + (domain === "between" ? 0.5 : 0) + 0.3 * (uniform() - 0.5)) * 0.2;
  });
}

/** Mulberry32: small, and the same everywhere. */
export function uniforms(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
