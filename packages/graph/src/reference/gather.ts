/** Kernels of what reads and adds where indices say. */
import { at, type Shape, sizeOf, stridesOf } from "../shape.ts";
import { type Kernels, operand, type Value } from "./kernel.ts";
import { taken, walk } from "./places.ts";

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

export const gathering = {
  gather: ({ inputs, attributes: { axis } }) => {
    const [x, indices] = [operand(inputs), operand(inputs, 1)];
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
    const [indices, updates] = [operand(inputs), operand(inputs, 1)];
    const inner = sizeOf(shape.slice(1));
    const out = new Float64Array(sizeOf(shape));
    for (const [row, index] of indices.data.entries())
      for (let n = 0; n < inner; n++)
        out[index * inner + n] = (out[index * inner + n] as number) + (updates.data[row * inner + n] as number);
    return [out];
  },
  takeAlong: ({ inputs, attributes: { axis } }) => {
    const [x, indices] = [operand(inputs), operand(inputs, 1)];
    return [taken(x, along(indices, x.shape, axis))];
  },
  putAlong: ({ inputs, attributes: { axis, shape } }) => {
    const [indices, updates] = [operand(inputs), operand(inputs, 1)];
    const out = new Float64Array(sizeOf(shape));
    for (const [n, place] of along(indices, shape, axis).entries())
      out[place] = (out[place] as number) + (updates.data[n] as number);
    return [out];
  },
} satisfies Partial<Kernels>;
