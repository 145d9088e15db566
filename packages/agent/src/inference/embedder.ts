/** Vectors for texts, from an embedding model; for long-term memory where the operator configured one. */
import { attempt, PATIENCE } from "./attempts.ts";
import { boundedFetch } from "./bounded-fetch.ts";
import type { InferenceOptions } from "./inference.ts";
import { InferenceError } from "./inference-error.ts";
import { embeddingModel, nameModel } from "./provider.ts";

export interface Embedder {
  /** `provider:model`. */
  readonly model: string;
  /** One vector a text, in order. @throws {InferenceError}, or the signal's reason */
  embed(texts: readonly string[], signal: AbortSignal): Promise<number[][]>;
}

/** Texts in one call, at most. */
const BATCH = 64;

/** @throws {InferenceError} `config`, at once */
export function createEmbedder(
  config: { model: string; baseUrl?: string },
  options: Omit<InferenceOptions, "priceTable"> = {},
): Embedder {
  const name = nameModel(config, options.keys ?? {});
  if (name.provider === "anthropic") {
    throw new InferenceError("config", "Anthropic has no embedding models: use openai-compatible:NAME or ollama:NAME.");
  }
  const patience = { ...PATIENCE, ...options.patience };
  const fetch = boundedFetch(options.fetch ?? globalThis.fetch, options.maxBytes ?? 40_000_000);
  let loaded: ReturnType<typeof embeddingModel> | undefined;
  return {
    model: `${name.provider}:${name.model}`,
    async embed(texts, signal) {
      signal.throwIfAborted();
      loaded ??= embeddingModel(name, fetch);
      const provider = await loaded;
      const vectors: number[][] = [];
      for (let from = 0; from < texts.length; from += BATCH) {
        const values = texts.slice(from, from + BATCH);
        const { embeddings } = await attempt(
          async (abortSignal) => provider.doEmbed({ values, abortSignal }),
          signal,
          patience,
          name.key,
        );
        if (embeddings.length !== values.length) {
          throw new InferenceError(
            "malformed",
            `The embedding model gave ${embeddings.length} vectors for ${values.length} texts.`,
          );
        }
        vectors.push(...embeddings);
      }
      return vectors;
    },
  };
}
