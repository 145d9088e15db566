/** Kernels of softmax and the norms. */
import { at } from "../shape.ts";
import { type Kernels, operand, type Value } from "./kernel.ts";
import { lines } from "./places.ts";

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

export const normalising = {
  softmax: ({ inputs, attributes: { axis } }) => [softmaxLines(operand(inputs), axis, false)],
  logSoftmax: ({ inputs, attributes: { axis } }) => [softmaxLines(operand(inputs), axis, true)],
  layerNorm: ({ inputs, attributes: { epsilon } }) => {
    const [x, weight, bias] = [operand(inputs), operand(inputs, 1), inputs[2]];
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
    const [x, weight] = [operand(inputs), operand(inputs, 1)];
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
} satisfies Partial<Kernels>;
