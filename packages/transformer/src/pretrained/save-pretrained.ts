/** Writes a model's folder in Hugging Face layout, so that `transformers` opens it. */
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeAtomically } from "../checkpoint/atomic-file.ts";
import { BYTES, type FloatDtype, fromFloat32 } from "../checkpoint/dtype.ts";
import { INDEX, SINGLE } from "../checkpoint/open-checkpoint.ts";
import { type TensorToWrite, writeSafetensors } from "../checkpoint/write-safetensors.ts";
import { weightEntries } from "../config/check-weights.ts";
import { weightShapes } from "../config/decoder-config.ts";
import { type ModelConfig, modelConfigToJson, SCORE_HEAD } from "../config/model-config.ts";
import { pack, type WeightEntry } from "../config/weight-layout.ts";
import type { Tokenizer } from "../tokenizers/tokenizer.ts";
import { TransformerError } from "../transformer-error.ts";

export interface ModelToSave {
  config: ModelConfig;
  /** By the names of `weightShapes`. */
  weights: ReadonlyMap<string, Float32Array>;
  tokenizer?: Tokenizer;
}

const TORCH = { F32: "float32", F16: "float16", BF16: "bfloat16" } as const;

/**
 * Each file is replaced whole or not at all; `config.json` comes last.
 * @throws {TransformerError} before anything is written, when a weight is missing, extra, or of another size
 */
export async function savePretrained(
  folder: string,
  { config, weights, tokenizer }: ModelToSave,
  { dtype = "F32", maxShardBytes = 5e9 }: { dtype?: FloatDtype; maxShardBytes?: number } = {},
): Promise<void> {
  const document = modelConfigToJson(config, TORCH[dtype]);
  checkSizes(config, weights);
  if (tokenizer !== undefined && tokenizer.vocabSize > config.decoder.vocab)
    throw new TransformerError(
      `The tokenizer has ${tokenizer.vocabSize} tokens, the model only ${config.decoder.vocab}`,
    );
  await mkdir(folder, { recursive: true });
  const shards = shardsOf(weightEntries(config), BYTES[dtype], maxShardBytes);
  const nameOf = (shard: number) =>
    shards.length === 1 ? SINGLE : `model-${five(shard + 1)}-of-${five(shards.length)}.safetensors`;
  for (const [i, entries] of shards.entries()) {
    const tensors = new Map(entries.map((entry) => [entry.name, packed(entry, weights, dtype)]));
    await writeSafetensors(join(folder, nameOf(i)), tensors);
  }
  const json = (name: string, value: unknown) =>
    writeAtomically(join(folder, name), (file) => file.writeFile(`${JSON.stringify(value, null, 2)}\n`));
  if (shards.length > 1) {
    const map = Object.fromEntries(shards.flatMap((entries, i) => entries.map(({ name }) => [name, nameOf(i)])));
    const bytes = weightEntries(config).reduce((sum, { shape }) => sum + sizeOf(shape) * BYTES[dtype], 0);
    await json(INDEX, { metadata: { total_size: bytes }, weight_map: map });
  }
  if (tokenizer) await json("tokenizer.json", tokenizer);
  await json("config.json", document);
  await removeOthers(folder, new Set([...shards.keys()].map(nameOf)));
}

const five = (n: number) => String(n).padStart(5, "0");
const sizeOf = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1);

function checkSizes({ decoder, scored }: ModelConfig, weights: ReadonlyMap<string, Float32Array>): void {
  const shapes = weightShapes(decoder);
  if (scored) shapes.set(SCORE_HEAD, [1, decoder.width]);
  for (const [name, shape] of shapes) {
    const values = weights.get(name);
    if (values?.length === sizeOf(shape)) continue;
    const has = values === undefined ? "is missing" : `has ${values.length} numbers`;
    throw new TransformerError(`Weight ${name} [${shape.join(", ")}] ${has}`);
  }
  for (const name of weights.keys())
    if (!shapes.has(name)) throw new TransformerError(`Weight ${name} is not of such a decoder`);
}

/** What the family has and the decoder has not (biases of a GPT-2 without) is zero. */
function packed(entry: WeightEntry, weights: ReadonlyMap<string, Float32Array>, dtype: FloatDtype): TensorToWrite {
  const parts = entry.parts.map(({ name, shape }) => weights.get(name) ?? new Float32Array(sizeOf(shape)));
  return { dtype, shape: entry.shape, bytes: fromFloat32(pack(entry, parts), dtype) };
}

function shardsOf(entries: readonly WeightEntry[], bytesEach: number, most: number): WeightEntry[][] {
  const shards: WeightEntry[][] = [[]];
  let size = 0;
  for (const entry of entries) {
    const bytes = sizeOf(entry.shape) * bytesEach;
    if (size > 0 && size + bytes > most) {
      shards.push([]);
      size = 0;
    }
    shards.at(-1)?.push(entry);
    size += bytes;
  }
  return shards;
}

/** Weights of an earlier model, which would be read instead of these (an index) or lie there for nothing. */
async function removeOthers(folder: string, written: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(folder)) {
    const weights = name === SINGLE || /^model-\d{5}-of-\d{5}\.safetensors$/.test(name);
    if (name === INDEX ? written.has(SINGLE) : weights && !written.has(name)) await rm(join(folder, name));
  }
}
