/** Which model is meant, where it is, and what is needed to call it. Provider packages are loaded when first used. */
import { InferenceError } from "./inference-error.ts";

/** Keys as the app read them; this package never looks at the environment. */
export interface ProviderKeys {
  openai?: string | undefined;
  anthropic?: string | undefined;
}

export interface ModelName {
  provider: "openai-compatible" | "anthropic" | "ollama";
  model: string;
  baseUrl: string;
  key: string | undefined;
  /** On this machine: costs nothing and needs no key. */
  local: boolean;
}

const DEFAULT_URL = {
  "openai-compatible": "https://api.openai.com/v1",
  anthropic: "https://api.anthropic.com/v1",
  ollama: "http://127.0.0.1:11434",
};

/**
 * @param config `provider:model` and, where it is not the provider's own, the base URL
 * @throws {InferenceError} `config`
 */
export function nameModel(
  config: { model?: string | undefined; baseUrl?: string | undefined },
  keys: ProviderKeys,
): ModelName {
  const hint = "give one as openai-compatible:NAME, anthropic:NAME or ollama:NAME";
  if (!config.model) throw new InferenceError("config", `The llm mind needs a model: ${hint}.`);
  const colon = config.model.indexOf(":");
  const provider = config.model.slice(0, Math.max(0, colon));
  const model = config.model.slice(colon + 1);
  if (provider !== "openai-compatible" && provider !== "anthropic" && provider !== "ollama") {
    throw new InferenceError("config", `Unknown model "${config.model}": ${hint}.`);
  }
  if (model === "") throw new InferenceError("config", `The model "${config.model}" has no name: ${hint}.`);

  const baseUrl = (config.baseUrl ?? DEFAULT_URL[provider]).replace(/\/+$/, "");
  const url = URL.parse(baseUrl);
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    throw new InferenceError(
      "config",
      `The base URL "${baseUrl}" is not an http address, such as http://127.0.0.1:8080/v1.`,
    );
  }
  const local = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  const key = provider === "anthropic" ? keys.anthropic : provider === "openai-compatible" ? keys.openai : undefined;
  if (!key && !local && provider === "anthropic") throw missing("Anthropic", "ANTHROPIC_API_KEY");
  if (!key && !local && provider === "openai-compatible") throw missing(url.host, "OPENAI_API_KEY");
  return { provider, model, baseUrl, key, local };
}

function missing(who: string, variable: string): InferenceError {
  return new InferenceError(
    "config",
    `No key for ${who}: set ${variable}, or give --base-url of a server on this machine.`,
  );
}

async function openAICompatible(baseURL: string, key: string | undefined, fetch: typeof globalThis.fetch) {
  const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");
  return createOpenAICompatible({ name: "openai-compatible", baseURL, fetch, ...(key ? { apiKey: key } : {}) });
}

export async function languageModel(name: ModelName, fetch: typeof globalThis.fetch) {
  const { model, baseUrl: baseURL, key } = name;
  switch (name.provider) {
    case "openai-compatible": {
      return (await openAICompatible(baseURL, key, fetch)).chatModel(model);
    }
    case "anthropic": {
      const { createAnthropic } = await import("@ai-sdk/anthropic");
      return createAnthropic({ baseURL, fetch, apiKey: key ?? "none" }).languageModel(model);
    }
    case "ollama": {
      const { createOllama } = await import("ollama-ai-provider-v2");
      return createOllama({ baseURL: ollamaUrl(baseURL), fetch }).languageModel(model);
    }
  }
}

export async function embeddingModel(name: ModelName, fetch: typeof globalThis.fetch) {
  const { model, baseUrl: baseURL, key } = name;
  switch (name.provider) {
    case "openai-compatible": {
      return (await openAICompatible(baseURL, key, fetch)).embeddingModel(model);
    }
    case "anthropic":
      throw new InferenceError(
        "config",
        "Anthropic has no embedding models: use openai-compatible:NAME or ollama:NAME.",
      );
    case "ollama": {
      const { createOllama } = await import("ollama-ai-provider-v2");
      return createOllama({ baseURL: ollamaUrl(baseURL), fetch }).embedding(model);
    }
  }
}

/** The provider expects the path of the API. */
const ollamaUrl = (baseUrl: string): string => (baseUrl.endsWith("/api") ? baseUrl : `${baseUrl}/api`);
