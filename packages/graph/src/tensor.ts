/**
 * The graph: nodes that are never changed once built. A tensor is one output of a node; nothing is computed until a graph is
 * compiled or evaluated.
 */
import { type Data, type DType, dataOf, isFloat } from "./dtype.ts";
import { GraphError } from "./errors.ts";
import { type Shape, show, sizeOf } from "./shape.ts";

export type UnaryName =
  | "neg"
  | "exp"
  | "log"
  | "sqrt"
  | "tanh"
  | "erf"
  | "sigmoid"
  | "abs"
  | "sign"
  | "relu"
  | "sin"
  | "cos"
  | "floor"
  | "not"
  | "reciprocal";
export type ArithmeticName = "add" | "sub" | "mul" | "div" | "pow" | "maximum" | "minimum";
export type ComparisonName = "equal" | "less" | "lessEqual" | "and" | "or";
export type ReductionName = "sum" | "mean" | "max" | "min";

type None = Record<never, never>;
type Reduction = { axes: readonly number[]; keep: boolean };

/** What each operation knows besides its inputs. */
export type Attributes = Record<UnaryName | ArithmeticName | ComparisonName, None> &
  Record<ReductionName, Reduction> & {
    /** Given at each run. */
    input: { name: string };
    constant: { data: Data };
    cast: { to: DType };
    where: None;
    /** Over the last two axes, the others broadcast: alpha * op(a) @ op(b). */
    matmul: { transposeA: boolean; transposeB: boolean; alpha: number };
    argmax: { axis: number };
    /** Two outputs: values and their int64 places. */
    topK: { k: number; axis: number };
    cumulativeSum: { axis: number; reverse: boolean };
    reshape: { shape: Shape };
    transpose: { permutation: readonly number[] };
    broadcast: { shape: Shape };
    slice: { starts: readonly number[]; ends: readonly number[]; steps: readonly number[] };
    pad: { before: readonly number[]; after: readonly number[]; value: number };
    concat: { axis: number };
    /** An output for each of equal parts. */
    split: { axis: number; parts: number };
    /** Rows of `x` along an axis, by an int64 tensor of any shape. */
    gather: { axis: number };
    /** Zeros of a shape, with `updates` added where `indices` say, along axis 0. */
    scatterAdd: { shape: Shape };
    /** One element of each line along an axis: shapes agree but for that axis. */
    takeAlong: { axis: number };
    /** Zeros of a shape, with `updates` added along an axis. */
    putAlong: { axis: number; shape: Shape };
    softmax: { axis: number };
    logSoftmax: { axis: number };
    /** Over the last axis. Outputs: result, mean, 1 / standard deviation. */
    layerNorm: { epsilon: number };
    /** Over the last axis. Outputs: result, 1 / root mean square. */
    rmsNorm: { epsilon: number };
    gelu: { approximate: "none" | "tanh" };
    /** [n, c, h, w] by [out, c / groups, kh, kw]. */
    conv2d: Convolution;
    /** The gradient of conv2d by its input: `shape` is the input's. */
    conv2dInput: Convolution & { shape: Shape };
    /** The gradient of conv2d by its kernel: `shape` is the kernel's. */
    conv2dKernel: Convolution & { shape: Shape };
    /** Outputs: values and their int64 places in the flattened input. */
    maxPool: Pooling;
    /** Uniform in [0, 1), a function of the int64 key and of the place alone. */
    random: { shape: Shape };
    /** A named place at which a run can read, replace or add. */
    tap: { name: string };
    stopGradient: None;
    /** Attention to what a cache holds and to what is new, which is put there: see `ops/cached-attention.ts`. No gradient. */
    cachedAttention: { heads: number; kvHeads: number; scale: number };
    /** A product with a matrix of bytes, each block of a column with a scale of its own: see `ops/matmul-int8.ts`. No gradient. */
    matmulInt8: { rows: number; columns: number; block: number };
  };

export interface Convolution {
  strides: readonly [number, number];
  /** Zeros at the top, left, bottom, right. */
  pads: readonly [number, number, number, number];
  groups: number;
}

export interface Pooling {
  kernel: readonly [number, number];
  strides: readonly [number, number];
}

export type OpName = keyof Attributes;

export interface Output {
  shape: Shape;
  dtype: DType;
}

let count = 0;

export class Node<K extends OpName = OpName> {
  readonly op: K;
  readonly attributes: Attributes[K];
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  /** Grows: a node's inputs have smaller ones. */
  readonly id = count++;

  constructor(op: K, attributes: Attributes[K], inputs: readonly Tensor[], outputs: readonly Output[]) {
    this.op = op;
    this.attributes = attributes;
    this.inputs = inputs;
    this.outputs = outputs.map(({ shape, dtype }, index) => new Tensor(this as unknown as Node, index, shape, dtype));
  }
}

export class Tensor {
  readonly node: Node;
  readonly index: number;
  readonly shape: Shape;
  readonly dtype: DType;

  constructor(node: Node, index: number, shape: Shape, dtype: DType) {
    this.node = node;
    this.index = index;
    this.shape = shape;
    this.dtype = dtype;
  }

  get rank(): number {
    return this.shape.length;
  }

  get size(): number {
    return sizeOf(this.shape);
  }

  toString(): string {
    return `${this.node.op} ${this.dtype}${show(this.shape)}`;
  }
}

/** Narrows a node to one operation. */
export const isA = <K extends OpName>(node: Node, op: K): node is Node & { op: K; attributes: Attributes[K] } =>
  node.op === op;

export function build<K extends OpName>(
  op: K,
  attributes: Attributes[K],
  inputs: readonly Tensor[],
  ...outputs: Output[]
): Tensor {
  const [first] = new Node(op, attributes, inputs, outputs).outputs;
  if (!first) throw new GraphError(op, "has no output");
  return first;
}

/** A value that each run is given. */
export function input(name: string, shape: Shape, dtype: DType = "float32"): Tensor {
  if (name === "") throw new GraphError("input", "needs a name");
  if (shape.some((extent) => !Number.isInteger(extent) || extent < 0))
    throw new GraphError("input", `${name} has no shape ${show(shape)}`);
  return build("input", { name }, [], { shape: [...shape], dtype });
}

/** A value that is part of the graph: a scalar, or data and its shape. */
export function constant(value: number | ArrayLike<number>, shape?: Shape, dtype: DType = "float32"): Tensor {
  const values = typeof value === "number" ? [value] : value;
  const extent = shape ?? (typeof value === "number" ? [] : [values.length]);
  if (sizeOf(extent) !== values.length)
    throw new GraphError("constant", `${values.length} values do not fill ${show(extent)}`);
  return build("constant", { data: dataOf(dtype, values) }, [], { shape: extent, dtype });
}

/** Numbers take on the type of what they meet. */
export type Operand = Tensor | number;

export function pair(a: Operand, b: Operand): [Tensor, Tensor] {
  const dtype = a instanceof Tensor ? a.dtype : b instanceof Tensor ? b.dtype : "float32";
  return [a instanceof Tensor ? a : constant(a, [], dtype), b instanceof Tensor ? b : constant(b, [], dtype)];
}

export function axisOf(operation: string, x: Tensor, axis: number): number {
  const place = axis < 0 ? axis + x.rank : axis;
  if (!Number.isInteger(place) || place < 0 || place >= x.rank)
    throw new GraphError(operation, `${show(x.shape)} has no axis ${axis}`);
  return place;
}

export function mustBeFloat(operation: string, ...tensors: Tensor[]): void {
  const wrong = tensors.find(({ dtype }) => !isFloat(dtype));
  if (wrong) throw new GraphError(operation, `takes float32 or float64, not ${wrong.dtype}${show(wrong.shape)}`);
}

/** Every node that the outputs need, inputs first. */
export function nodesOf(outputs: Iterable<Tensor>): Node[] {
  const found = new Set<Node>();
  const stack = Array.from(outputs, ({ node }) => node);
  while (stack.length > 0) {
    const node = stack.pop() as Node;
    if (found.has(node)) continue;
    found.add(node);
    for (const { node: next } of node.inputs) stack.push(next);
  }
  return [...found].sort((a, b) => a.id - b.id);
}
