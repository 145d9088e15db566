/** Logistic regression with an L2 penalty, by full-batch gradient descent on standardised features: small and the same each time. */

export interface LogisticModel {
  /** Mean and deviation of each feature in training. */
  mean: number[];
  scale: number[];
  weights: number[];
  bias: number;
}

export interface Example {
  /** [features] */
  x: number[];
  y: 0 | 1;
  /** How much it counts. */
  weight: number;
}

const ROUNDS = 1_500;
const RATE = 0.4;

/**
 * @param examples at least one
 * @param penalty of the squared weights, per example
 */
export function fitLogistic(examples: readonly Example[], penalty: number): LogisticModel {
  const size = examples[0]?.x.length ?? 0;
  const total = examples.reduce((sum, { weight }) => sum + weight, 0);
  const over = (pick: (x: number[]) => number): number =>
    examples.reduce((sum, { x, weight }) => sum + weight * pick(x), 0) / total;
  const mean = Array.from({ length: size }, (_, at) => over((x) => x[at] ?? 0));
  const scale = mean.map((center, at) => Math.sqrt(over((x) => ((x[at] ?? 0) - center) ** 2)) || 1);
  const rows = examples.map(({ x, y, weight }) => ({ y, weight, z: standardised({ mean, scale }, x) }));
  const model: LogisticModel = { mean, scale, weights: new Array<number>(size).fill(0), bias: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    const slope = new Array<number>(size).fill(0);
    let biasSlope = 0;
    for (const { z, y, weight } of rows) {
      const error = (weight * (sigmoid(model.bias + dot(model.weights, z)) - y)) / total;
      biasSlope += error;
      for (let at = 0; at < size; at++) slope[at] = (slope[at] ?? 0) + error * (z[at] ?? 0);
    }
    model.bias -= RATE * biasSlope;
    model.weights = model.weights.map((weight, at) => weight - RATE * ((slope[at] ?? 0) + penalty * weight));
  }
  return model;
}

/** The probability that it is unsafe. */
export const probability = (model: LogisticModel, x: readonly number[]): number =>
  sigmoid(model.bias + dot(model.weights, standardised(model, x)));

/** The features that speak most for it, with what each adds to the log odds. */
export function contributions(model: LogisticModel, x: readonly number[]): { at: number; adds: number }[] {
  const z = standardised(model, x);
  return model.weights
    .map((weight, at) => ({ at, adds: weight * (z[at] ?? 0) }))
    .filter(({ adds }) => adds > 0)
    .sort((a, b) => b.adds - a.adds);
}

/** A run unlike all of those in training is not taken for an extreme one. */
const FAR = 2.5;

const standardised = ({ mean, scale }: Pick<LogisticModel, "mean" | "scale">, x: readonly number[]): number[] =>
  x.map((value, at) => Math.max(-FAR, Math.min(FAR, (value - (mean[at] ?? 0)) / (scale[at] ?? 1))));

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);

const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));
