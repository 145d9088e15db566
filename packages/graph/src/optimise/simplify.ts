/** Rewrite rules: the same value for less work. Each looks at one node whose inputs are simple already. */
import { dataOf, numbersOf } from "../dtype.ts";
import { mul, neg } from "../ops/elementwise.ts";
import { matmul } from "../ops/matmul.ts";
import { reshape, transpose } from "../ops/shape.ts";
import type { Kernel, Value } from "../reference/kernel.ts";
import { kernels } from "../reference/kernels.ts";
import { at, broadcastShapes, sameShape } from "../shape.ts";
import { build, isA, type Node, type OpName, type Tensor } from "../tensor.ts";

/** What a constant scalar is, where it is one. */
function scalar(x: Tensor | undefined): number | undefined {
  if (x?.size !== 1 || !isA(x.node, "constant")) return undefined;
  return Number(x.node.attributes.data[0]);
}

/** Folding that would make the model larger than this is not done. */
const MOST_FOLDED = 4096;
const NOT_FOLDED: ReadonlySet<OpName> = new Set(["input", "constant", "tap", "random"]);

function fold(node: Node, inputs: readonly Tensor[]): readonly Tensor[] | undefined {
  if (inputs.length === 0 || NOT_FOLDED.has(node.op) || node.outputs.some(({ size }) => size > MOST_FOLDED))
    return undefined;
  const values: Value[] = [];
  // A weight is not copied into float64 to find that what it is multiplied with is not known.
  if (!inputs.every(({ node: from }) => isA(from, "constant"))) return undefined;
  for (const { node: from, shape } of inputs)
    if (isA(from, "constant")) values.push({ shape, data: numbersOf(from.attributes.data) });
  const kernel = kernels[node.op as Exclude<OpName, "input">] as Kernel<OpName>;
  const results = kernel({ inputs: values, outputs: node.outputs, attributes: node.attributes });
  return node.outputs.map(({ shape, dtype }, n) =>
    build("constant", { data: dataOf(dtype, results[n] ?? []) }, [], { shape, dtype }),
  );
}

/** Operations that extend their operands by themselves. */
const BROADCASTS: ReadonlySet<OpName> = new Set([
  "add",
  "sub",
  "mul",
  "div",
  "maximum",
  "minimum",
  "pow",
  "where",
  "less",
  "lessEqual",
  "equal",
]);

/** An operand without its own broadcast, where the others extend it anyway. */
function unextended(node: Node, inputs: readonly Tensor[]): readonly Tensor[] | undefined {
  if (!BROADCASTS.has(node.op)) return undefined;
  const [result] = node.outputs;
  for (const [n, operand] of inputs.entries()) {
    const [from] = operand.node.inputs;
    if (operand.node.op !== "broadcast" || !from || !result) continue;
    const others = inputs.filter((_, place) => place !== n);
    const shape = others.reduce<readonly number[]>(
      (joined, { shape: other }) => broadcastShapes(joined, other) ?? joined,
      from.shape,
    );
    if (!sameShape(shape, result.shape)) continue;
    return [build(node.op, node.attributes, inputs.with(n, from), result)];
  }
  return undefined;
}

function swapsLast(x: Tensor): boolean {
  if (!isA(x.node, "transpose") || x.rank < 2) return false;
  const { permutation } = x.node.attributes;
  return permutation.every((axis, n) => axis === (n === x.rank - 1 ? x.rank - 2 : n === x.rank - 2 ? x.rank - 1 : n));
}

/** What is multiplied by a constant, and by which; seen through a reshape. */
function scaled(x: Tensor): { inner: Tensor; factor: number } | undefined {
  const [a, b] = x.node.inputs;
  if (isA(x.node, "reshape") && a) {
    const found = scaled(a);
    return found && { inner: reshape(found.inner, x.shape), factor: found.factor };
  }
  const factor = scalar(b);
  return x.node.op === "mul" && a && factor !== undefined && sameShape(a.shape, x.shape)
    ? { inner: a, factor }
    : undefined;
}

type Rules = {
  readonly [K in OpName]?: (node: Node<K>, inputs: readonly [Tensor, Tensor, Tensor]) => Tensor | undefined;
};

const onlyMatrix = (x: Tensor): boolean => x.node.op === "matmul" && x.dtype === "float32";

/** alpha takes up a factor. */
function scaledMatmul(product: Tensor, factor: number): Tensor | undefined {
  if (!isA(product.node, "matmul") || !onlyMatrix(product)) return undefined;
  const [a, b] = product.node.inputs;
  const { alpha, ...rest } = product.node.attributes;
  return a && b && matmul(a, b, { ...rest, alpha: alpha * factor });
}

const rules: Rules = {
  add: (_, [a, b]) => {
    if (scalar(b) === 0 && sameShape(broadcastShapes(a.shape, b.shape) ?? [], a.shape)) return a;
    if (scalar(a) === 0 && sameShape(broadcastShapes(a.shape, b.shape) ?? [], b.shape)) return b;
    return undefined;
  },
  sub: (_, [a, b]) => (scalar(b) === 0 && b.rank <= a.rank ? a : undefined),
  mul: (node, [a, b]) => {
    const [x, factor] = scalar(b) !== undefined ? [a, scalar(b)] : [b, scalar(a)];
    const [result] = node.outputs;
    if (factor === undefined || !result || !sameShape(x.shape, result.shape)) return undefined;
    if (factor === 1) return x;
    if (factor === -1) return neg(x);
    if (isA(x.node, "mul")) {
      const [inner, other] = x.node.inputs;
      const before = scalar(other);
      if (inner && before !== undefined && sameShape(inner.shape, x.shape)) return mul(inner, before * factor);
    }
    return undefined;
  },
  div: (node, [a, b]) => {
    const divisor = scalar(b);
    const exact = divisor !== undefined && divisor !== 0 && Number.isInteger(Math.log2(Math.abs(divisor)));
    if (divisor === 1 && sameShape(a.shape, node.outputs[0]?.shape ?? [])) return a;
    return exact && a.dtype.startsWith("float") && sameShape(a.shape, node.outputs[0]?.shape ?? [])
      ? mul(a, 1 / divisor)
      : undefined;
  },
  neg: (_, [x]) => (x.node.op === "neg" ? x.node.inputs[0] : undefined),
  reshape: (node, [x]) =>
    x.node.op === "reshape" && x.node.inputs[0] ? reshape(x.node.inputs[0], node.attributes.shape) : undefined,
  transpose: (node, [x]) => {
    const [from] = x.node.inputs;
    if (!isA(x.node, "transpose") || !from) return undefined;
    const { permutation } = x.node.attributes;
    return transpose(
      from,
      node.attributes.permutation.map((axis) => at(permutation, axis)),
    );
  },
  matmul: (node, [a, b]) => {
    const { transposeA, transposeB, alpha } = node.attributes;
    const [innerA] = a.node.inputs;
    const [innerB] = b.node.inputs;
    if (swapsLast(a) && innerA) return matmul(innerA, b, { transposeA: !transposeA, transposeB, alpha });
    if (swapsLast(b) && innerB) return matmul(a, innerB, { transposeA, transposeB: !transposeB, alpha });
    if (a.dtype !== "float32") return undefined;
    const [left, right] = [scaled(a), scaled(b)];
    if (left) return matmul(left.inner, b, { transposeA, transposeB, alpha: alpha * left.factor });
    if (right) return matmul(a, right.inner, { transposeA, transposeB, alpha: alpha * right.factor });
    return undefined;
  },
  cast: (node, [x]) => (x.dtype === node.attributes.to ? x : undefined),
};

/** One step, where there is one. */
export function simpler(node: Node, inputs: readonly Tensor[]): readonly Tensor[] | undefined {
  const folded = fold(node, inputs) ?? unextended(node, inputs);
  if (folded) return folded;
  const rule = rules[node.op] as ((node: Node, inputs: readonly Tensor[]) => Tensor | undefined) | undefined;
  const found = rule?.(node, inputs);
  return found && [found];
}

/** `mul(matmul, factor)` where nothing else reads the product, which may have been reshaped. */
export function absorbed(node: Node, inputs: readonly Tensor[], readers: (x: Tensor) => number): Tensor | undefined {
  if (node.op !== "mul") return undefined;
  const [a, b] = inputs as [Tensor, Tensor];
  const [x, factor] = scalar(b) !== undefined ? [a, scalar(b)] : [b, scalar(a)];
  if (factor === undefined || readers(x) !== 1 || !sameShape(x.shape, node.outputs[0]?.shape ?? [])) return undefined;
  const [from] = x.node.inputs;
  if (!isA(x.node, "reshape") || !from) return scaledMatmul(x, factor);
  const product = readers(from) === 1 ? scaledMatmul(from, factor) : undefined;
  return product && reshape(product, x.shape);
}
