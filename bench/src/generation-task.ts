/** GPT-2's small shape with random weights, in a folder that both sides read, and a tokenizer for it that spells numbers. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DecoderConfig, savePretrained, type Tokenizer, weightShapes } from "@candor/transformer";

export const SHAPE: DecoderConfig = {
  layers: 12,
  heads: 12,
  kvHeads: 12,
  headDim: 64,
  width: 768,
  mlpWidth: 3072,
  vocab: 50_257,
  context: 1024,
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

export interface GenerationTask {
  folder: string;
  weights: Map<string, Float32Array>;
  /** Of one length: the peer's batch has no padding to pay for. */
  prompts: number[][];
}

export async function generationTask(): Promise<GenerationTask> {
  let state = 1;
  const uniform = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const weights = new Map(
    Array.from(weightShapes(SHAPE), ([name, shape]) => {
      const length = shape.reduce((product, extent) => product * extent, 1);
      const isNorm = name.includes("norm") && name.endsWith("weight");
      const draw = (): number => (isNorm ? 1 : 0.04 * (uniform() + uniform() + uniform() - 1.5));
      return [name, Float32Array.from({ length }, draw)];
    }),
  );
  const folder = mkdtempSync(join(tmpdir(), "candor-generation-"));
  await savePretrained(folder, { config: { family: "gpt2", decoder: SHAPE, tokens: { end: [] } }, weights });
  const prompts = Array.from({ length: 16 }, () =>
    Array.from({ length: 32 }, () => Math.floor(uniform() * SHAPE.vocab)),
  );
  writeFileSync(join(folder, "prompts.json"), JSON.stringify(prompts));
  return { folder, weights, prompts };
}

const unused = (): never => {
  throw new Error("this tokenizer only spells tokens");
};
export const spelling: Tokenizer = {
  vocabSize: SHAPE.vocab,
  bytes: (id) => Buffer.from(`${id} `),
  token: String,
  isSpecial: () => false,
  idOf: () => undefined,
  encode: unused,
  decode: unused,
  toJSON: unused,
};
