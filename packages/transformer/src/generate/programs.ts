/** The two programs of generation: a piece of a prompt for one row of the cache, and one token for every row. */
import {
  add,
  cachedAttention,
  compile,
  input,
  type Program,
  reshape,
  rmsNorm,
  slice,
  type Tensor,
} from "@candor/graph";
import type { DecoderConfig } from "../config/decoder-config.ts";
import { decoder } from "../model/decoder.ts";
import { rotate, rotation } from "../model/positions.ts";
import type { GenerationWeights } from "./generation-weights.ts";

export interface CacheShape {
  /** Rows: texts written at the same time. */
  batch: number;
  /** Positions of each row. */
  capacity: number;
}

/** Names of a layer's cache; each [batch, kvHeads, capacity, headWidth]. */
export const cacheNames = (layer: number): [keys: string, values: string] => [`keys.${layer}`, `values.${layer}`];

/** How a program of tokens ends: with what comes next, or with the token that was drawn. */
export type Ending = (logits: Tensor) => Record<string, Tensor>;

/**
 * Inputs: `tokens` and, where the model has any, `positions` int64 [batch, time], `last` int32 [batch] (where the newest token stands), `total` int32 []
 * (one more than the largest of them) and, with `time` above 1, `only` int64 [1]: which of the tokens to give logits of.
 * Output: `logits` [batch, 1, vocab], or what `ending` makes of them.
 */
export function generationProgram(
  config: DecoderConfig,
  weights: GenerationWeights,
  { batch, capacity }: CacheShape,
  time: number,
  ending: Ending = (logits) => ({ logits }),
): Program {
  const tokens = input("tokens", [batch, time], "int64");
  const positions = input("positions", [batch, time], "int64");
  const last = input("last", [batch], "int32");
  const total = input("total", [], "int32");
  const cache: Record<string, Tensor> = {};
  // Angles for no more places than a row has.
  const within = { ...config, context: Math.min(config.context, capacity) };
  const attend = attention(within, weights, positions, (layer, q, k, v) => {
    const shape = [batch, config.kvHeads, capacity, weights.headWidth];
    const [keysName, valuesName] = cacheNames(layer);
    const { mixed, keys, values } = cachedAttention({
      ...{ q, k, v, last, total },
      keys: input(keysName, shape),
      values: input(valuesName, shape),
      scale: 1 / Math.sqrt(config.headDim),
    });
    cache[keysName] = keys;
    cache[valuesName] = values;
    return mixed;
  });
  const { logits } = decoder({
    config,
    weights: weights.plain,
    tokens,
    positions,
    attend,
    product: weights.product,
    ...(time > 1 && { only: input("only", [1], "int64") }),
  });
  return compile({ outputs: ending(logits), inPlace: cache });
}

type Core = (layer: number, q: Tensor, k: Tensor, v: Tensor) => Tensor;

/** Queries, keys and values by one product, and what `core` makes of them. */
function attention(
  config: DecoderConfig,
  weights: GenerationWeights,
  positions: Tensor,
  core: Core,
): (layer: number, x: Tensor) => Tensor {
  const { heads, kvHeads, headDim, biases } = config;
  const { headWidth } = weights;
  const turn = config.positions.kind === "rotary" ? rotation(config, 0, positions) : undefined;
  // One angle for all heads of a position.
  const acrossHeads = (x: Tensor): Tensor => reshape(x, [...positions.shape, 1, x.shape.at(-1) ?? 0]);
  const angles = turn && { ...turn, cosines: acrossHeads(turn.cosines), sines: acrossHeads(turn.sines) };
  return (layer, x) => {
    const name = `blocks.${layer}.attn`;
    const [batch = 0, time = 0] = x.shape;
    const product = weights.product(x, `${name}.qkv.weight`);
    const whole = biases.qkv ? add(product, weights.plain(`${name}.qkv.bias`)) : product;
    const [endOfQ, endOfK] = [heads * headWidth, (heads + kvHeads) * headWidth];
    const placed = (part: Tensor, count: number, norm: string): Tensor => {
      if (!angles && !config.qkNorm) return part;
      const apart = reshape(part, [batch, time, count, headWidth]);
      const epsilon = (config.norm.epsilon * headDim) / headWidth;
      const normed = config.qkNorm ? rmsNorm(apart, weights.plain(`${name}.${norm}.weight`), epsilon) : apart;
      return reshape(angles ? rotate(normed, angles) : normed, [batch, time, count * headWidth]);
    };
    const q = placed(slice(whole, { axis: 2, end: endOfQ }), heads, "qNorm");
    const k = placed(slice(whole, { axis: 2, start: endOfQ, end: endOfK }), kvHeads, "kNorm");
    const v = slice(whole, { axis: 2, start: endOfK });
    const result = weights.product(core(layer, q, k, v), `${name}.out.weight`);
    return biases.o ? add(result, weights.plain(`${name}.o.bias`)) : result;
  };
}
