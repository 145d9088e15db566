/** Means with 95 % intervals of a few seeds, by Student's t. */

/** Two-sided 95 % quantiles by degrees of freedom, 1 to 30 (any table of the distribution); beyond, the normal's. */
const T = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];

/** @returns `half` of the interval's width, not a number for one value */
export function interval(values: readonly number[]): { mean: number; half: number } {
  const count = values.length;
  const mean = values.reduce((sum, x) => sum + x, 0) / count;
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (count - 1);
  return { mean, half: (T[count - 2] ?? 1.96) * Math.sqrt(variance / count) };
}
