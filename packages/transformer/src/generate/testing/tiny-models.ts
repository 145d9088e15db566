/** Small decoders of every kind, with random weights. Tests only. */
import { compile, input, Runner } from "@candor/graph";
import { type DecoderConfig, weightShapes } from "../../config/decoder-config.ts";
import { decoder, weightInputs } from "../../model/decoder.ts";

export type Drawn = () => number;

/** Uniform numbers in [0, 1) of a seed (mulberry32). */
export function uniforms(seed: number): Drawn {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 15), z | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
  };
}

const GPT2: DecoderConfig = {
  layers: 2,
  heads: 3,
  kvHeads: 3,
  headDim: 8,
  width: 24,
  mlpWidth: 40,
  vocab: 61,
  context: 40,
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
const LLAMA: DecoderConfig = {
  ...GPT2,
  heads: 4,
  kvHeads: 2,
  headDim: 16,
  positions: { kind: "rotary", base: 10_000, fraction: 1, scaling: { kind: "none" } },
  norm: { kind: "rms", epsilon: 1e-6, bias: false },
  activation: "silu",
  gated: true,
  biases: { qkv: false, o: false, mlp: false },
  tied: false,
};

export const TINY = {
  "GPT-2": GPT2,
  "GPT-2 after the norm": { ...GPT2, normPlacement: "post", activation: "relu", tied: false },
  "GPT-NeoX": {
    ...GPT2,
    parallelResidual: true,
    positions: { kind: "rotary", base: 10_000, fraction: 0.5, scaling: { kind: "none" } },
    activation: "gelu",
    tied: false,
  },
  Llama: LLAMA,
  "Llama 3, stretched": {
    ...LLAMA,
    positions: {
      kind: "rotary",
      base: 500_000,
      fraction: 1,
      scaling: { kind: "llama3", factor: 8, lowFrequency: 1, highFrequency: 4, originalContext: 16 },
    },
  },
  Qwen2: { ...LLAMA, kvHeads: 1, biases: { qkv: true, o: false, mlp: false }, tied: true },
  "Qwen3 with heads of 10": { ...LLAMA, headDim: 10, qkNorm: true },
  "no positions, heads of 5": { ...GPT2, headDim: 5, positions: { kind: "none" } },
} as const satisfies Record<string, DecoderConfig>;

export function randomWeights(config: DecoderConfig, draw: Drawn): Map<string, Float32Array> {
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
  return new Map(
    Array.from(weightShapes(config), ([name, shape]) => {
      const size = shape.reduce((product, extent) => product * extent, 1);
      const norm = /[nN]orm\d?\.weight$/.test(name);
      const spread = name.endsWith("bias") || norm ? 0.2 : 1 / Math.sqrt(name === "embed.weight" ? 2 : (shape[0] ?? 1));
      return [name, Float32Array.from({ length: size }, () => (norm ? 1 : 0) + spread * normal())];
    }),
  );
}

/** Logits of every position, all computed anew: what generation must agree with. */
export async function plainLogits(
  config: DecoderConfig,
  weights: ReadonlyMap<string, Float32Array>,
  tokens: readonly number[],
): Promise<Float32Array[]> {
  const { logits } = decoder({
    config,
    weights: weightInputs(config).weights,
    tokens: input("tokens", [1, tokens.length], "int64"),
  });
  const runner = await Runner.load(compile({ outputs: { logits } }), { threads: 1 });
  const values = await runner.run({ ...Object.fromEntries(weights), tokens });
  await runner.release();
  const flat = values.logits as Float32Array;
  return tokens.map((_, n) => flat.slice(n * config.vocab, (n + 1) * config.vocab));
}
