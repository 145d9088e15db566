/** Kernels of what is done to each element by itself. */

import type { OpName } from "../tensor.ts";
import { erf } from "./erf.ts";
import { type Kernel, type Kernels, operand, same, shapeOf } from "./kernel.ts";
import { places, taken } from "./places.ts";

const map =
  <K extends OpName>(f: (x: number) => number): Kernel<K> =>
  ({ inputs }) => [operand(inputs).data.map(f)];

const zip =
  <K extends OpName>(f: (a: number, b: number) => number): Kernel<K> =>
  ({ inputs, outputs }) => {
    const [a, b, shape] = [operand(inputs), operand(inputs, 1), shapeOf(outputs)];
    const [left, right] = [places(a.shape, shape), places(b.shape, shape)];
    return [Float64Array.from(left, (place, n) => f(a.data[place] as number, b.data[right[n] as number] as number))];
  };

const number = (value: boolean): number => (value ? 1 : 0);
const SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);

export const elementwise = {
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
    operand(inputs).data.map((x) =>
      approximate === "none"
        ? 0.5 * x * (1 + erf(x * Math.SQRT1_2))
        : 0.5 * x * (1 + Math.tanh(SQRT_2_OVER_PI * (x + 0.044715 * x ** 3))),
    ),
  ],
  stopGradient: same,
  tap: same,
  cast: ({ inputs, attributes: { to } }) => [
    operand(inputs).data.map((x) =>
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
    const [condition, a, b] = [0, 1, 2].map((n) => taken(operand(inputs, n), places(operand(inputs, n).shape, shape)));
    return [Float64Array.from(condition ?? [], (holds, n) => (holds ? a : b)?.[n] ?? Number.NaN)];
  },
} satisfies Partial<Kernels>;
