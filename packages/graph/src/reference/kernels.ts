/** Each operation in plain TypeScript and float64: slow, and right. What has no kernel elsewhere runs here, and tests compare with it. */
import { ZERO_CODE } from "../ops/matmul-int8.ts";
import { at, type Shape, sizeOf, stridesOf } from "../shape.ts";
import type { Attributes, OpName, Output } from "../tensor.ts";
import { cachedAttention } from "./cached-attention.ts";
import { erf } from "./erf.ts";
import { uniform } from "./uniform.ts";

/** Numbers in row-major order, whatever the type; integers exact to 2^53. */
export interface Value {
  shape: Shape;
  data: Float64Array;
}

export interface KernelInput<K extends OpName> {
  inputs: readonly Value[];
  outputs: readonly Output[];
  attributes: Attributes[K];
}

/** The elements of each output. */
export type Kernel<K extends OpName> = (given: KernelInput<K>) => Float64Array[];

const first = (values: readonly Value[], n = 0): Value => {
  const value = values[n];
  if (!value) throw new RangeError(`there is no operand ${n}`);
  return value;
};

const shapeOf = (outputs: readonly Output[], n = 0): Shape => outputs[n]?.shape ?? [];

const map =
  <K extends OpName>(f: (x: number) => number): Kernel<K> =>
  ({ inputs }) => [first(inputs).data.map(f)];

/** For each element of a shape: its place in a tensor that is broadcast to it. */
function places(from: Shape, to: Shape): Int32Array {
  const strides = stridesOf(from);
  const lead = to.length - from.length;
  const steps = to.map((_, axis) => (axis < lead || from[axis - lead] === 1 ? 0 : at(strides, axis - lead)));
  return walk(to, steps, 0);
}

/** For each element of a shape in order: start + sum of index * step. */
function walk(shape: Shape, steps: readonly number[], start: number): Int32Array {
  const found = new Int32Array(sizeOf(shape));
  const index = new Array<number>(shape.length).fill(0);
  let place = start;
  for (let n = 0; n < found.length; n++) {
    found[n] = place;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = at(index, axis) + 1;
      place += at(steps, axis);
      if (at(index, axis) < at(shape, axis)) break;
      place -= at(index, axis) * at(steps, axis);
      index[axis] = 0;
    }
  }
  return found;
}

const zip =
  <K extends OpName>(f: (a: number, b: number) => number): Kernel<K> =>
  ({ inputs, outputs }) => {
    const [a, b, shape] = [first(inputs), first(inputs, 1), shapeOf(outputs)];
    const [left, right] = [places(a.shape, shape), places(b.shape, shape)];
    return [Float64Array.from(left, (place, n) => f(a.data[place] as number, b.data[right[n] as number] as number))];
  };

const taken = ({ data }: Value, from: Int32Array): Float64Array =>
  Float64Array.from(from, (place) => data[place] as number);

function reduced(
  x: Value,
  axes: readonly number[],
  shape: Shape,
  start: number,
  f: (a: number, b: number) => number,
): Float64Array {
  const keptShape = x.shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
  const into = new Float64Array(sizeOf(shape)).fill(start);
  for (const [n, place] of places(keptShape, x.shape).entries())
    into[place] = f(into[place] as number, x.data[n] as number);
  return into;
}

/** Calls for each line along an axis with its start and its stride. */
function lines(shape: Shape, axis: number, f: (start: number, stride: number, length: number) => void): void {
  const stride = at(stridesOf(shape), axis);
  const length = at(shape, axis);
  const total = sizeOf(shape);
  for (let block = 0; block < total; block += stride * length)
    for (let n = 0; n < stride; n++) f(block + n, stride, length);
}

function softmaxLines(x: Value, axis: number, logarithm: boolean): Float64Array {
  const out = new Float64Array(x.data.length);
  lines(x.shape, axis, (start, stride, length) => {
    const line = Float64Array.from({ length }, (_, n) => x.data[start + n * stride] as number);
    const top = line.reduce((a, b) => Math.max(a, b), -Infinity);
    const total = line.reduce((sum, value) => sum + Math.exp(value - top), 0);
    for (const [n, value] of line.entries())
      out[start + n * stride] = logarithm ? value - top - Math.log(total) : Math.exp(value - top) / total;
  });
  return out;
}

function matmul({
  inputs,
  outputs,
  attributes: { transposeA, transposeB, alpha },
}: KernelInput<"matmul">): Float64Array[] {
  const [a, b, shape] = [first(inputs), first(inputs, 1), shapeOf(outputs)];
  const [m, n] = [at(shape, -2), at(shape, -1)];
  const k = transposeA ? at(a.shape, -2) : at(a.shape, -1);
  const lead = shape.slice(0, -2);
  const blocks = (x: Value): Int32Array =>
    places(x.shape.slice(0, -2), lead).map((block) => block * at(x.shape, -2) * at(x.shape, -1));
  const [leftBlocks, rightBlocks] = [blocks(a), blocks(b)];
  const [aRow, aColumn] = transposeA ? [1, m] : [k, 1];
  const [bRow, bColumn] = transposeB ? [1, k] : [n, 1];
  const out = new Float64Array(sizeOf(shape));
  for (const [block, left] of leftBlocks.entries()) {
    const right = rightBlocks[block] as number;
    for (let row = 0; row < m; row++)
      for (let column = 0; column < n; column++) {
        let total = 0;
        for (let inner = 0; inner < k; inner++)
          total +=
            (a.data[left + row * aRow + inner * aColumn] as number) *
            (b.data[right + inner * bRow + column * bColumn] as number);
        out[(block * m + row) * n + column] = alpha * total;
      }
  }
  return [out];
}

/** Calls with places of an image, a kernel and a result that meet in a convolution. */
function meets(
  image: Shape,
  kernel: Shape,
  result: Shape,
  { strides, pads, groups }: Attributes["conv2d"],
  f: (image: number, kernel: number, result: number) => void,
): void {
  const [samples, , height, width] = image as [number, number, number, number];
  const [out, inner, kh, kw] = kernel as [number, number, number, number];
  const [rows, columns] = [at(result, 2), at(result, 3)];
  const channels = at(image, 1);
  for (let n = 0; n < samples; n++)
    for (let o = 0; o < out; o++)
      for (let i = 0; i < inner; i++) {
        const channel = Math.floor(o / (out / groups)) * inner + i;
        for (let y = 0; y < rows; y++)
          for (let x = 0; x < columns; x++)
            for (let ky = 0; ky < kh; ky++)
              for (let kx = 0; kx < kw; kx++) {
                const [top, left] = [y * strides[0] + ky - pads[0], x * strides[1] + kx - pads[1]];
                if (top < 0 || left < 0 || top >= height || left >= width) continue;
                f(
                  ((n * channels + channel) * height + top) * width + left,
                  ((o * inner + i) * kh + ky) * kw + kx,
                  ((n * out + o) * rows + y) * columns + x,
                );
              }
      }
}

const number = (value: boolean): number => (value ? 1 : 0);
const SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);

/** Inputs have no kernel: they are given. */
export const kernels: { readonly [K in Exclude<OpName, "input">]: Kernel<K> } = {
  constant: ({ attributes: { data } }) => [Float64Array.from(data as ArrayLike<number | bigint>, Number)],
  neg: map((x) => -x),
  exp: map(Math.exp),
  log: map(Math.log),
  sqrt: map(Math.sqrt),
  tanh: map(Math.tanh),
  erf: map(erf),
  sigmoid: map((x) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)))),
  abs: map(Math.abs),
  sign: map(Math.sign),
  relu: map((x) => Math.max(0, x)),
  sin: map(Math.sin),
  cos: map(Math.cos),
  floor: map(Math.floor),
  not: map((x) => number(x === 0)),
  reciprocal: map((x) => 1 / x),
  gelu: ({ inputs, attributes: { approximate } }) => [
    first(inputs).data.map((x) =>
      approximate === "none"
        ? 0.5 * x * (1 + erf(x * Math.SQRT1_2))
        : 0.5 * x * (1 + Math.tanh(SQRT_2_OVER_PI * (x + 0.044715 * x ** 3))),
    ),
  ],
  stopGradient: map((x) => x),
  tap: map((x) => x),
  cast: ({ inputs, attributes: { to } }) => [
    first(inputs).data.map((x) =>
      to === "bool" ? number(x !== 0) : to === "float32" ? Math.fround(x) : to === "float64" ? x : Math.trunc(x),
    ),
  ],
  add: zip((a, b) => a + b),
  sub: zip((a, b) => a - b),
  mul: zip((a, b) => a * b),
  div: ({ inputs, outputs, attributes }) =>
    zip(outputs[0]?.dtype.startsWith("int") ? (a, b) => Math.trunc(a / b) : (a, b) => a / b)({
      inputs,
      outputs,
      attributes,
    }),
  pow: zip((a, b) => a ** b),
  maximum: zip(Math.max),
  minimum: zip(Math.min),
  equal: zip((a, b) => number(a === b)),
  less: zip((a, b) => number(a < b)),
  lessEqual: zip((a, b) => number(a <= b)),
  and: zip((a, b) => number(a !== 0 && b !== 0)),
  or: zip((a, b) => number(a !== 0 || b !== 0)),
  where: ({ inputs, outputs }) => {
    const shape = shapeOf(outputs);
    const [condition, a, b] = [0, 1, 2].map((n) => taken(first(inputs, n), places(first(inputs, n).shape, shape)));
    return [Float64Array.from(condition ?? [], (holds, n) => (holds ? a : b)?.[n] ?? Number.NaN)];
  },
  matmul,
  sum: ({ inputs, outputs, attributes: { axes } }) => [
    reduced(first(inputs), axes, shapeOf(outputs), 0, (a, b) => a + b),
  ],
  mean: ({ inputs, outputs, attributes: { axes } }) => {
    const share = sizeOf(shapeOf(outputs)) / first(inputs).data.length;
    return [reduced(first(inputs), axes, shapeOf(outputs), 0, (a, b) => a + b).map((total) => total * share)];
  },
  max: ({ inputs, outputs, attributes: { axes } }) => [
    reduced(first(inputs), axes, shapeOf(outputs), -Infinity, Math.max),
  ],
  min: ({ inputs, outputs, attributes: { axes } }) => [
    reduced(first(inputs), axes, shapeOf(outputs), Infinity, Math.min),
  ],
  argmax: ({ inputs, attributes: { axis } }) => {
    const x = first(inputs);
    const found: number[] = [];
    lines(x.shape, axis, (start, stride, length) => {
      let best = 0;
      for (let n = 1; n < length; n++)
        if ((x.data[start + n * stride] as number) > (x.data[start + best * stride] as number)) best = n;
      found.push(best);
    });
    return [Float64Array.from(found)];
  },
  topK: ({ inputs, outputs, attributes: { k, axis } }) => {
    const x = first(inputs);
    const shape = shapeOf(outputs);
    const [values, indices] = [new Float64Array(sizeOf(shape)), new Float64Array(sizeOf(shape))];
    const starts: number[] = [];
    lines(shape, axis, (start) => starts.push(start));
    let line = 0;
    lines(x.shape, axis, (start, stride, length) => {
      const order = Array.from({ length }, (_, n) => n).sort(
        (a, b) => (x.data[start + b * stride] as number) - (x.data[start + a * stride] as number) || a - b,
      );
      for (const [n, place] of order.slice(0, k).entries()) {
        const into = (starts[line] as number) + n * stride;
        values[into] = x.data[start + place * stride] as number;
        indices[into] = place;
      }
      line++;
    });
    return [values, indices];
  },
  cumulativeSum: ({ inputs, attributes: { axis, reverse } }) => {
    const x = first(inputs);
    const out = new Float64Array(x.data.length);
    lines(x.shape, axis, (start, stride, length) => {
      let total = 0;
      for (let n = 0; n < length; n++) {
        const place = start + (reverse ? length - 1 - n : n) * stride;
        total += x.data[place] as number;
        out[place] = total;
      }
    });
    return [out];
  },
  reshape: map((x) => x),
  transpose: ({ inputs, outputs, attributes: { permutation } }) => {
    const x = first(inputs);
    const strides = stridesOf(x.shape);
    return [
      taken(
        x,
        walk(
          shapeOf(outputs),
          permutation.map((axis) => at(strides, axis)),
          0,
        ),
      ),
    ];
  },
  broadcast: ({ inputs, attributes: { shape } }) => [taken(first(inputs), places(first(inputs).shape, shape))],
  slice: ({ inputs, outputs, attributes: { starts, steps } }) => {
    const x = first(inputs);
    const strides = stridesOf(x.shape);
    const start = starts.reduce((place, from, axis) => place + from * at(strides, axis), 0);
    return [
      taken(
        x,
        walk(
          shapeOf(outputs),
          steps.map((step, axis) => step * at(strides, axis)),
          start,
        ),
      ),
    ];
  },
  pad: ({ inputs, outputs, attributes: { before, value } }) => {
    const x = first(inputs);
    const shape = shapeOf(outputs);
    const strides = stridesOf(shape);
    const out = new Float64Array(sizeOf(shape)).fill(value);
    const start = before.reduce((place, from, axis) => place + from * at(strides, axis), 0);
    for (const [n, place] of walk(x.shape, strides, start).entries()) out[place] = x.data[n] as number;
    return [out];
  },
  concat: ({ inputs, outputs, attributes: { axis } }) => {
    const shape = shapeOf(outputs);
    const strides = stridesOf(shape);
    const out = new Float64Array(sizeOf(shape));
    let before = 0;
    for (const part of inputs) {
      for (const [n, place] of walk(part.shape, strides, before * at(strides, axis)).entries())
        out[place] = part.data[n] as number;
      before += at(part.shape, axis);
    }
    return [out];
  },
  split: ({ inputs, outputs, attributes: { axis } }) => {
    const x = first(inputs);
    const strides = stridesOf(x.shape);
    return outputs.map(({ shape }, n) => taken(x, walk(shape, strides, n * at(shape, axis) * at(strides, axis))));
  },
  gather: ({ inputs, attributes: { axis } }) => {
    const [x, indices] = [first(inputs), first(inputs, 1)];
    const inner = sizeOf(x.shape.slice(axis + 1));
    const extent = at(x.shape, axis);
    const blocks = sizeOf(x.shape.slice(0, axis));
    const out = new Float64Array(blocks * indices.data.length * inner);
    let place = 0;
    for (let block = 0; block < blocks; block++)
      for (const index of indices.data) {
        const from = (block * extent + (index < 0 ? index + extent : index)) * inner;
        out.set(x.data.subarray(from, from + inner), place);
        place += inner;
      }
    return [out];
  },
  scatterAdd: ({ inputs, attributes: { shape } }) => {
    const [indices, updates] = [first(inputs), first(inputs, 1)];
    const inner = sizeOf(shape.slice(1));
    const out = new Float64Array(sizeOf(shape));
    for (const [row, index] of indices.data.entries())
      for (let n = 0; n < inner; n++)
        out[index * inner + n] = (out[index * inner + n] as number) + (updates.data[row * inner + n] as number);
    return [out];
  },
  takeAlong: ({ inputs, attributes: { axis } }) => {
    const [x, indices] = [first(inputs), first(inputs, 1)];
    return [taken(x, along(indices, x.shape, axis))];
  },
  putAlong: ({ inputs, attributes: { axis, shape } }) => {
    const [indices, updates] = [first(inputs), first(inputs, 1)];
    const out = new Float64Array(sizeOf(shape));
    for (const [n, place] of along(indices, shape, axis).entries())
      out[place] = (out[place] as number) + (updates.data[n] as number);
    return [out];
  },
  softmax: ({ inputs, attributes: { axis } }) => [softmaxLines(first(inputs), axis, false)],
  logSoftmax: ({ inputs, attributes: { axis } }) => [softmaxLines(first(inputs), axis, true)],
  layerNorm: ({ inputs, attributes: { epsilon } }) => {
    const [x, weight, bias] = [first(inputs), first(inputs, 1), inputs[2]];
    const width = at(x.shape, -1);
    const out = new Float64Array(x.data.length);
    const [means, scales] = [new Float64Array(x.data.length / width), new Float64Array(x.data.length / width)];
    for (let line = 0; line < means.length; line++) {
      const part = x.data.subarray(line * width, (line + 1) * width);
      const average = part.reduce((a, b) => a + b, 0) / width;
      const scale = 1 / Math.sqrt(part.reduce((total, value) => total + (value - average) ** 2, 0) / width + epsilon);
      [means[line], scales[line]] = [average, scale];
      for (const [n, value] of part.entries())
        out[line * width + n] = (value - average) * scale * (weight.data[n] as number) + (bias?.data[n] ?? 0);
    }
    return [out, means, scales];
  },
  rmsNorm: ({ inputs, attributes: { epsilon } }) => {
    const [x, weight] = [first(inputs), first(inputs, 1)];
    const width = at(x.shape, -1);
    const out = new Float64Array(x.data.length);
    const scales = new Float64Array(x.data.length / width);
    for (let line = 0; line < scales.length; line++) {
      const part = x.data.subarray(line * width, (line + 1) * width);
      const scale = 1 / Math.sqrt(part.reduce((total, value) => total + value * value, 0) / width + epsilon);
      scales[line] = scale;
      for (const [n, value] of part.entries()) out[line * width + n] = value * scale * (weight.data[n] as number);
    }
    return [out, scales];
  },
  conv2d: ({ inputs, outputs, attributes }) => {
    const [x, kernel, shape] = [first(inputs), first(inputs, 1), shapeOf(outputs)];
    const out = new Float64Array(sizeOf(shape));
    meets(x.shape, kernel.shape, shape, attributes, (i, k, r) => {
      out[r] = (out[r] as number) + (x.data[i] as number) * (kernel.data[k] as number);
    });
    return [out];
  },
  conv2dInput: ({ inputs, attributes }) => {
    const [grad, kernel] = [first(inputs), first(inputs, 1)];
    const out = new Float64Array(sizeOf(attributes.shape));
    meets(attributes.shape, kernel.shape, grad.shape, attributes, (i, k, r) => {
      out[i] = (out[i] as number) + (grad.data[r] as number) * (kernel.data[k] as number);
    });
    return [out];
  },
  conv2dKernel: ({ inputs, attributes }) => {
    const [x, grad] = [first(inputs), first(inputs, 1)];
    const out = new Float64Array(sizeOf(attributes.shape));
    meets(x.shape, attributes.shape, grad.shape, attributes, (i, k, r) => {
      out[k] = (out[k] as number) + (grad.data[r] as number) * (x.data[i] as number);
    });
    return [out];
  },
  maxPool: ({ inputs, outputs, attributes: { kernel, strides } }) => {
    const x = first(inputs);
    const shape = shapeOf(outputs);
    const [values, found] = [new Float64Array(sizeOf(shape)).fill(-Infinity), new Float64Array(sizeOf(shape))];
    const [height, width] = [at(x.shape, 2), at(x.shape, 3)];
    const [rows, columns] = [at(shape, 2), at(shape, 3)];
    for (let n = 0; n < values.length; n++) {
      const [plane, row, column] = [Math.floor(n / (rows * columns)), Math.floor(n / columns) % rows, n % columns];
      for (let ky = 0; ky < kernel[0]; ky++)
        for (let kx = 0; kx < kernel[1]; kx++) {
          const place = (plane * height + row * strides[0] + ky) * width + column * strides[1] + kx;
          const value = x.data[place] as number;
          if (value > (values[n] as number)) [values[n], found[n]] = [value, place];
        }
    }
    return [values, found];
  },
  cachedAttention,
  matmulInt8: ({ inputs, attributes: { rows, columns, block } }) => {
    const [x, codes, scales] = [first(inputs), first(inputs, 1), first(inputs, 2)];
    const lines = x.data.length / rows;
    const blocks = at(codes.shape, 1);
    const out = new Float64Array(lines * columns);
    for (let line = 0; line < lines; line++)
      for (let column = 0; column < columns; column++) {
        let total = 0;
        for (let row = 0; row < rows; row++) {
          const scale = scales.data[column * blocks + Math.floor(row / block)] as number;
          const code = codes.data[column * blocks * block + row] as number;
          total += (x.data[line * rows + row] as number) * (code - ZERO_CODE) * scale;
        }
        out[line * columns + column] = total;
      }
    return [out];
  },
  random: ({ inputs, attributes: { shape } }) => [uniform(first(inputs).data[0] ?? 0, sizeOf(shape))],
};

/** Where in a tensor of `shape` each index of lines along an axis points. */
function along(indices: Value, shape: Shape, axis: number): Int32Array {
  const strides = stridesOf(shape);
  const bases = walk(
    indices.shape,
    strides.map((stride, n) => (n === axis ? 0 : stride)),
    0,
  );
  return bases.map((base, n) => base + (indices.data[n] as number) * at(strides, axis));
}
