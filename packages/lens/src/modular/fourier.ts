/** The Fourier basis of the whole numbers modulo an odd p: 1, and cos and sin of each frequency, as orthonormal rows. */

export interface FourierBasis {
  readonly modulus: number;
  /** Frequencies 1 to (p - 1) / 2; rows 2k - 1 and 2k are cos and sin of k. */
  readonly frequencies: readonly number[];
  /** [p][p]. */
  readonly rows: readonly Float64Array[];
}

/** @throws {RangeError} for a modulus that is even or below 3 */
export function fourierBasis(modulus: number): FourierBasis {
  if (!Number.isInteger(modulus) || modulus < 3 || modulus % 2 === 0)
    throw new RangeError(`A modulus is odd and at least 3, not ${modulus}`);
  const frequencies = Array.from({ length: (modulus - 1) / 2 }, (_, n) => n + 1);
  const wave = (f: (angle: number) => number, k: number): Float64Array =>
    Float64Array.from(
      { length: modulus },
      (_, a) => Math.sqrt(2 / modulus) * f((2 * Math.PI * ((k * a) % modulus)) / modulus),
    );
  const rows = [
    new Float64Array(modulus).fill(1 / Math.sqrt(modulus)),
    ...frequencies.flatMap((k) => [wave(Math.cos, k), wave(Math.sin, k)]),
  ];
  return { modulus, frequencies, rows };
}

/** Coefficients of a table [p, p] in the basis along both axes: [p, p], the same sum of squares. */
export function fourier2d({ modulus, rows }: FourierBasis, table: ArrayLike<number>): Float64Array {
  const along = (values: ArrayLike<number>): Float64Array => {
    // Transforms the second axis and turns the table around, so that twice is both.
    const out = new Float64Array(modulus * modulus);
    for (let row = 0; row < modulus; row++)
      for (const [k, wave] of rows.entries()) {
        let sum = 0;
        for (let a = 0; a < modulus; a++) sum += (values[row * modulus + a] as number) * (wave[a] as number);
        out[k * modulus + row] = sum;
      }
    return out;
  };
  return along(along(table));
}

/**
 * For each frequency the share of a table's variation (all but its constant) that is made of that frequency alone: of its cos and sin
 * in one argument or both, as products of at most two.
 * @returns [(p - 1) / 2]
 */
export function frequencyShares(basis: FourierBasis, table: ArrayLike<number>): Float64Array {
  const { modulus, frequencies } = basis;
  const coefficients = fourier2d(basis, table);
  let total = 0;
  for (let n = 1; n < coefficients.length; n++) total += (coefficients[n] as number) ** 2;
  return Float64Array.from(frequencies, (k) => {
    const own = [0, 2 * k - 1, 2 * k];
    let power = 0;
    for (const row of own)
      for (const column of own) if (row + column > 0) power += (coefficients[row * modulus + column] as number) ** 2;
    return total === 0 ? 0 : power / total;
  });
}
