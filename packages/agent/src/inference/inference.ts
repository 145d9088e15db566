/** The warden's calls to a language model, for minds that may not make them: metered, bounded, tried again. */
import type { MindConfig } from "@candor/store";
import type { InferenceRequest, InferenceResult, ToolDescription } from "../mind.ts";
import { countTokens } from "../minds/llm/tokens.ts";
import { attempt, PATIENCE, type Patience } from "./attempts.ts";
import { boundedFetch } from "./bounded-fetch.ts";
import { cost, PRICES, type PriceTable, priceOf } from "./prices.ts";
import { languageModel, nameModel, type ProviderKeys } from "./provider.ts";

export interface InferenceOptions {
  keys?: ProviderKeys;
  /** {@link PRICES} when absent; `readPrices` reads the operator's. */
  priceTable?: PriceTable;
  fetch?: typeof globalThis.fetch;
  patience?: Partial<Patience>;
  /** Bytes that an answer may have; 4 MB when absent. */
  maxBytes?: number;
}

export interface Inference {
  /** `provider:model`. */
  readonly model: string;
  /** Things the operator should know, such as a model without a price. */
  readonly notices: readonly string[];
  /** The most that a call may cost, in US dollars. */
  estimate(request: InferenceRequest): number;
  /** @throws {import("./inference-error.ts").InferenceError}, or the signal's reason */
  infer(request: InferenceRequest, signal: AbortSignal): Promise<InferenceResult>;
}

/**
 * @throws {import("./inference-error.ts").InferenceError} `config`, at once: unknown provider, missing key, wrong base URL
 * @example
 * const inference = createInference({ kind: "llm", model: "ollama:qwen3" }, {});
 * const { calls } = await inference.infer(request, AbortSignal.timeout(60_000));
 */
export function createInference(config: MindConfig, options: InferenceOptions = {}): Inference {
  const name = nameModel(config, options.keys ?? {});
  const patience = { ...PATIENCE, ...options.patience };
  const fetch = boundedFetch(options.fetch ?? globalThis.fetch, options.maxBytes ?? 4_000_000);
  const model = `${name.provider}:${name.model}`;
  const price = priceOf(model, options.priceTable ?? PRICES) ?? (name.local ? { input: 0, output: 0 } : undefined);
  const notices = price
    ? []
    : [`No price is known for ${model}: its calls count as $0. Give a price table to have them counted.`];
  let loaded: ReturnType<typeof languageModel> | undefined;

  return {
    model,
    notices,
    estimate: (request) => cost(price, promptTokens(request), request.maxTokens),
    async infer(request, signal) {
      signal.throwIfAborted();
      loaded ??= languageModel(name, fetch);
      const provider = await loaded;
      const names = new ToolNames(request.tools);
      const result = await attempt(
        async (abortSignal) =>
          provider.doGenerate({
            prompt: [
              { role: "system", content: request.system },
              ...request.messages.map(({ role, content }) => ({
                role,
                content: [{ type: "text" as const, text: content }],
              })),
            ],
            maxOutputTokens: request.maxTokens,
            abortSignal,
            ...(request.tools.length > 0 ? { tools: names.described, toolChoice: { type: "auto" as const } } : {}),
          }),
        signal,
        patience,
        name.key,
      );
      let text = "";
      const calls: InferenceResult["calls"] = [];
      for (const part of result.content) {
        if (part.type === "text") text += part.text;
        if (part.type === "tool-call") calls.push({ tool: names.original(part.toolName), args: parseArgs(part.input) });
      }
      const input = result.usage.inputTokens.total ?? promptTokens(request);
      const output = result.usage.outputTokens.total ?? countTokens(text) + countTokens(JSON.stringify(calls));
      return { text, calls, tokens: input + output, inputTokens: input, usd: cost(price, input, output) };
    },
  };
}

function promptTokens(request: InferenceRequest): number {
  const messages = request.messages.map(({ content }) => countTokens(content) + 4);
  const tools = request.tools.map((tool) =>
    countTokens(JSON.stringify([tool.name, tool.description, tool.parameters])),
  );
  return [countTokens(request.system), ...messages, ...tools].reduce((sum, tokens) => sum + tokens, 0);
}

/** Arguments as an object where they are JSON; otherwise the text as it came, for the mind to refuse. */
function parseArgs(input: string): unknown {
  if (input.trim() === "") return {};
  try {
    return JSON.parse(input);
  } catch {
    return input;
  }
}

/** Providers allow letters, digits, `_` and `-` in the names of tools; tools of MCP servers may have others. */
class ToolNames {
  readonly described: { type: "function"; name: string; description: string; inputSchema: Record<string, unknown> }[];
  readonly #originals = new Map<string, string>();

  constructor(tools: readonly ToolDescription[]) {
    this.described = tools.map(({ name, description, parameters }) => {
      let plain = name.replace(/[^\w-]/g, "_").slice(0, 60);
      while (this.#originals.has(plain)) plain += "_";
      this.#originals.set(plain, name);
      return { type: "function", name: plain, description, inputSchema: parameters };
    });
  }

  original(name: string): string {
    return this.#originals.get(name) ?? name;
  }
}
