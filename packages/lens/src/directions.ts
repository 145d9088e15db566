/** Directions of a place's rows: found as a difference of means, read by projection. */
import type { Lens } from "./lens.ts";
import { LensError } from "./lens-error.ts";

/** Rows at one position of each text: the last where it is not given. */
export async function rowsAt(
  lens: Lens,
  place: string,
  tokens: readonly (readonly number[])[],
  position?: number,
): Promise<Float32Array[]> {
  const rows: Float32Array[] = [];
  // Texts of one length are run together.
  const byLength = Map.groupBy(tokens.entries(), ([, { length }]) => length);
  for (const [time, group] of byLength) {
    const cache = await lens.read(
      group.map(([, row]) => row),
      [place],
    );
    const { values, shape } = cache.at(place);
    const width = shape.slice(2).reduce((a, b) => a * b, 1);
    const at = position ?? time - 1;
    for (const [n, [text]] of group.entries())
      rows[text] = values.slice((n * time + at) * width, (n * time + at + 1) * width);
  }
  return rows;
}

/** mean of `to` - mean of `from`. @throws {LensError} for no rows, or of different widths */
export function differenceOfMeans(from: readonly Float32Array[], to: readonly Float32Array[]): Float32Array {
  const [a, b] = [meanRow(from), meanRow(to)];
  if (a.length !== b.length) throw new LensError(`Rows of ${a.length} and of ${b.length} numbers have no difference`);
  return b.map((x, n) => x - (a[n] as number));
}

export function meanRow(rows: readonly Float32Array[]): Float32Array {
  const width = rows[0]?.length;
  if (width === undefined) throw new LensError("There are no rows to take the mean of");
  const mean = new Float32Array(width);
  for (const row of rows)
    for (let n = 0; n < width; n++) mean[n] = (mean[n] as number) + (row[n] as number) / rows.length;
  return mean;
}

/** Of length 1. @throws {LensError} for one of length 0 */
export function unit(vector: ArrayLike<number>): Float64Array {
  const values = Float64Array.from(vector);
  const length = Math.hypot(...values);
  if (!(length > 0)) throw new LensError("A direction of length 0 points nowhere");
  return values.map((x) => x / length);
}

export const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let n = 0; n < a.length; n++) sum += (a[n] as number) * (b[n] as number);
  return sum;
};
