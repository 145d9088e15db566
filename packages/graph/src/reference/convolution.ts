/** Kernels of convolution, its gradients, and pooling. */
import { at, type Shape, sizeOf } from "../shape.ts";
import type { Attributes } from "../tensor.ts";
import { type Kernels, operand, shapeOf } from "./kernel.ts";

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

export const convolutions = {
  conv2d: ({ inputs, outputs, attributes }) => {
    const [x, kernel, shape] = [operand(inputs), operand(inputs, 1), shapeOf(outputs)];
    const out = new Float64Array(sizeOf(shape));
    meets(x.shape, kernel.shape, shape, attributes, (i, k, r) => {
      out[r] = (out[r] as number) + (x.data[i] as number) * (kernel.data[k] as number);
    });
    return [out];
  },
  conv2dInput: ({ inputs, attributes }) => {
    const [grad, kernel] = [operand(inputs), operand(inputs, 1)];
    const out = new Float64Array(sizeOf(attributes.shape));
    meets(attributes.shape, kernel.shape, grad.shape, attributes, (i, k, r) => {
      out[i] = (out[i] as number) + (grad.data[r] as number) * (kernel.data[k] as number);
    });
    return [out];
  },
  conv2dKernel: ({ inputs, attributes }) => {
    const [x, grad] = [operand(inputs), operand(inputs, 1)];
    const out = new Float64Array(sizeOf(attributes.shape));
    meets(x.shape, attributes.shape, grad.shape, attributes, (i, k, r) => {
      out[k] = (out[k] as number) + (grad.data[r] as number) * (x.data[i] as number);
    });
    return [out];
  },
  maxPool: ({ inputs, outputs, attributes: { kernel, strides } }) => {
    const x = operand(inputs);
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
} satisfies Partial<Kernels>;
