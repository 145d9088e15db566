/** A model that learning begins with, or whose word is taken: opened from its folder, with what is needed to write and to read. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type ModelConfig, openPretrained, openTokenizer, type Tokenizer } from "@candor/transformer";
import { TrainingError } from "../training-error.ts";

export interface OpenModel {
  /** The folder itself, or the checkpoint that a run's folder leads to. */
  folder: string;
  config: ModelConfig;
  weights: Map<string, Float32Array>;
  tokenizer: Tokenizer;
  /** Ends texts. */
  end: number;
  /** Of its weights: the same for the same numbers. */
  hash: string;
}

/** @param folder in Hugging Face layout, or of a run, whose best checkpoint is taken and else its last */
export async function openModel(folder: string): Promise<OpenModel> {
  const found = [folder, join(folder, "best"), join(folder, "last")].find((each) =>
    existsSync(join(each, "config.json")),
  );
  if (found === undefined)
    throw new TrainingError(
      `${folder} holds no model`,
      "Give a folder with config.json, or one that candor train made.",
    );
  await using model = await openPretrained(found);
  const weights = new Map<string, Float32Array>();
  const digest = createHash("sha256");
  for await (const { name, values } of model.weights()) {
    weights.set(name, values);
    digest.update(name).update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  const { config } = model;
  const tokenizer = await openTokenizer(found, config.decoder.vocab);
  const [end] = config.tokens.end;
  if (end === undefined)
    throw new TrainingError(
      `${found} has no token that ends a text`,
      "Give a model whose config.json has eos_token_id.",
    );
  return { folder: found, config, weights, tokenizer, end, hash: digest.digest("hex").slice(0, 16) };
}

/** @throws {TrainingError} when a model reads other tokens than the one that writes */
export function mustShareTokenizer(writes: OpenModel, reads: OpenModel): void {
  if (JSON.stringify(writes.tokenizer) === JSON.stringify(reads.tokenizer)) return;
  throw new TrainingError(
    `${reads.folder} has another tokenizer than ${writes.folder}`,
    "A reward model must be made from the model that it judges, or from one with the same tokenizer.json.",
  );
}
