/** The weights in a model's folder, in one file or in shards. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { TransformerError } from "../transformer-error.ts";
import { openSafetensors, type StoredTensor, type TensorStore } from "./read-safetensors.ts";

export const SINGLE = "model.safetensors";
export const INDEX = "model.safetensors.index.json";

const Index = z.object({
  // A name that leads out of the folder would read any file of the machine.
  weight_map: z.record(z.string(), z.string().regex(/^[^/\\]+\.safetensors$/, "is no file beside the index")),
});

/** @throws {TransformerError} naming the shard or tensor that is missing */
export async function openCheckpoint(folder: string): Promise<TensorStore> {
  const path = join(folder, INDEX);
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new TransformerError(`${path}: ${error.message}`);
  });
  return text === undefined ? openSafetensors(join(folder, SINGLE)) : openShards(folder, parseIndex(text, path), path);
}

function parseIndex(text: string, path: string): Record<string, string> {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw new TransformerError(`${path} is not JSON`);
  }
  const parsed = Index.safeParse(document);
  if (parsed.success) return parsed.data.weight_map;
  const issue = parsed.error.issues[0];
  throw new TransformerError(`${path}: ${issue?.path.map(String).join(".") || "the document"}: ${issue?.message}`);
}

async function openShards(folder: string, weightMap: Record<string, string>, path: string): Promise<TensorStore> {
  const stores = new Map<string, TensorStore>();
  const close = async () => {
    for (const store of stores.values()) await store.close();
  };
  try {
    const tensors = new Map<string, StoredTensor>();
    for (const [name, file] of Object.entries(weightMap)) {
      const store = stores.get(file) ?? (await openSafetensors(join(folder, file)));
      stores.set(file, store);
      const tensor = store.tensors.get(name);
      if (tensor === undefined) throw new TransformerError(`${path}: tensor ${name} is not in ${file}`);
      tensors.set(name, tensor);
    }
    const holding = (name: string): TensorStore => {
      const store = stores.get(weightMap[name] ?? "");
      if (store === undefined) throw new TransformerError(`${folder} has no tensor ${name}`);
      return store;
    };
    return {
      tensors,
      metadata: {},
      bytes: async (name) => holding(name).bytes(name),
      float32: async (name) => holding(name).float32(name),
      close,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
