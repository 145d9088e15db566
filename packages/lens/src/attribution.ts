/** What each part of a model adds to a logit, read directly off the residual stream. */
import type { DecoderConfig } from "@candor/transformer";
import type { ActivationCache } from "./activation.ts";
import type { Lens, WeightMap } from "./lens.ts";
import { LensError } from "./lens-error.ts";
import type { Names } from "./places.ts";

export interface Contribution {
  /** `embed`, `positions`, `0.attn`, `0.2` for head 2 of layer 0, `0.mlp`, `bias`. */
  part: string;
  /** Of each row, in logits. */
  values: Float32Array;
}

/** Tokens with weights whose logits are summed up: a difference is [[right, 1], [wrong, -1]]. One for each row. */
export type Direction = readonly (readonly [token: number, weight: number])[];

/**
 * Direct logit attribution at one position: with the final norm's scale as it was, logits are linear in what was added to the residual
 * stream, and the parts add up to them.
 * @param by heads apart, or attention layer by layer
 * @throws {LensError} for a model whose norms come after the sums
 */
export async function logitAttribution(
  lens: Lens,
  tokens: readonly (readonly number[])[],
  directions: readonly Direction[],
  { position, by = "head" }: { position?: number; by?: "head" | "layer" } = {},
): Promise<Contribution[]> {
  const { config, weights } = lens;
  if (config.normPlacement !== "pre")
    throw new LensError(
      "Logits are not a sum over layers where norms come after the sums",
      "Patch activations instead.",
    );
  if (directions.length !== tokens.length)
    throw new LensError(`${directions.length} directions do not fit ${tokens.length} rows`);
  const { cache } = await lens.run(tokens, { read: (name) => READ.test(name) || (by === "head" && Z.test(name)) });
  const time = tokens[0]?.length ?? 0;
  const at = position ?? time - 1;
  const scale = config.norm.kind === "none" ? undefined : cache.at("ln_final.hook_scale").values;
  const towards = directions.map((direction, row) => {
    const { vector, bias } = readOut(config, weights, direction);
    const spread = scale?.[row * time + at] ?? 1;
    return { vector: vector.map((x) => x / spread), bias };
  });
  const parts: Contribution[] = [];
  const add = (part: string, value: (row: number) => number): void => {
    parts.push({ part, values: Float32Array.from(towards, (_, row) => value(row)) });
  };
  const { width, heads, headDim, layers } = config;
  const streamAt = (name: string) => (row: number) => {
    const from = name === "hook_pos_embed" ? at * width : (row * time + at) * width;
    return dot(cache.at(name).values, from, towards[row]?.vector ?? NONE, 0, width);
  };
  add("embed", streamAt("hook_embed"));
  if (config.positions.kind === "learned") add("positions", streamAt("hook_pos_embed"));
  for (let layer = 0; layer < layers; layer++) {
    const block = `blocks.${layer}`;
    if (by === "layer") add(`${layer}.attn`, streamAt(`${block}.hook_attn_out`));
    else {
      const z = cache.at(`${block}.attn.hook_z`).values;
      const out = weights.get(`${block}.attn.o.weight`) ?? NONE;
      for (let head = 0; head < heads; head++)
        add(`${layer}.${head}`, (row) => {
          let sum = 0;
          for (let k = 0; k < headDim; k++) {
            const active = z[((row * time + at) * heads + head) * headDim + k] as number;
            sum += active * dot(out, (head * headDim + k) * width, towards[row]?.vector ?? NONE, 0, width);
          }
          return sum;
        });
      const bias = weights.get(`${block}.attn.o.bias`);
      if (bias) add(`${layer}.attn.bias`, (row) => dot(bias, 0, towards[row]?.vector ?? NONE, 0, width));
    }
    if (config.mlpWidth > 0) add(`${layer}.mlp`, streamAt(`${block}.hook_mlp_out`));
  }
  if (config.norm.bias) add("bias", (row) => towards[row]?.bias ?? 0);
  return parts;
}

const NONE = new Float32Array();
const READ = /^(hook_embed|hook_pos_embed|blocks\.\d+\.hook_(attn|mlp)_out|ln_final\.hook_scale)$/;
const Z = /\.attn\.hook_z$/;

/** What a direction of logits is in the residual stream before the final norm, but for its scale; and what the norm's bias adds. */
export function readOut(
  config: DecoderConfig,
  weights: WeightMap,
  direction: Direction,
): { vector: Float64Array; bias: number } {
  const { width, vocab } = config;
  const table = weights.get(config.tied ? "embed.weight" : "unembed.weight") ?? NONE;
  const gain = weights.get("norm.weight");
  const shift = weights.get("norm.bias");
  const vector = new Float64Array(width);
  for (const [token, weight] of direction)
    for (let k = 0; k < width; k++)
      vector[k] =
        (vector[k] as number) + weight * (table[config.tied ? token * width + k : k * vocab + token] as number);
  const bias = shift ? dot(shift, 0, vector, 0, width) : 0;
  if (gain) for (let k = 0; k < width; k++) vector[k] = (vector[k] as number) * (gain[k] as number);
  // A layer norm takes the mean of the stream away: that is the same as taking it from what reads the stream.
  if (config.norm.kind === "layer") {
    const mean = vector.reduce((sum, x) => sum + x, 0) / width;
    for (let k = 0; k < width; k++) vector[k] = (vector[k] as number) - mean;
  }
  return { vector, bias };
}

function dot(a: ArrayLike<number>, from: number, b: ArrayLike<number>, fromB: number, length: number): number {
  let sum = 0;
  for (let k = 0; k < length; k++) sum += (a[from + k] as number) * (b[fromB + k] as number);
  return sum;
}

/**
 * The logit lens (nostalgebraist 2020): what the model would say if the residual stream after each layer were the last.
 * @returns [layer][row * pos * vocab]
 */
export async function logitLens(lens: Lens, tokens: readonly (readonly number[])[]): Promise<Float32Array[]> {
  const { layers } = lens.config;
  const names = Array.from({ length: layers }, (_, layer) => `blocks.${layer}.hook_resid_post`);
  const { cache, logits } = await lens.run(tokens, { read: names });
  const last = names.at(-1) ?? "";
  const said: Float32Array[] = [];
  for (const name of names.slice(0, -1)) {
    const { logits: here } = await lens.run(tokens, { edits: [{ at: last, to: cache.at(name).values }] });
    said.push(here);
  }
  return [...said, logits];
}

/**
 * Attribution patching (Nanda 2023; Syed et al. 2023, arXiv 2310.10348): to first order, how much the metric of the corrupted run
 * would change if a place were as in the clean run.
 * @returns for each place, as large as it: (clean - corrupted) x gradient
 */
export async function attributionPatching(
  lens: Lens,
  { clean, corrupted }: { clean: readonly (readonly number[])[]; corrupted: readonly (readonly number[])[] },
  metric: Parameters<Lens["gradients"]>[1],
  read: Names,
): Promise<Map<string, Float32Array>> {
  const shapes = [clean, corrupted].map((rows) => `${rows.length} x ${rows[0]?.length ?? 0}`);
  if (shapes[0] !== shapes[1])
    throw new LensError(
      `The pair has ${shapes[0]} and ${shapes[1]} tokens`,
      "Prompts of a pair have as many tokens each.",
    );
  const one = await lens.read(clean, read);
  const { gradients, cache: other } = await lens.gradients(corrupted, metric, { read });
  return new Map(
    Array.from(gradients, ({ place, values }) => [place.name, attributed(place.name, values, one, other)]),
  );
}

function attributed(
  name: string,
  gradient: Float32Array,
  clean: ActivationCache,
  corrupted: ActivationCache,
): Float32Array {
  const [a, b] = [clean.at(name).values, corrupted.at(name).values];
  return gradient.map((slope, n) => ((a[n] as number) - (b[n] as number)) * slope);
}

/** What a direction of the residual stream adds to each logit, but for the final norm's scale. */
export function unembedding({
  config,
  weights,
}: Pick<Lens, "config" | "weights">): (vector: ArrayLike<number>) => Float64Array {
  const { width, vocab, tied } = config;
  const table = weights.get(tied ? "embed.weight" : "unembed.weight") ?? NONE;
  const gain = weights.get("norm.weight");
  return (vector) => {
    const mean = config.norm.kind === "layer" ? Array.from(vector).reduce((sum, x) => sum + x, 0) / width : 0;
    const logits = new Float64Array(vocab);
    for (let k = 0; k < width; k++) {
      const value = ((vector[k] as number) - mean) * (gain?.[k] ?? 1);
      for (let token = 0; token < vocab; token++)
        logits[token] =
          (logits[token] as number) + value * (table[tied ? token * width + k : k * vocab + token] as number);
    }
    return logits;
  };
}
