/** Attention: each position reads from those before it. */
import {
  add,
  concat,
  constant,
  gather,
  matmul,
  reshape,
  rmsNorm,
  softmax,
  split,
  type Tensor,
  tap,
  transpose,
} from "@candor/graph";
import type { DecoderConfig } from "../config/decoder-config.ts";
import { type Rotation, rotate } from "./positions.ts";

export type Weights = (name: string) => Tensor;

/** [batch, kvHeads, time, headDim] each. */
export interface KeyValues {
  keys: Tensor;
  values: Tensor;
}

export interface AttentionInput {
  config: DecoderConfig;
  weights: Weights;
  /** Name of the block, `blocks.0`. */
  block: string;
  /** [batch, time, width], after the norm. */
  x: Tensor;
  rotation: Rotation | undefined;
  /** Added to scores: [batch or 1, 1, time, all positions], 0 or -Infinity. */
  mask: Tensor;
  /** Names of places that will be opened. */
  open: readonly string[];
  /** Positions of each text that look, int64 [batch, count]; all of them where it is not given. */
  at?: Tensor | undefined;
}

export interface AttentionOutput {
  /** [batch, time, width], or as many positions as look. */
  result: Tensor;
  /** All that was attended to. */
  seen: KeyValues;
}

function linear(weights: Weights, name: string, x: Tensor, bias: boolean): Tensor {
  const y = matmul(x, weights(`${name}.weight`));
  return bias ? add(y, weights(`${name}.bias`)) : y;
}

export function attention({
  config,
  weights,
  block,
  x,
  rotation,
  open,
  at,
  ...given
}: AttentionInput): AttentionOutput {
  const { heads, kvHeads, headDim } = config;
  const [batch = 0] = x.shape;
  const name = `${block}.attn`;
  const raw = projections(config, weights, name, x, open);
  const placed = (which: "q" | "k", given: Tensor): Tensor => {
    const normed = config.qkNorm ? rmsNorm(given, weights(`${name}.${which}Norm.weight`), config.norm.epsilon) : given;
    if (!rotation) return normed;
    const turned = rotate(normed, rotation);
    const hook = `${name}.hook_rot_${which}`;
    // TransformerLens's axes are [batch, time, head, headDim].
    return open.includes(hook) ? swapped(tap(hook, swapped(turned))) : turned;
  };
  const turned = placed("q", raw.q);
  const q = at ? rowsAt(turned, at) : turned;
  const mask = at ? rowsAt(given.mask, at) : given.mask;
  const time = q.shape[2] ?? 0;
  const seen = { keys: placed("k", raw.k), values: raw.v };
  const all = seen.keys.shape[2] ?? 0;
  const groups = heads / kvHeads;
  const grouped = (given: Tensor, length: number, count: number): Tensor =>
    groups === 1 ? given : reshape(given, [batch, kvHeads, count, length, headDim]);
  const products = matmul(grouped(q, time, groups), grouped(seen.keys, all, 1), {
    transposeB: true,
    alpha: 1 / Math.sqrt(headDim),
  });
  const scores = tap(`${name}.hook_attn_scores`, add(reshape(products, [batch, heads, time, all]), mask));
  const pattern = tap(`${name}.hook_pattern`, softmax(scores));
  const mixed = matmul(
    groups === 1 ? pattern : reshape(pattern, [batch, kvHeads, groups, time, all]),
    grouped(seen.values, all, 1),
  );
  const z = tap(`${name}.hook_z`, transpose(reshape(mixed, [batch, heads, time, headDim]), [0, 2, 1, 3]));
  return { result: linear(weights, `${name}.o`, reshape(z, [batch, time, heads * headDim]), config.biases.o), seen };
}

/**
 * @param x [batch or 1, heads or 1, time, n]
 * @param at int64 [batch, count]
 * @returns [batch, heads or 1, count, n]
 */
function rowsAt(x: Tensor, at: Tensor): Tensor {
  const [texts = 0, heads = 0, time = 0, n = 0] = x.shape;
  const [batch = 0, count = 0] = at.shape;
  const firsts = Array.from({ length: batch * heads }, (_, row) => (row % (texts * heads)) * time);
  const rows = add(reshape(at, [batch, 1, count]), constant(firsts, [batch, heads, 1], "int64"));
  return gather(reshape(x, [texts * heads * time, n]), rows);
}

/** Queries, keys and values: [batch, heads, time, headDim] each, before positions. */
function projections(
  { heads, kvHeads, headDim, biases }: DecoderConfig,
  weights: Weights,
  name: string,
  x: Tensor,
  open: readonly string[],
): Record<"q" | "k" | "v", Tensor> {
  const [batch = 0, time = 0] = x.shape;
  const opened = PARTS.some((part) => open.includes(`${name}.hook_${part}`));
  if (heads !== kvHeads || opened) {
    const part = (which: "q" | "k" | "v", count: number): Tensor => {
      const whole = reshape(linear(weights, `${name}.${which}`, x, biases.qkv), [batch, time, count, headDim]);
      return swapped(tap(`${name}.hook_${which}`, whole));
    };
    return { q: part("q", heads), k: part("k", kvHeads), v: part("v", kvHeads) };
  }
  // One product and one transpose for all three.
  const joined = (kind: string, axis: number): Tensor =>
    concat(
      PARTS.map((part) => weights(`${name}.${part}.${kind}`)),
      axis,
    );
  const product = matmul(x, joined("weight", 1));
  const whole = biases.qkv ? add(product, joined("bias", 0)) : product;
  const parts = transpose(reshape(whole, [batch, time, 3, heads, headDim]), [2, 0, 3, 1, 4]);
  const [q, k, v] = split(parts, 3, 0).map((part) => reshape(part, [batch, heads, time, headDim])) as [
    Tensor,
    Tensor,
    Tensor,
  ];
  return { q, k, v };
}

const PARTS = ["q", "k", "v"] as const;

const swapped = (x: Tensor): Tensor => transpose(x, [0, 2, 1, 3]);

/** What each position may see, added to its scores: [1, 1, time, time]. */
export const visibility = ({ bidirectional = false }: DecoderConfig, time: number): Tensor =>
  bidirectional ? constant(new Float32Array(time * time), [1, 1, time, time]) : causalMask(time);

/** 0 for positions up to one's own, -Infinity for later ones: [1, 1, time, time]. */
export function causalMask(time: number): Tensor {
  const values = new Float32Array(time * time);
  for (let row = 0; row < time; row++) values.fill(Number.NEGATIVE_INFINITY, row * time + row + 1, (row + 1) * time);
  return constant(values, [1, 1, time, time]);
}
