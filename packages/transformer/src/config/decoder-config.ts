/** The shape of a decoder, whichever family of models it comes from. */

/** How rotary frequencies are stretched for contexts longer than the model was first trained on. */
export type RotaryScaling =
  | { kind: "none" }
  | { kind: "llama3"; factor: number; lowFrequency: number; highFrequency: number; originalContext: number };

export type Positions =
  | { kind: "none" }
  | { kind: "learned" }
  /** `fraction` of each head is turned (Pythia: 0.25); halves are paired, as in GPT-NeoX and Llama. */
  | { kind: "rotary"; base: number; fraction: number; scaling: RotaryScaling };

export interface Norm {
  /** `none` is of models that were made by hand: what is added to the stream is read as it is. */
  kind: "layer" | "rms" | "none";
  epsilon: number;
  /** Only a layer norm may have one. */
  bias: boolean;
}

export type Activation = "gelu" | "gelu_new" | "relu" | "silu";

export interface DecoderConfig {
  layers: number;
  /** Heads of queries. */
  heads: number;
  /** Heads of keys and values: fewer than `heads` is grouped-query attention. */
  kvHeads: number;
  headDim: number;
  /** Of the residual stream. */
  width: number;
  /** 0 is attention alone: no MLP, no norm before it. */
  mlpWidth: number;
  vocab: number;
  context: number;
  positions: Positions;
  norm: Norm;
  /** Before attention and MLP, or after their sum with the residual stream. */
  normPlacement: "pre" | "post";
  /** Attention and MLP read the same residual stream and are added together (GPT-NeoX). */
  parallelResidual: boolean;
  activation: Activation;
  /** The MLP is `out(activation(gate(x)) * in(x))` instead of `out(activation(in(x)))`. */
  gated: boolean;
  biases: { qkv: boolean; o: boolean; mlp: boolean };
  /** Every position sees every other, not only those before it. */
  bidirectional?: boolean;
  /** RMS norm of each head's queries and keys before they are turned (Qwen3). */
  qkNorm: boolean;
  /** The unembedding is the embedding, transposed. */
  tied: boolean;
}

/** A model as a Hugging Face folder names it. */
export const FAMILIES = ["gpt2", "gpt_neox", "llama", "qwen2", "qwen3"] as const;
export type Family = (typeof FAMILIES)[number];

/** The tensors of a decoder, by their names here, with shapes. Weights are [in, out]: `y = x @ w + b`. */
export function weightShapes(config: DecoderConfig): Map<string, readonly number[]> {
  const { width, mlpWidth, vocab, context, heads, kvHeads, headDim, norm, biases } = config;
  const shapes = new Map<string, readonly number[]>();
  const linear = (name: string, from: number, to: number, bias: boolean) => {
    shapes.set(`${name}.weight`, [from, to]);
    if (bias) shapes.set(`${name}.bias`, [to]);
  };
  const normed = (name: string) => {
    if (norm.kind === "none") return;
    shapes.set(`${name}.weight`, [width]);
    if (norm.bias) shapes.set(`${name}.bias`, [width]);
  };
  shapes.set("embed.weight", [vocab, width]);
  if (config.positions.kind === "learned") shapes.set("positions.weight", [context, width]);
  for (let layer = 0; layer < config.layers; layer++) {
    const block = `blocks.${layer}`;
    normed(`${block}.norm1`);
    linear(`${block}.attn.q`, width, heads * headDim, biases.qkv);
    linear(`${block}.attn.k`, width, kvHeads * headDim, biases.qkv);
    linear(`${block}.attn.v`, width, kvHeads * headDim, biases.qkv);
    if (config.qkNorm) {
      shapes.set(`${block}.attn.qNorm.weight`, [headDim]);
      shapes.set(`${block}.attn.kNorm.weight`, [headDim]);
    }
    linear(`${block}.attn.o`, heads * headDim, width, biases.o);
    if (mlpWidth === 0) continue;
    normed(`${block}.norm2`);
    linear(`${block}.mlp.in`, width, mlpWidth, biases.mlp);
    if (config.gated) linear(`${block}.mlp.gate`, width, mlpWidth, biases.mlp);
    linear(`${block}.mlp.out`, mlpWidth, width, biases.mlp);
  }
  // After a post-norm block the stream is normed already.
  if (config.normPlacement === "pre") normed("norm");
  if (!config.tied) shapes.set("unembed.weight", [width, vocab]);
  return shapes;
}
