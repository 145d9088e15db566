/** A model as a picture needs it: its parts in order, each with how many numbers it has. */
import type { Lens } from "../lens.ts";
import { modelHash } from "../model-hash.ts";

export interface Architecture {
  hash: string;
  parameters: number;
  layers: { layer: number; attention: number; mlp: number; norms: number }[];
  embedding: number;
  positions: number;
  /** 0 where the embedding is used again. */
  unembedding: number;
  shape: {
    width: number;
    heads: number;
    kvHeads: number;
    headDim: number;
    mlpWidth: number;
    vocab: number;
    context: number;
    positions: string;
    norm: string;
    activation: string;
  };
}

export function architecture(lens: Pick<Lens, "config" | "weights">): Architecture {
  const { config, weights } = lens;
  const count = (is: (name: string) => boolean): number =>
    [...weights].reduce((sum, [name, { length }]) => sum + (is(name) ? length : 0), 0);
  const { width, heads, kvHeads, headDim, mlpWidth, vocab, context, activation } = config;
  return {
    hash: modelHash(lens),
    parameters: count(() => true),
    embedding: count((name) => name === "embed.weight"),
    positions: count((name) => name === "positions.weight"),
    unembedding: count((name) => name === "unembed.weight"),
    layers: Array.from({ length: config.layers }, (_, layer) => ({
      layer,
      attention: count((name) => name.startsWith(`blocks.${layer}.attn.`)),
      mlp: count((name) => name.startsWith(`blocks.${layer}.mlp.`)),
      norms: count((name) => name.startsWith(`blocks.${layer}.norm`)),
    })),
    shape: {
      ...{ width, heads, kvHeads, headDim, mlpWidth, vocab, context },
      ...{
        positions: config.positions.kind,
        norm: config.norm.kind,
        activation: config.gated ? `gated ${activation}` : activation,
      },
    },
  };
}
