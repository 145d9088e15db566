import type { DecoderConfig } from "@candor/transformer";

/** The smallest of Radford et al. 2019. */
export const GPT2_SMALL: DecoderConfig = {
  layers: 12,
  heads: 12,
  kvHeads: 12,
  headDim: 64,
  width: 768,
  mlpWidth: 3_072,
  vocab: 50_257,
  context: 1_024,
  positions: { kind: "learned" },
  norm: { kind: "layer", epsilon: 1e-5, bias: true },
  normPlacement: "pre",
  parallelResidual: false,
  activation: "gelu_new",
  gated: false,
  biases: { qkv: true, o: true, mlp: true },
  qkNorm: false,
  tied: true,
};
