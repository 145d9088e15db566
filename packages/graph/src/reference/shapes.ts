/** Kernels of what moves elements and changes none. */
import { at, sizeOf, stridesOf } from "../shape.ts";
import { type Kernels, operand, same, shapeOf } from "./kernel.ts";
import { places, taken, walk } from "./places.ts";

export const shapes = {
  reshape: same,
  transpose: ({ inputs, outputs, attributes: { permutation } }) => {
    const x = operand(inputs);
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
  broadcast: ({ inputs, attributes: { shape } }) => [taken(operand(inputs), places(operand(inputs).shape, shape))],
  slice: ({ inputs, outputs, attributes: { starts, steps } }) => {
    const x = operand(inputs);
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
    const x = operand(inputs);
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
    const x = operand(inputs);
    const strides = stridesOf(x.shape);
    return outputs.map(({ shape }, n) => taken(x, walk(shape, strides, n * at(shape, axis) * at(strides, axis))));
  },
} satisfies Partial<Kernels>;
