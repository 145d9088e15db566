/** A model of one layer with random weights and bytes for tokens, in a folder. Tests only. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bytesTokenizer, type DecoderConfig, savePretrained, weightShapes } from "@candor/transformer";

const decoder: DecoderConfig = {
  layers: 1,
  heads: 2,
  kvHeads: 2,
  headDim: 8,
  width: 16,
  mlpWidth: 32,
  vocab: 258,
  context: 512,
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

/** @param files further files of the folder, by name */
export async function tinyModel(files: Record<string, unknown> = {}, context = decoder.context): Promise<string> {
  const config = { ...decoder, context };
  let state = 7;
  const uniform = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const weights = new Map(
    Array.from(weightShapes(config), ([name, shape]) => {
      const length = shape.reduce((product, extent) => product * extent, 1);
      const isNorm = name.includes("norm") && name.endsWith("weight");
      return [name, Float32Array.from({ length }, () => (isNorm ? 1 : 2 * (uniform() - 0.5)))];
    }),
  );
  const folder = mkdtempSync(join(tmpdir(), "candor-tiny-"));
  const tokenizer = bytesTokenizer({ special: ["<|end|>", "<|turn|>"] });
  await savePretrained(folder, {
    config: { family: "gpt2", decoder: config, tokens: { end: [256] } },
    weights,
    tokenizer,
  });
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
  return folder;
}
