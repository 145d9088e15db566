/** For each operation: the gradients of its inputs, given those of its outputs. Rules build graphs, so that they have gradients too. */
import { isFloat } from "../dtype.ts";
import { GraphError } from "../errors.ts";
import { conv2dInput, conv2dKernel, conv2dWith } from "../ops/convolution.ts";
import {
  add,
  cast,
  cos,
  div,
  equal,
  erf,
  exp,
  less,
  lessEqual,
  log,
  mul,
  neg,
  pow,
  sign,
  sin,
  square,
  sub,
  tanh,
  where,
  zerosLike,
} from "../ops/elementwise.ts";
import { gather, putAlong, scatterAdd, takeAlong } from "../ops/gather.ts";
import { matmul } from "../ops/matmul.ts";
import { softmax } from "../ops/normalise.ts";
import { cumulativeSum, mean, sum } from "../ops/reduce.ts";
import { broadcastTo, concat, pad, reshape, slice, transpose } from "../ops/shape.ts";
import { at, repeatedAxes, type Shape, withExtent } from "../shape.ts";
import { type Attributes, constant, type OpName, type Tensor } from "../tensor.ts";

export interface RuleInput<K extends OpName> {
  inputs: readonly Tensor[];
  outputs: readonly Tensor[];
  attributes: Attributes[K];
  /** Of each output; undefined where nothing depends on it. */
  grads: readonly (Tensor | undefined)[];
}

/** The gradient of each input; undefined where there is none. */
export type Rule<K extends OpName> = (given: RuleInput<K>) => readonly (Tensor | undefined)[];

/** Sums a gradient over what broadcasting repeated. */
export function unbroadcast(grad: Tensor, shape: Shape): Tensor {
  const axes = repeatedAxes(shape, grad.shape);
  return reshape(axes.length === 0 ? grad : sum(grad, axes, { keep: true }), shape);
}

/** Of one input and one output: dy by the derivative at x or at y. */
const elementwise =
  <K extends OpName>(derivative: (dy: Tensor, x: Tensor, y: Tensor) => Tensor | undefined): Rule<K> =>
  ({ inputs: [x], outputs: [y], grads: [dy] }) => [dy && x && y && derivative(dy, x, y)];

const binary =
  <K extends OpName>(
    derivatives: (dy: Tensor, a: Tensor, b: Tensor, y: Tensor) => [() => Tensor, () => Tensor],
  ): Rule<K> =>
  ({ inputs: [a, b], outputs: [y], grads: [dy] }) => {
    if (!(dy && a && b && y)) return [];
    const [left, right] = derivatives(dy, a, b, y);
    return [unbroadcast(left(), a.shape), unbroadcast(right(), b.shape)];
  };

/** An element that wins passes the whole gradient; those that tie share it. */
const extreme = <K extends "maximum" | "minimum">(better: (a: Tensor, b: Tensor) => Tensor): Rule<K> =>
  binary((dy, a, b) => {
    const half = mul(dy, 0.5);
    const tie = equal(a, b);
    return [() => where(tie, half, where(better(a, b), dy, 0)), () => where(tie, half, where(better(b, a), dy, 0))];
  });

const kept = (grad: Tensor, shape: Shape, axes: readonly number[]): Tensor =>
  reshape(
    grad,
    shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent)),
  );

const none = () => [];

const largest =
  <K extends "max" | "min">(): Rule<K> =>
  ({ inputs: [x], outputs: [y], attributes: { axes }, grads: [dy] }) => {
    if (!(x && y && dy)) return [];
    const wins = cast(equal(x, kept(y, x.shape, axes)), x.dtype);
    return [mul(wins, div(kept(dy, x.shape, axes), sum(wins, axes, { keep: true })))];
  };

const LN_2_OVER_SQRT_PI = Math.log(2 / Math.sqrt(Math.PI));
const SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);

/** Twice the derivative: a factor on what comes from a product costs nothing. */
function twiceGeluDerivative(x: Tensor, approximate: "none" | "tanh"): Tensor {
  if (approximate === "none") {
    // Twice the normal distribution's function, and twice x times its density.
    const scaled = mul(x, Math.SQRT1_2);
    return add(add(erf(scaled), 1), mul(scaled, exp(sub(LN_2_OVER_SQRT_PI, square(scaled)))));
  }
  const cube = mul(square(x), x);
  const t = tanh(mul(add(x, mul(cube, 0.044715)), SQRT_2_OVER_PI));
  const inner = mul(add(mul(square(x), 3 * 0.044715), 1), SQRT_2_OVER_PI);
  return add(add(t, 1), mul(mul(x, sub(1, square(t))), inner));
}

function matmulGradients({ inputs: [a, b], attributes, grads: [dy] }: RuleInput<"matmul">): (Tensor | undefined)[] {
  if (!(a && b && dy)) return [];
  const { transposeA, transposeB, alpha } = attributes;
  // Rows of a batch that meet one shared matrix are one tall matrix: one product instead of a sum of many.
  if (b.rank === 2 && a.rank > 2 && !transposeA) {
    const rows = reshape(a, [-1, at(a.shape, -1)]);
    const grad = reshape(dy, [-1, at(dy.shape, -1)]);
    const da = matmul(grad, b, { transposeB: !transposeB, alpha });
    const db = transposeB
      ? matmul(grad, rows, { transposeA: true, alpha })
      : matmul(rows, grad, { transposeA: true, alpha });
    return [reshape(da, a.shape), db];
  }
  const da = transposeA
    ? matmul(b, dy, { transposeA: transposeB, transposeB: true, alpha })
    : matmul(dy, b, { transposeB: !transposeB, alpha });
  const db = transposeB
    ? matmul(dy, a, { transposeA: true, transposeB: transposeA, alpha })
    : matmul(a, dy, { transposeA: !transposeA, alpha });
  return [unbroadcast(da, a.shape), unbroadcast(db, b.shape)];
}

function layerNormGradients({
  inputs: [x, weight, bias],
  outputs: [, average, scale],
  grads: [dy, dMean, dScale],
}: RuleInput<"layerNorm">) {
  if (!(x && weight && average && scale)) return [];
  const lines = x.shape.slice(0, -1).map((_, axis) => axis);
  const normalised = mul(sub(x, average), scale);
  let dx: Tensor | undefined;
  if (dy) {
    const g = mul(dy, weight);
    const centred = sub(
      sub(g, mean(g, -1, { keep: true })),
      mul(normalised, mean(mul(g, normalised), -1, { keep: true })),
    );
    dx = mul(centred, scale);
  }
  const more = (term: Tensor): void => {
    dx = dx ? add(dx, term) : broadcastTo(term, x.shape);
  };
  if (dMean) more(div(dMean, at(x.shape, -1)));
  // d(1/s)/dx = -(x - mean) / (n s^3)
  if (dScale) more(mul(mul(normalised, square(scale)), div(neg(dScale), at(x.shape, -1))));
  return [dx, dy && sum(mul(dy, normalised), lines), bias && dy && sum(dy, lines)];
}

function rmsNormGradients({ inputs: [x, weight], outputs: [, scale], grads: [dy, dScale] }: RuleInput<"rmsNorm">) {
  if (!(x && weight && scale)) return [];
  const lines = x.shape.slice(0, -1).map((_, axis) => axis);
  const normalised = mul(x, scale);
  let dx: Tensor | undefined;
  if (dy) {
    const g = mul(dy, weight);
    dx = mul(sub(g, mul(normalised, mean(mul(g, normalised), -1, { keep: true }))), scale);
  }
  if (dScale) {
    const term = mul(mul(normalised, square(scale)), div(neg(dScale), at(x.shape, -1)));
    dx = dx ? add(dx, term) : term;
  }
  return [dx, dy && sum(mul(dy, normalised), lines)];
}

/** What only generation uses. */
const refused = (operation: string) => (): never => {
  throw new GraphError(operation, "has no gradient: it is for generation");
};

export const rules: { readonly [K in OpName]: Rule<K> } = {
  input: none,
  constant: none,
  stopGradient: none,
  cachedAttention: refused("cachedAttention"),
  matmulInt8: refused("matmulInt8"),
  random: none,
  equal: none,
  less: none,
  lessEqual: none,
  and: none,
  or: none,
  not: none,
  argmax: none,
  sign: none,
  floor: none,
  tap: ({ grads }) => grads,
  neg: elementwise((dy) => neg(dy)),
  exp: elementwise((dy, _, y) => mul(dy, y)),
  log: elementwise((dy, x) => div(dy, x)),
  sqrt: elementwise((dy, _, y) => div(mul(dy, 0.5), y)),
  tanh: elementwise((dy, _, y) => mul(dy, sub(1, square(y)))),
  erf: elementwise((dy, x) => mul(dy, mul(exp(neg(square(x))), 2 / Math.sqrt(Math.PI)))),
  sigmoid: elementwise((dy, _, y) => mul(dy, mul(y, sub(1, y)))),
  abs: elementwise((dy, x) => mul(dy, sign(x))),
  // A comparison and a choice take ONNX Runtime three times as long.
  relu: elementwise((dy, _, y) => mul(dy, cast(less(0, y), dy.dtype))),
  sin: elementwise((dy, x) => mul(dy, cos(x))),
  cos: elementwise((dy, x) => neg(mul(dy, sin(x)))),
  reciprocal: elementwise((dy, _, y) => neg(mul(dy, square(y)))),
  gelu: ({ inputs: [x], attributes, grads: [dy] }) => [
    x && dy && mul(mul(dy, 0.5), twiceGeluDerivative(x, attributes.approximate)),
  ],
  cast: elementwise((dy, x) => (isFloat(x.dtype) ? cast(dy, x.dtype) : undefined)),
  add: binary((dy) => [() => dy, () => dy]),
  sub: binary((dy) => [() => dy, () => neg(dy)]),
  mul: binary((dy, a, b) => [() => mul(dy, b), () => mul(dy, a)]),
  div: binary((dy, _, b, y) => [() => div(dy, b), () => neg(div(mul(dy, y), b))]),
  pow: binary((dy, a, b, y) => [
    () => mul(dy, mul(b, pow(a, sub(b, 1)))),
    // 0 ** b is 0 whatever b is.
    () => mul(dy, mul(y, where(lessEqual(a, 0), 0, log(where(lessEqual(a, 0), 1, a))))),
  ]),
  maximum: extreme((a, b) => less(b, a)),
  minimum: extreme((a, b) => less(a, b)),
  where: ({ inputs: [condition, a, b], grads: [dy] }) =>
    condition && a && b && dy
      ? [undefined, unbroadcast(where(condition, dy, 0), a.shape), unbroadcast(where(condition, 0, dy), b.shape)]
      : [],
  matmul: matmulGradients,
  sum: ({ inputs: [x], attributes: { axes }, grads: [dy] }) => [
    x && dy && broadcastTo(kept(dy, x.shape, axes), x.shape),
  ],
  mean: ({ inputs: [x], outputs: [y], attributes: { axes }, grads: [dy] }) => [
    x && y && dy && broadcastTo(kept(mul(dy, y.size / x.size), x.shape, axes), x.shape),
  ],
  max: largest(),
  min: largest(),
  topK: ({ inputs: [x], outputs: [, indices], attributes: { axis }, grads: [dy] }) => [
    x && indices && dy && putAlong(x.shape, indices, dy, axis),
  ],
  cumulativeSum: ({ attributes: { axis, reverse }, grads: [dy] }) => [
    dy && cumulativeSum(dy, axis, { reverse: !reverse }),
  ],
  reshape: elementwise((dy, x) => reshape(dy, x.shape)),
  transpose: ({ attributes: { permutation }, grads: [dy] }) => [
    dy &&
      transpose(
        dy,
        permutation.map((_, axis) => permutation.indexOf(axis)),
      ),
  ],
  broadcast: elementwise((dy, x) => unbroadcast(dy, x.shape)),
  slice: ({ inputs: [x], attributes: { starts, steps }, grads: [dy] }) => {
    if (!(x && dy)) return [];
    let grad = dy;
    for (const [axis, step] of steps.entries()) if (step !== 1) grad = spread(grad, axis, step);
    const after = x.shape.map((extent, axis) => extent - at(starts, axis) - at(grad.shape, axis));
    // A last step may reach past the end.
    const cut = after
      .map((extent, axis) => (extent < 0 ? { axis, end: extent } : undefined))
      .filter((range) => range !== undefined);
    return [
      pad(
        cut.length > 0 ? slice(grad, ...cut) : grad,
        starts,
        after.map((extent) => Math.max(0, extent)),
      ),
    ];
  },
  pad: ({ inputs: [x], attributes: { before }, grads: [dy] }) => [
    x &&
      dy &&
      slice(dy, ...x.shape.map((extent, axis) => ({ axis, start: at(before, axis), end: at(before, axis) + extent }))),
  ],
  concat: ({ inputs, attributes: { axis }, grads: [dy] }) => {
    let start = 0;
    return inputs.map((part) => {
      const end = start + at(part.shape, axis);
      const grad = dy && slice(dy, { axis, start, end });
      start = end;
      return grad;
    });
  },
  split: ({ outputs, attributes: { axis }, grads }) => [
    concat(
      outputs.map((part, n) => grads[n] ?? zerosLike(part)),
      axis,
    ),
  ],
  gather: ({ inputs: [x, indices], attributes: { axis }, grads: [dy] }) => {
    if (!(x && indices && dy)) return [];
    const rest = x.shape.map((_, n) => n).filter((n) => n !== axis);
    // The places first, then the table's other axes.
    const places = indices.shape.map((_, n) => axis + n);
    const order = [...places, ...dy.shape.map((_, n) => n).filter((n) => !places.includes(n))];
    const table = scatterAdd([at(x.shape, axis), ...rest.map((n) => at(x.shape, n))], indices, transpose(dy, order));
    const back = [axis, ...rest];
    return [
      transpose(
        table,
        x.shape.map((_, n) => back.indexOf(n)),
      ),
    ];
  },
  scatterAdd: ({ inputs: [indices], grads: [dy] }) => [undefined, indices && dy && gather(dy, indices)],
  takeAlong: ({ inputs: [x, indices], attributes: { axis }, grads: [dy] }) => [
    x && indices && dy && putAlong(x.shape, indices, dy, axis),
  ],
  putAlong: ({ inputs: [indices], attributes: { axis }, grads: [dy] }) => [
    undefined,
    indices && dy && takeAlong(dy, indices, axis),
  ],
  softmax: ({ outputs: [y], attributes: { axis }, grads: [dy] }) => [
    y && dy && mul(y, sub(dy, sum(mul(dy, y), axis, { keep: true }))),
  ],
  logSoftmax: ({ inputs: [x], attributes: { axis }, grads: [dy] }) => [
    x && dy && sub(dy, mul(softmax(x, axis), sum(dy, axis, { keep: true }))),
  ],
  layerNorm: layerNormGradients,
  rmsNorm: rmsNormGradients,
  conv2d: ({ inputs: [x, kernel], attributes, grads: [dy] }) =>
    x && kernel && dy
      ? [conv2dInput(x.shape, dy, kernel, attributes), conv2dKernel(kernel.shape, x, dy, attributes)]
      : [],
  // Both are linear in each operand, so their gradients are the other two of the three.
  conv2dInput: ({ inputs: [grad, kernel], attributes, grads: [dx] }) =>
    grad && kernel && dx ? [conv2dWith(dx, kernel, attributes), conv2dKernel(kernel.shape, dx, grad, attributes)] : [],
  conv2dKernel: ({ inputs: [x, grad], attributes, grads: [dk] }) =>
    x && grad && dk ? [conv2dInput(x.shape, grad, dk, attributes), conv2dWith(x, dk, attributes)] : [],
  maxPool: ({ inputs: [x], outputs: [, places], grads: [dy] }) => [
    x && places && dy && reshape(scatterAdd([x.size], reshape(places, [-1]), reshape(dy, [-1])), x.shape),
  ],
};

/** Zeros between the elements along an axis. */
function spread(x: Tensor, axis: number, step: number): Tensor {
  const wide = reshape(x, [...x.shape.slice(0, axis + 1), 1, ...x.shape.slice(axis + 1)]);
  const filler = broadcastTo(constant(0, [], x.dtype), withExtent(wide.shape, axis + 1, step - 1));
  return reshape(concat([wide, filler], axis + 1), withExtent(x.shape, axis, at(x.shape, axis) * step));
}
