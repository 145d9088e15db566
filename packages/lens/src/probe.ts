/** Linear probes: what can be read from a place, and whether that says more of the place than of the probe (Hewitt and Liang 2019, arXiv 1909.03368). */
import { Matrix, solve } from "ml-matrix";
import { LensError } from "./lens-error.ts";

export interface Probe {
  /** ln(p / (1 - p)) = weights · row + bias. */
  weights: Float64Array;
  bias: number;
}

export interface ProbeOptions {
  /** Of the squared weights, in units of standardised rows. */
  ridge?: number;
}

/** Logistic regression by Newton's method (Fisher scoring) on standardised rows. @throws {LensError} for labels of one kind */
export function fitProbe(
  rows: readonly ArrayLike<number>[],
  labels: readonly boolean[],
  { ridge = 1 }: ProbeOptions = {},
): Probe {
  const width = rows[0]?.length ?? 0;
  if (rows.length !== labels.length) throw new LensError(`${labels.length} labels do not fit ${rows.length} rows`);
  if (labels.every((is) => is === labels[0]))
    throw new LensError("A probe needs rows of both kinds", "Give examples with the label and without.");
  const centre = Float64Array.from({ length: width }, (_, n) => mean(rows.map((row) => row[n] as number)));
  const spread = centre.map((at, n) => Math.sqrt(mean(rows.map((row) => ((row[n] as number) - at) ** 2))) || 1);
  const x = new Matrix(rows.length, width + 1);
  for (const [r, row] of rows.entries()) {
    for (let n = 0; n < width; n++) x.set(r, n, ((row[n] as number) - (centre[n] as number)) / (spread[n] as number));
    x.set(r, width, 1);
  }
  let beta = Matrix.zeros(width + 1, 1);
  const cost = Matrix.eye(width + 1).mul(ridge);
  cost.set(width, width, 1e-9);
  for (let round = 0; round < ROUNDS; round++) {
    const chance = x.mmul(beta).to1DArray().map(logistic);
    const weighted = x.clone();
    for (const [r, p] of chance.entries()) weighted.mulRow(r, Math.max(1e-9, p * (1 - p)));
    const slope = x
      .transpose()
      .mmul(Matrix.columnVector(chance.map((p, r) => Number(labels[r]) - p)))
      .sub(cost.mmul(beta));
    const step = solve(x.transpose().mmul(weighted).add(cost), slope);
    beta = beta.add(step);
    if (step.norm() < 1e-8) break;
  }
  const own = beta.to1DArray();
  const weights = spread.map((scale, n) => (own[n] as number) / scale);
  return { weights, bias: (own[width] as number) - weights.reduce((sum, w, n) => sum + w * (centre[n] as number), 0) };
}

const ROUNDS = 50;

export const probed = ({ weights, bias }: Probe, row: ArrayLike<number>): number =>
  weights.reduce((sum, w, n) => sum + w * (row[n] as number), bias);

export const accuracyOf = (probe: Probe, rows: readonly ArrayLike<number>[], labels: readonly boolean[]): number =>
  mean(rows.map((row, n) => Number(probed(probe, row) > 0 === labels[n])));

export interface Selectivity {
  accuracy: number;
  /** Of a probe of the same size for labels drawn by kind of input, so that only memory can get them right. */
  control: number;
  selectivity: number;
}

/**
 * @param kinds of each row what a control label is drawn for, the token, say
 * @param isTest of each row whether it is kept for the test
 * @param lot uniform in [0, 1)
 */
export function selectivity(
  rows: readonly ArrayLike<number>[],
  labels: readonly boolean[],
  kinds: readonly (string | number)[],
  isTest: readonly boolean[],
  lot: () => number,
  options: ProbeOptions = {},
): Selectivity {
  const drawn = new Map<string | number, boolean>();
  for (const kind of kinds) if (!drawn.has(kind)) drawn.set(kind, lot() < 0.5);
  const score = (wanted: readonly boolean[]): number => {
    const at = (side: boolean) =>
      rows.flatMap((row, n) => (isTest[n] === side ? [{ row, label: wanted[n] as boolean }] : []));
    const [train, test] = [at(false), at(true)];
    const probe = fitProbe(
      train.map(({ row }) => row),
      train.map(({ label }) => label),
      options,
    );
    return accuracyOf(
      probe,
      test.map(({ row }) => row),
      test.map(({ label }) => label),
    );
  };
  const accuracy = score(labels);
  const control = score(kinds.map((kind) => drawn.get(kind) ?? false));
  return { accuracy, control, selectivity: accuracy - control };
}

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
