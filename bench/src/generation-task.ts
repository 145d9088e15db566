/** GPT-2's small shape with random weights, in a folder that both sides read, and a tokenizer for it that spells numbers. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { savePretrained, type Tokenizer, weightShapes } from "@candor/transformer";
import { GPT2_SMALL } from "./gpt2-small.ts";
import { uniformFrom } from "./uniform.ts";

export interface GenerationTask {
  folder: string;
  weights: Map<string, Float32Array>;
  /** Of one length: the peer's batch has no padding to pay for. */
  prompts: number[][];
}

export async function generationTask(): Promise<GenerationTask> {
  const uniform = uniformFrom(0);
  const weights = new Map(
    Array.from(weightShapes(GPT2_SMALL), ([name, shape]) => {
      const length = shape.reduce((product, extent) => product * extent, 1);
      const isNorm = name.includes("norm") && name.endsWith("weight");
      const draw = (): number => (isNorm ? 1 : 0.04 * (uniform() + uniform() + uniform() - 1.5));
      return [name, Float32Array.from({ length }, draw)];
    }),
  );
  const folder = mkdtempSync(join(tmpdir(), "candor-generation-"));
  await savePretrained(folder, { config: { family: "gpt2", decoder: GPT2_SMALL, tokens: { end: [] } }, weights });
  const prompts = Array.from({ length: 16 }, () =>
    Array.from({ length: 32 }, () => Math.floor(uniform() * GPT2_SMALL.vocab)),
  );
  writeFileSync(join(folder, "prompts.json"), JSON.stringify(prompts));
  return { folder, weights, prompts };
}

const unused = (): never => {
  throw new Error("this tokenizer only spells tokens");
};
export const spelling: Tokenizer = {
  vocabSize: GPT2_SMALL.vocab,
  bytes: (id) => Buffer.from(`${id} `),
  token: String,
  isSpecial: () => false,
  idOf: () => undefined,
  encode: unused,
  decode: unused,
  toJSON: unused,
};
