/** Opens a model's folder in Hugging Face layout. */
import { join } from "node:path";
import { openCheckpoint } from "../checkpoint/open-checkpoint.ts";
import { checkWeights } from "../config/check-weights.ts";
import { type ModelConfig, parseModelConfig } from "../config/model-config.ts";
import { unpack } from "../config/weight-layout.ts";
import { tokenizerFromJson } from "../tokenizers/document-tokenizer.ts";
import type { Tokenizer } from "../tokenizers/tokenizer.ts";
import { TransformerError } from "../transformer-error.ts";
import { readJson } from "./read-json.ts";

export interface Weight {
  /** As in `weightShapes`. */
  name: string;
  shape: readonly number[];
  values: Float32Array;
}

export interface Pretrained extends AsyncDisposable {
  config: ModelConfig;
  /** One after the other: no more than one tensor of the file is in memory besides what the caller keeps. */
  weights(): AsyncGenerator<Weight>;
  close(): Promise<void>;
}

/**
 * @throws {TransformerError} when a file is missing or damaged, or config and weights contradict each other
 * @example
 * await using model = await openPretrained("models/gpt2");
 * for await (const { name, shape, values } of model.weights()) console.log(name, shape, values.length);
 */
export async function openPretrained(folder: string): Promise<Pretrained> {
  const path = join(folder, "config.json");
  const config = parseModelConfig(await readJson(path), path);
  const store = await openCheckpoint(folder);
  try {
    const found = checkWeights(config, store.tensors, folder);
    const close = () => store.close();
    return {
      config,
      async *weights() {
        for (const { stored, entry } of found) {
          const parts = unpack(entry, await store.float32(stored));
          for (const [i, { name, shape }] of entry.parts.entries())
            yield { name, shape, values: parts[i] ?? new Float32Array() };
        }
      },
      close,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** @param vocab how many tokens the model knows; a tokenizer with more is another model's */
export async function openTokenizer(folder: string, vocab?: number): Promise<Tokenizer> {
  const path = join(folder, "tokenizer.json");
  const tokenizer = tokenizerFromJson(await readJson(path), path);
  if (vocab !== undefined && tokenizer.vocabSize > vocab)
    throw new TransformerError(`${path} has ${tokenizer.vocabSize} tokens, the model only ${vocab}`);
  return tokenizer;
}
