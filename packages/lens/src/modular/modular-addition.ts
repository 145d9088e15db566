/**
 * How a network adds modulo p, after Nanda et al. 2023 (arXiv 2301.05217): which frequencies it uses, how far its logits are a sum of
 * cos(w(a + b - c)), and what it would say with those alone, or without them.
 */
import { type FourierBasis, fourierBasis, frequencyShares } from "./fourier.ts";

/** What a network says of each pair: logits [p * p, p], pair (a, b) in row a * p + b. */
export interface SaidOfPairs {
  modulus: number;
  logits: Float32Array;
}

/** A neuron is of a frequency when so much of its variation is. */
const IS_OF_A_FREQUENCY = 0.85;
/** Frequencies of fewer of the neurons that are of any are left out. */
const LEAST_SHARE = 0.02;

/**
 * Frequencies to which MLP neurons belong, largest clusters first.
 * @param neurons activations after the nonlinearity at the last position, [p * p, neurons]
 */
export function keyFrequencies(
  modulus: number,
  neurons: Float32Array,
): { frequencies: number[]; ofAFrequency: number } {
  const basis = fourierBasis(modulus);
  const pairs = modulus * modulus;
  const count = neurons.length / pairs;
  const clusters = new Map<number, number>();
  let alive = 0;
  for (let neuron = 0; neuron < count; neuron++) {
    const table = Float32Array.from({ length: pairs }, (_, pair) => neurons[pair * count + neuron] as number);
    if (table.every((x) => x === table[0])) continue;
    alive++;
    const shares = frequencyShares(basis, table);
    const best = shares.reduce((top, share, n) => (share > (shares[top] as number) ? n : top), 0);
    if ((shares[best] as number) < IS_OF_A_FREQUENCY) continue;
    clusters.set(best + 1, (clusters.get(best + 1) ?? 0) + 1);
  }
  const belonging = [...clusters.values()].reduce((a, b) => a + b, 0);
  const frequencies = [...clusters]
    .filter(([, size]) => size >= LEAST_SHARE * belonging)
    .toSorted((a, b) => b[1] - a[1])
    .map(([frequency]) => frequency);
  return { frequencies, ofAFrequency: alive === 0 ? 0 : belonging / alive };
}

export interface FormulaFit {
  /** To each frequency, the weight of cos(w(a + b - c)). */
  coefficients: Map<number, number>;
  /** Share of the logits' variance over tokens that the sum explains; what is the same for every token of a pair does not count. */
  rSquared: number;
}

/** The least-squares fit of logit(c) = sum of weights of cos(2 pi k (a + b - c) / p) over the frequencies k. */
export function fitFormula({ modulus, logits }: SaidOfPairs, frequencies: readonly number[]): FormulaFit {
  const centred = centredRows(logits, modulus);
  // Mean logit by how far the token is from the right one: all that a sum of such cosines can see.
  const byDistance = new Float64Array(modulus);
  let total = 0;
  for (let pair = 0; pair < modulus * modulus; pair++) {
    const right = rightOf(pair, modulus);
    for (let token = 0; token < modulus; token++) {
      const value = centred[pair * modulus + token] as number;
      total += value * value;
      const far = (right - token + modulus) % modulus;
      byDistance[far] = (byDistance[far] as number) + value / (modulus * modulus);
    }
  }
  const coefficients = new Map<number, number>();
  let explained = 0;
  for (const k of frequencies) {
    let along = 0;
    for (let far = 0; far < modulus; far++)
      along += (byDistance[far] as number) * Math.cos((2 * Math.PI * k * far) / modulus);
    const weight = (2 / modulus) * along;
    coefficients.set(k, weight);
    explained += (weight * weight * modulus * modulus * modulus) / 2;
  }
  return { coefficients, rSquared: explained / total };
}

/**
 * The network's algorithm written anew: the sum of rotations that agree on a + b, and no weight of the network in it.
 * @returns the residue with the largest sum of weight * cos(2 pi k (a + b - c) / p)
 */
export function addByRotations(
  a: number,
  b: number,
  modulus: number,
  coefficients: ReadonlyMap<number, number>,
): number {
  let [best, most] = [0, Number.NEGATIVE_INFINITY];
  for (let c = 0; c < modulus; c++) {
    let sum = 0;
    for (const [k, weight] of coefficients) {
      const w = (2 * Math.PI * k) / modulus;
      // cos(w(a + b)) cos(wc) + sin(w(a + b)) sin(wc), each made of products of cosines and sines of a and of b.
      const cosine = Math.cos(w * a) * Math.cos(w * b) - Math.sin(w * a) * Math.sin(w * b);
      const sine = Math.sin(w * a) * Math.cos(w * b) + Math.cos(w * a) * Math.sin(w * b);
      sum += weight * (cosine * Math.cos(w * c) + sine * Math.sin(w * c));
    }
    if (sum > most) [best, most] = [c, sum];
  }
  return best;
}

/** What the network says of each pair, [p * p]. */
export function answersOf({ modulus, logits }: SaidOfPairs): Int32Array {
  return Int32Array.from({ length: modulus * modulus }, (_, pair) => {
    const row = logits.subarray(pair * modulus, (pair + 1) * modulus);
    return row.reduce((top, x, n) => (x > (row[top] as number) ? n : top), 0);
  });
}

/** Mean loss in nats of the right answers on some pairs, in doubles: log(1 + x) of the others, so that the smallest losses stay. */
export function lossOn(logits: ArrayLike<number>, modulus: number, pairs: ArrayLike<number>): number {
  let sum = 0;
  for (let n = 0; n < pairs.length; n++) {
    const pair = pairs[n] as number;
    const right = rightOf(pair, modulus);
    const own = logits[pair * modulus + right] as number;
    let others = 0;
    let top = own;
    for (let token = 0; token < modulus; token++) top = Math.max(top, logits[pair * modulus + token] as number);
    for (let token = 0; token < modulus; token++)
      if (token !== right) others += Math.exp((logits[pair * modulus + token] as number) - top);
    sum += top === own ? Math.log1p(others) : top - own + Math.log(others + Math.exp(own - top));
  }
  return sum / pairs.length;
}

export interface ProgressMeasures {
  /** Of logits made of the key frequencies' cos and sin of w(a + b) alone, on all pairs. */
  restrictedLoss: number;
  /** Of logits with those taken away, on the pairs that were trained on. */
  excludedLoss: number;
}

export function progressMeasures(
  { modulus, logits }: SaidOfPairs,
  frequencies: readonly number[],
  trained: ArrayLike<number>,
): ProgressMeasures {
  const basis = fourierBasis(modulus);
  const kept = onSums(basis, logits, frequencies);
  const bias = new Float64Array(modulus);
  const pairs = modulus * modulus;
  for (const [n, x] of logits.entries()) bias[n % modulus] = (bias[n % modulus] as number) + x / pairs;
  const restricted = kept.map((x, n) => x + (bias[n % modulus] as number));
  const excluded = kept.map((x, n) => (logits[n] as number) - x);
  return {
    restrictedLoss: lossOn(
      restricted,
      modulus,
      Int32Array.from({ length: pairs }, (_, n) => n),
    ),
    excludedLoss: lossOn(excluded, modulus, trained),
  };
}

/** The part of the logits that is a sum of cos(w(a + b)) and sin(w(a + b)) of some frequencies, token by token. */
function onSums({ modulus, rows }: FourierBasis, logits: Float32Array, frequencies: readonly number[]): Float64Array {
  const bySum = new Float64Array(modulus * modulus);
  for (let pair = 0; pair < modulus * modulus; pair++) {
    const sum = rightOf(pair, modulus);
    for (let token = 0; token < modulus; token++)
      bySum[sum * modulus + token] =
        (bySum[sum * modulus + token] as number) + (logits[pair * modulus + token] as number) / modulus;
  }
  const part = new Float64Array(modulus * modulus);
  for (const wave of frequencies.flatMap((k) => [rows[2 * k - 1], rows[2 * k]]) as Float64Array[])
    for (let token = 0; token < modulus; token++) {
      let along = 0;
      for (let sum = 0; sum < modulus; sum++) along += (bySum[sum * modulus + token] as number) * (wave[sum] as number);
      for (let sum = 0; sum < modulus; sum++)
        part[sum * modulus + token] = (part[sum * modulus + token] as number) + along * (wave[sum] as number);
    }
  const out = new Float64Array(logits.length);
  for (let pair = 0; pair < modulus * modulus; pair++) {
    const sum = rightOf(pair, modulus);
    out.set(part.subarray(sum * modulus, (sum + 1) * modulus), pair * modulus);
  }
  return out;
}

const rightOf = (pair: number, modulus: number): number => (Math.floor(pair / modulus) + (pair % modulus)) % modulus;

function centredRows(logits: Float32Array, modulus: number): Float64Array {
  const centred = Float64Array.from(logits);
  for (let from = 0; from < centred.length; from += modulus) {
    const row = centred.subarray(from, from + modulus);
    const mean = row.reduce((sum, x) => sum + x, 0) / modulus;
    for (let n = 0; n < modulus; n++) row[n] = (row[n] as number) - mean;
  }
  return centred;
}
