/** Whether a file's tensors are the weights that a config asks for. */
import { TransformerError } from "../transformer-error.ts";
import { type ModelConfig, rulesOf, SCORE_HEAD } from "./model-config.ts";
import type { WeightEntry } from "./weight-layout.ts";

/** A tensor of the file, by the name it has there, and what it holds. */
export interface FoundWeight {
  stored: string;
  entry: WeightEntry;
}

/** Every tensor of a model of that config, by Hugging Face's names. */
export function weightEntries({ family, decoder, scored = false }: ModelConfig): WeightEntry[] {
  const entries = rulesOf(family).weights(decoder);
  if (!scored) return entries;
  const head = { name: SCORE_HEAD, shape: [1, decoder.width] };
  return [...entries, { ...head, layout: { kind: "plain" }, parts: [head] }];
}

/**
 * @param place the file or folder, for messages
 * @throws {TransformerError} naming a tensor that is missing, extra, or of another shape, with both shapes
 */
export function checkWeights(
  config: ModelConfig,
  tensors: ReadonlyMap<string, { shape: readonly number[] }>,
  place = "model.safetensors",
): FoundWeight[] {
  const { prefix, buffers, unembed } = rulesOf(config.family);
  const fail = (problem: string) =>
    new TransformerError(`${place}: ${problem}`, "config.json and the weights must come from the same model.");
  const unclaimed = new Set(tensors.keys());
  const found = weightEntries(config).map((entry): FoundWeight => {
    const bare = entry.name.startsWith(prefix) ? entry.name.slice(prefix.length) : entry.name;
    const stored = tensors.has(entry.name) ? entry.name : bare;
    const tensor = tensors.get(stored);
    if (tensor === undefined) throw fail(`tensor ${entry.name} ${shown(entry.shape)} is missing`);
    if (tensor.shape.join() !== entry.shape.join())
      throw fail(`tensor ${stored} is ${shown(tensor.shape)}, but config.json asks for ${shown(entry.shape)}`);
    unclaimed.delete(stored);
    return { stored, entry };
  });
  for (const name of unclaimed) {
    if (buffers.test(name) || (config.decoder.tied && name === unembed)) continue;
    throw fail(
      `tensor ${name} ${shown(tensors.get(name)?.shape ?? [])} is not of a ${config.family} as config.json says`,
    );
  }
  return found;
}

const shown = (shape: readonly number[]) => `[${shape.join(", ")}]`;
