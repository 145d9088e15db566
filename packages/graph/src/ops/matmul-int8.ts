/** Products with weights of one byte each: what bounds generation is how many bytes are read. */
import { GraphError } from "../errors.ts";
import { at, sameShape, show } from "../shape.ts";
import { build, mustBeFloat, type Tensor } from "../tensor.ts";

/** What a code of zero stands for. */
export const ZERO_CODE = 128;

/**
 * @param x [..., rows]
 * @param codes uint8 [columns, blocks, block]: a column of the matrix is `blocks` runs of `block` rows, the last filled up with 128
 * @param scales [columns * blocks]; an element of the matrix is (code - 128) * scale
 * @returns [..., columns]
 */
export function matmulInt8(x: Tensor, codes: Tensor, scales: Tensor): Tensor {
  const rows = at(x.shape, -1);
  const [columns = 0, blocks = 0, block = 0] = codes.shape;
  const fail = (why: string): GraphError =>
    new GraphError("matmulInt8", `${show(x.shape)} by codes ${show(codes.shape)}: ${why}`);
  mustBeFloat("matmulInt8", x, scales);
  if (codes.rank !== 3 || codes.dtype !== "uint8") throw fail("codes are uint8 [columns, blocks, block]");
  if (block < 16 || !Number.isInteger(Math.log2(block))) throw fail("a block is 16, 32, 64 ... long");
  if (blocks !== Math.ceil(rows / block)) throw fail(`${rows} rows are ${Math.ceil(rows / block)} blocks`);
  if (!sameShape(scales.shape, [columns * blocks])) throw fail(`scales are [${columns * blocks}], not ${scales}`);
  return build("matmulInt8", { rows, columns, block }, [x, codes, scales], {
    shape: [...x.shape.slice(0, -1), columns],
    dtype: x.dtype,
  });
}

/** A float matrix [rows, columns] as codes and scales: symmetric, so that zero stays zero. */
export function quantiseInt8(
  matrix: ArrayLike<number>,
  rows: number,
  columns: number,
  block: number,
): { codes: Uint8Array; scales: Float32Array } {
  const blocks = Math.ceil(rows / block);
  const codes = new Uint8Array(columns * blocks * block).fill(ZERO_CODE);
  const scales = new Float32Array(columns * blocks);
  for (let column = 0; column < columns; column++)
    for (let n = 0; n < blocks; n++) {
      const end = Math.min(rows, (n + 1) * block);
      let most = 0;
      for (let row = n * block; row < end; row++)
        most = Math.max(most, Math.abs(matrix[row * columns + column] as number));
      const scale = most / 127;
      scales[column * blocks + n] = scale;
      if (scale === 0) continue;
      const start = (column * blocks + n) * block - n * block;
      for (let row = n * block; row < end; row++)
        codes[start + row] = ZERO_CODE + Math.round((matrix[row * columns + column] as number) / scale);
    }
  return { codes, scales };
}
