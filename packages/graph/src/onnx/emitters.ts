/** For each operation: the ONNX nodes that do it. */
import { GraphError } from "../errors.ts";
import { GAMMA, MIX_1, MIX_2 } from "../reference/uniform.ts";
import { at, sizeOf } from "../shape.ts";
import type { Attributes, Convolution, Node, OpName, Tensor } from "../tensor.ts";
import { ELEMENT_TYPE } from "./proto.ts";
import type { GraphWriter } from "./writer.ts";

export interface Emission<K extends OpName> {
  writer: GraphWriter;
  node: Node<K>;
  attributes: Attributes[K];
  /** Names of the inputs. */
  inputs: readonly string[];
  output: string;
  tensors: readonly Tensor[];
  result: Tensor;
  /** The output's name where anything reads it, else "". */
  used: (index: number) => string;
}

export type Emitter<K extends OpName> = (emission: Emission<K>) => void;

const plain =
  <K extends OpName>(op: string): Emitter<K> =>
  ({ writer, inputs, output }) =>
    void writer.node(op, inputs, {}, output);

const reduction =
  <K extends "sum" | "mean" | "max" | "min">(op: string): Emitter<K> =>
  ({ writer, inputs, output, attributes: { axes, keep } }) =>
    void writer.node(op, [...inputs, writer.ints(axes)], { attributes: { keepdims: Number(keep) } }, output);

const nothing: Emitter<OpName> = ({ node }) => {
  throw new GraphError(node.op, "is not emitted as a node");
};

function matmul({
  writer,
  inputs,
  output,
  attributes: { transposeA, transposeB, alpha },
  tensors,
  result,
}: Emission<"matmul">): void {
  if (!transposeA && !transposeB && alpha === 1) {
    writer.node("MatMul", inputs, {}, output);
    return;
  }
  if (result.dtype === "float32") {
    const attributes = { transA: Number(transposeA), transB: Number(transposeB), alpha: { float: alpha } };
    writer.node("FusedMatMul", inputs, { domain: "com.microsoft", attributes }, output);
    return;
  }
  const turned = inputs.map((name, n) => {
    const rank = tensors[n]?.rank ?? 0;
    const perm = [...Array.from({ length: rank - 2 }, (_, axis) => axis), rank - 1, rank - 2];
    return (n === 0 ? transposeA : transposeB) ? writer.node("Transpose", [name], { attributes: { perm } }) : name;
  });
  const product = writer.node("MatMul", turned, {}, alpha === 1 ? output : undefined);
  if (alpha !== 1) writer.node("Mul", [product, writer.number(alpha, result.dtype)], {}, output);
}

const convolution = ({ strides, pads, groups }: Convolution) => ({ strides, pads, group: groups });

function conv2dInput({ writer, inputs, output, attributes, tensors }: Emission<"conv2dInput">): void {
  const { strides, pads, shape } = attributes;
  const [grad, kernel] = tensors as [Tensor, Tensor];
  const output_padding = [0, 1].map(
    (n) =>
      at(shape, 2 + n) -
      ((at(grad.shape, 2 + n) - 1) * at(strides, n) + at(kernel.shape, 2 + n) - at(pads, n) - at(pads, n + 2)),
  );
  writer.node("ConvTranspose", inputs, { attributes: { ...convolution(attributes), output_padding } }, output);
}

/** A convolution in which samples are channels and the gradient is the kernel, one for each group. */
function conv2dKernel({ writer, inputs, output, attributes, tensors }: Emission<"conv2dKernel">): void {
  const { strides, pads, groups, shape } = attributes;
  const [x, grad] = tensors as [Tensor, Tensor];
  const swap = (name: string): string => writer.node("Transpose", [name], { attributes: { perm: [1, 0, 2, 3] } });
  const part = (name: string, extent: number, group: number): string =>
    groups === 1
      ? name
      : writer.node("Slice", [
          name,
          writer.ints([group * extent]),
          writer.ints([(group + 1) * extent]),
          writer.ints([1]),
        ]);
  const parts = Array.from({ length: groups }, (_, group) => {
    const image = swap(part(inputs[0] ?? "", at(x.shape, 1) / groups, group));
    const kernel = swap(part(inputs[1] ?? "", at(grad.shape, 1) / groups, group));
    const wide = writer.node("Conv", [image, kernel], { attributes: { pads, dilations: strides } });
    // A stride that does not divide leaves rows which no window reached.
    const cut = writer.node("Slice", [
      wide,
      writer.ints([0, 0]),
      writer.ints([at(shape, 2), at(shape, 3)]),
      writer.ints([2, 3]),
    ]);
    return swap(cut);
  });
  writer.node("Concat", parts, { attributes: { axis: 0 } }, output);
}

/** SplitMix64 over the places: ONNX multiplies int64 and shifts uint64. */
function random({ writer, inputs, output, attributes: { shape } }: Emission<"random">): void {
  const to = (name: string, type: "int64" | "uint64"): string =>
    writer.node("Cast", [name], { attributes: { to: ELEMENT_TYPE[type] } });
  const signed = (value: bigint): string => writer.constant("int64", BigInt64Array.of(BigInt.asIntN(64, value)), []);
  const shifted = (name: string, by: number): string =>
    writer.node("BitShift", [name, writer.constant("uint64", BigUint64Array.of(BigInt(by)), [])], {
      attributes: { direction: "RIGHT" },
    });
  const mixed = (start: string): string => {
    let z = start;
    for (const [by, factor] of [
      [30, MIX_1],
      [27, MIX_2],
    ] as const) {
      const bits = to(z, "uint64");
      z = writer.node("Mul", [to(writer.node("BitwiseXor", [bits, shifted(bits, by)]), "int64"), signed(factor)]);
    }
    const bits = to(z, "uint64");
    return writer.node("BitwiseXor", [bits, shifted(bits, 31)]);
  };
  const size = sizeOf(shape);
  const key = writer.node("Reshape", [inputs[0] ?? "", writer.ints([])]);
  const start = to(mixed(writer.node("Mul", [key, signed(GAMMA)])), "int64");
  const counter = writer.node("Range", [
    writer.number(1, "int64"),
    writer.number(size + 1, "int64"),
    writer.number(1, "int64"),
  ]);
  const state = writer.node("Add", [writer.node("Mul", [counter, signed(GAMMA)]), start]);
  const bits = writer.node("Cast", [shifted(mixed(state), 40)], { attributes: { to: ELEMENT_TYPE.float32 } });
  const scaled = writer.node("Mul", [bits, writer.number(2 ** -24, "float32")]);
  writer.node("Reshape", [scaled, writer.ints(shape)], {}, output);
}

const zeros = (writer: GraphWriter, tensor: Tensor): string =>
  writer.node("Expand", [writer.number(0, tensor.dtype), writer.ints(tensor.shape)]);

export const emitters: { readonly [K in OpName]: Emitter<K> } = {
  input: nothing,
  constant: nothing,
  tap: nothing,
  stopGradient: nothing,
  neg: plain("Neg"),
  exp: plain("Exp"),
  log: plain("Log"),
  sqrt: plain("Sqrt"),
  tanh: plain("Tanh"),
  erf: plain("Erf"),
  sigmoid: plain("Sigmoid"),
  abs: plain("Abs"),
  sign: plain("Sign"),
  relu: plain("Relu"),
  sin: plain("Sin"),
  cos: plain("Cos"),
  floor: plain("Floor"),
  not: plain("Not"),
  reciprocal: plain("Reciprocal"),
  add: plain("Add"),
  sub: plain("Sub"),
  mul: plain("Mul"),
  div: plain("Div"),
  pow: plain("Pow"),
  maximum: plain("Max"),
  minimum: plain("Min"),
  equal: plain("Equal"),
  less: plain("Less"),
  lessEqual: plain("LessOrEqual"),
  and: plain("And"),
  or: plain("Or"),
  where: plain("Where"),
  cast: ({ writer, inputs, output, attributes: { to } }) =>
    void writer.node("Cast", inputs, { attributes: { to: ELEMENT_TYPE[to] } }, output),
  gelu: ({ writer, inputs, output, attributes: { approximate } }) =>
    void writer.node("Gelu", inputs, { attributes: { approximate } }, output),
  matmul,
  sum: reduction("ReduceSum"),
  mean: reduction("ReduceMean"),
  max: reduction("ReduceMax"),
  min: reduction("ReduceMin"),
  argmax: ({ writer, inputs, output, attributes: { axis } }) =>
    void writer.node("ArgMax", inputs, { attributes: { axis, keepdims: 0 } }, output),
  topK: ({ writer, inputs, attributes: { k, axis }, used }) =>
    writer.outputs("TopK", [...inputs, writer.ints([k])], [used(0) || writer.fresh(), used(1) || writer.fresh()], {
      attributes: { axis },
    }),
  cumulativeSum: ({ writer, inputs, output, attributes: { axis, reverse } }) =>
    void writer.node(
      "CumSum",
      [...inputs, writer.number(axis, "int64")],
      { attributes: { reverse: Number(reverse) } },
      output,
    ),
  reshape: ({ writer, inputs, output, attributes: { shape } }) =>
    void writer.node("Reshape", [...inputs, writer.ints(shape)], {}, output),
  transpose: ({ writer, inputs, output, attributes: { permutation } }) =>
    void writer.node("Transpose", inputs, { attributes: { perm: permutation } }, output),
  broadcast: ({ writer, inputs, output, attributes: { shape } }) =>
    void writer.node("Expand", [...inputs, writer.ints(shape)], {}, output),
  slice: ({ writer, inputs, output, attributes: { starts, ends, steps }, tensors }) => {
    const axes = starts
      .map((_, axis) => axis)
      .filter((axis) => starts[axis] !== 0 || steps[axis] !== 1 || ends[axis] !== tensors[0]?.shape[axis]);
    const of = (values: readonly number[]): string => writer.ints(axes.map((axis) => at(values, axis)));
    writer.node("Slice", [...inputs, of(starts), of(ends), writer.ints(axes), of(steps)], {}, output);
  },
  pad: ({ writer, inputs, output, attributes: { before, after, value }, result }) =>
    void writer.node(
      "Pad",
      [...inputs, writer.ints([...before, ...after]), writer.number(value, result.dtype)],
      {},
      output,
    ),
  concat: ({ writer, inputs, output, attributes: { axis } }) =>
    void writer.node("Concat", inputs, { attributes: { axis } }, output),
  split: ({ writer, node, inputs, attributes: { axis, parts }, used }) =>
    writer.outputs(
      "Split",
      inputs,
      node.outputs.map((_, n) => used(n) || writer.fresh()),
      { attributes: { axis, num_outputs: parts } },
    ),
  gather: ({ writer, inputs, output, attributes: { axis } }) =>
    void writer.node("Gather", inputs, { attributes: { axis } }, output),
  // ScatterND would do without extended indices, but its threads add to one place at once and lose sums.
  scatterAdd: ({ writer, inputs: [indices = "", updates = ""], output, tensors: [places], result }) => {
    const count = sizeOf(places?.shape ?? []);
    const rest = result.shape.slice(1);
    const column = writer.node("Reshape", [indices, writer.ints([count, ...rest.map(() => 1)])]);
    const extended = writer.node("Expand", [column, writer.ints([count, ...rest])]);
    const rows = writer.node("Reshape", [updates, writer.ints([count, ...rest])]);
    const attributes = { axis: 0, reduction: "add" };
    writer.node("ScatterElements", [zeros(writer, result), extended, rows], { attributes }, output);
  },
  takeAlong: ({ writer, inputs, output, attributes: { axis } }) =>
    void writer.node("GatherElements", inputs, { attributes: { axis } }, output),
  putAlong: ({ writer, inputs: [indices = "", updates = ""], output, attributes: { axis }, result }) =>
    void writer.node(
      "ScatterElements",
      [zeros(writer, result), indices, updates],
      { attributes: { axis, reduction: "add" } },
      output,
    ),
  softmax: ({ writer, inputs, output, attributes: { axis } }) =>
    void writer.node("Softmax", inputs, { attributes: { axis } }, output),
  logSoftmax: ({ writer, inputs, output, attributes: { axis } }) =>
    void writer.node("LogSoftmax", inputs, { attributes: { axis } }, output),
  layerNorm: ({ writer, inputs, attributes: { epsilon }, used }) => {
    const outputs = [used(0) || writer.fresh(), used(1), used(2)];
    writer.outputs("LayerNormalization", inputs, trimmed(outputs), {
      attributes: { axis: -1, epsilon: { float: epsilon } },
    });
  },
  rmsNorm: ({ writer, inputs, attributes: { epsilon }, used }) =>
    writer.outputs("SimplifiedLayerNormalization", inputs, trimmed([used(0) || writer.fresh(), used(1)]), {
      attributes: { axis: -1, epsilon: { float: epsilon } },
    }),
  conv2d: ({ writer, inputs, output, attributes }) =>
    void writer.node("Conv", inputs, { attributes: convolution(attributes) }, output),
  conv2dInput,
  conv2dKernel,
  maxPool: ({ writer, inputs, attributes: { kernel, strides }, used }) =>
    writer.outputs("MaxPool", inputs, trimmed([used(0) || writer.fresh(), used(1)]), {
      attributes: { kernel_shape: kernel, strides },
    }),
  random,
  cachedAttention: ({ writer, inputs, used, attributes: { heads, kvHeads, scale } }) =>
    writer.outputs(
      "GroupQueryAttention",
      inputs,
      [used(0), used(1), used(2)].map((name) => name || writer.fresh()),
      {
        domain: "com.microsoft",
        attributes: { num_heads: heads, kv_num_heads: kvHeads, scale: { float: scale } },
      },
    ),
  // Level 4 has blocks of the other operand in bytes too: 26 times faster than level 0 for one row on AVX2.
  matmulInt8: ({ writer, inputs, output, attributes: { rows, columns, block } }) =>
    void writer.node(
      "MatMulNBits",
      inputs,
      {
        domain: "com.microsoft",
        attributes: { K: rows, N: columns, bits: 8, block_size: block, accuracy_level: 4 },
      },
      output,
    ),
};

const trimmed = (names: readonly string[]): string[] => names.slice(0, names.findLastIndex((name) => name !== "") + 1);
