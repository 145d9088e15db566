/** Kernels of matrix products. */
import { ZERO_CODE } from "../ops/matmul-int8.ts";
import { at, sizeOf } from "../shape.ts";
import { type KernelInput, type Kernels, operand, shapeOf, type Value } from "./kernel.ts";
import { places } from "./places.ts";

function matmul({
  inputs,
  outputs,
  attributes: { transposeA, transposeB, alpha },
}: KernelInput<"matmul">): Float64Array[] {
  const [a, b, shape] = [operand(inputs), operand(inputs, 1), shapeOf(outputs)];
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

export const products = {
  matmul,
  matmulInt8: ({ inputs, attributes: { rows, columns, block } }) => {
    const [x, codes, scales] = [operand(inputs), operand(inputs, 1), operand(inputs, 2)];
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
} satisfies Partial<Kernels>;
