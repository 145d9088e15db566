/** From logits to a token: pure functions, each one rule of sampling. */
import { TransformerError } from "../transformer-error.ts";
import { uniformAt } from "./uniform-at.ts";

export interface SamplingOptions {
  /** 0 takes the likeliest token; 1 draws from the model's own distribution. */
  temperature?: number;
  /** Keeps the k likeliest. */
  topK?: number;
  /** Keeps the fewest likeliest that together have at least this probability. */
  topP?: number;
  /** Keeps those at least this share as likely as the likeliest. */
  minP?: number;
  /** Above 1, logits of tokens already in the text are made smaller (Keskar et al. 2019, arXiv 1909.05858). */
  repetitionPenalty?: number;
  /** The same seed, model, prompt and options give the same text. */
  seed?: number | bigint;
}

export type Sampling = Required<SamplingOptions>;

/** @throws {TransformerError} naming the option that cannot be */
export function samplingOf(options: SamplingOptions): Sampling {
  const whole = { temperature: 1, topK: 0, topP: 1, minP: 0, repetitionPenalty: 1, seed: 0, ...options };
  const within: [keyof SamplingOptions, boolean, string][] = [
    ["temperature", whole.temperature >= 0 && whole.temperature < Number.POSITIVE_INFINITY, "0 or more"],
    ["topK", Number.isSafeInteger(whole.topK) && whole.topK >= 0, "a whole number, 0 for all"],
    ["topP", whole.topP > 0 && whole.topP <= 1, "above 0 and at most 1"],
    ["minP", whole.minP >= 0 && whole.minP <= 1, "between 0 and 1"],
    ["repetitionPenalty", whole.repetitionPenalty > 0 && whole.repetitionPenalty < Number.POSITIVE_INFINITY, "above 0"],
    ["seed", typeof whole.seed === "bigint" || Number.isSafeInteger(whole.seed), "a whole number"],
  ];
  for (const [name, holds, wanted] of within)
    if (!holds) throw new TransformerError(`${name} must be ${wanted}, not ${whole[name]}`);
  return whole;
}

/**
 * @param logits [vocab]; not changed
 * @param place of the token in the answer: with the seed it gives the random number
 * @param allowed whether a token may come; not given, any may
 */
export function sample(
  logits: Float32Array,
  sampling: Sampling,
  { place, text, allowed }: { place: number; text: Iterable<number>; allowed?: (token: number) => boolean },
): number {
  const scores = penalised(logits, text, sampling.repetitionPenalty);
  if (allowed)
    for (let token = 0; token < scores.length; token++) if (!allowed(token)) scores[token] = Number.NEGATIVE_INFINITY;
  if (sampling.temperature === 0) return likeliest(scores);
  const probabilities = softmax(scores, sampling.temperature);
  keepTopK(probabilities, sampling.topK);
  keepTopP(probabilities, sampling.topP);
  keepMinP(probabilities, sampling.minP);
  return draw(probabilities, uniformAt(sampling.seed, place));
}

/** A copy in which tokens of the text are less likely. */
export function penalised(logits: Float32Array, text: Iterable<number>, penalty: number): Float32Array {
  const scores = logits.slice();
  if (penalty === 1) return scores;
  for (const token of new Set(text)) {
    const logit = scores[token] as number;
    scores[token] = logit > 0 ? logit / penalty : logit * penalty;
  }
  return scores;
}

/** The first of the largest. @throws {TransformerError} when there is none: all are -Infinity or not a number */
export function likeliest(scores: ArrayLike<number>): number {
  let best = -1;
  let most = Number.NEGATIVE_INFINITY;
  for (let token = 0; token < scores.length; token++) {
    const score = scores[token] as number;
    if (score > most) [best, most] = [token, score];
  }
  if (best === -1) throw new TransformerError("The model has no token to offer: every logit is -Infinity or NaN");
  return best;
}

export function softmax(scores: ArrayLike<number>, temperature: number): Float64Array {
  const most = scores[likeliest(scores)] as number;
  const probabilities = new Float64Array(scores.length);
  let total = 0;
  for (let token = 0; token < scores.length; token++) {
    // An infinite logit leaves nothing to the others.
    const score = scores[token] as number;
    const weight = score === most ? 1 : Math.exp((score - most) / temperature);
    probabilities[token] = weight;
    total += weight;
  }
  for (let token = 0; token < scores.length; token++) probabilities[token] = (probabilities[token] as number) / total;
  return probabilities;
}

/** In place: zeros for all but the k largest, of equals the first; 0 keeps all. */
export function keepTopK(probabilities: Float64Array, k: number): void {
  if (k === 0 || k >= probabilities.length) return;
  const kept = largest(probabilities, k);
  const values = kept.map((token) => probabilities[token] as number);
  probabilities.fill(0);
  for (const [n, token] of kept.entries()) probabilities[token] = values[n] as number;
}

/** In place: zeros for all but the smallest set of largest ones whose share of the whole is at least p. */
export function keepTopP(probabilities: Float64Array, p: number): void {
  if (p >= 1) return;
  const total = probabilities.reduce((sum, each) => sum + each, 0);
  // All smaller ones together have less than 1 - p, so none of them is needed to reach p.
  const floor = ((1 - p) * total) / probabilities.length;
  const candidates: number[] = [];
  for (let token = 0; token < probabilities.length; token++)
    if ((probabilities[token] as number) >= floor) candidates.push(token);
  candidates.sort((a, b) => (probabilities[b] as number) - (probabilities[a] as number) || a - b);
  let mass = 0;
  let size = 0;
  while (mass < p * total && size < candidates.length) mass += probabilities[candidates[size++] as number] as number;
  const kept = candidates.slice(0, size).map((token) => [token, probabilities[token] as number] as const);
  probabilities.fill(0);
  for (const [token, probability] of kept) probabilities[token] = probability;
}

/** In place: zeros for those less likely than a share of the likeliest. */
export function keepMinP(probabilities: Float64Array, share: number): void {
  if (share === 0) return;
  const floor = share * probabilities.reduce((most, each) => Math.max(most, each), 0);
  for (let token = 0; token < probabilities.length; token++)
    if ((probabilities[token] as number) < floor) probabilities[token] = 0;
}

/** @param uniform in [0, 1) */
export function draw(probabilities: Float64Array, uniform: number): number {
  let left = uniform * probabilities.reduce((sum, each) => sum + each, 0);
  let last = -1;
  for (let token = 0; token < probabilities.length; token++) {
    const probability = probabilities[token] as number;
    if (probability === 0) continue;
    last = token;
    left -= probability;
    if (left < 0) return token;
  }
  // Rounding may leave a little over.
  return last;
}

/** The places of the k largest, largest first, of equals the first. */
export function largest(values: ArrayLike<number>, k: number): number[] {
  const before = (a: number, b: number): number => (values[b] as number) - (values[a] as number) || a - b;
  // Twice k at most are kept unsorted; sorting them now and then raises the bar that a value must clear.
  let kept: number[] = [];
  let bar = Number.NEGATIVE_INFINITY;
  for (let place = 0; place < values.length; place++) {
    if (kept.length >= k && !((values[place] as number) > bar)) continue;
    kept.push(place);
    if (kept.length < 2 * k) continue;
    kept = kept.sort(before).slice(0, k);
    bar = values[kept.at(-1) as number] as number;
  }
  return kept.sort(before).slice(0, k);
}

/** Log of the model's own probability of a token, before any rule of sampling. */
export function logProbabilities(logits: Float32Array): (token: number) => number {
  const most = logits[likeliest(logits)] as number;
  let total = 0;
  for (const logit of logits) total += Math.exp(logit - most);
  const normaliser = most + Math.log(total);
  return (token) => (logits[token] as number) - normaliser;
}
