/** Kernels of what takes axes together. */
import { type Shape, sizeOf } from "../shape.ts";
import { type Kernels, operand, shapeOf, type Value } from "./kernel.ts";
import { lines, places } from "./places.ts";

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

export const reductions = {
  sum: ({ inputs, outputs, attributes: { axes } }) => [
    reduced(operand(inputs), axes, shapeOf(outputs), 0, (a, b) => a + b),
  ],
  mean: ({ inputs, outputs, attributes: { axes } }) => {
    const share = sizeOf(shapeOf(outputs)) / operand(inputs).data.length;
    return [reduced(operand(inputs), axes, shapeOf(outputs), 0, (a, b) => a + b).map((total) => total * share)];
  },
  max: ({ inputs, outputs, attributes: { axes } }) => [
    reduced(operand(inputs), axes, shapeOf(outputs), -Infinity, Math.max),
  ],
  min: ({ inputs, outputs, attributes: { axes } }) => [
    reduced(operand(inputs), axes, shapeOf(outputs), Infinity, Math.min),
  ],
  argmax: ({ inputs, attributes: { axis } }) => {
    const x = operand(inputs);
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
    const x = operand(inputs);
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
    const x = operand(inputs);
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
} satisfies Partial<Kernels>;
