/** What models cost, in US dollars per million tokens. Providers change prices: a file of the operator's overrides these. */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { InferenceError } from "./inference-error.ts";

const Price = z.strictObject({
  /** Per million tokens of the prompt. */
  input: z.number().nonnegative(),
  /** Per million tokens of the answer. */
  output: z.number().nonnegative(),
});
export type Price = z.infer<typeof Price>;

/** Keyed by `provider:model`; a key that ends in `*` covers every model that begins so, the longest key winning. */
const PriceTable = z.record(z.string().regex(/^[a-z-]+:.+$/, "a key is provider:model"), Price);
export type PriceTable = z.infer<typeof PriceTable>;

/** List prices as of January 2026. Models on one's own machine cost nothing. */
export const PRICES: PriceTable = {
  "ollama:*": { input: 0, output: 0 },
  "anthropic:claude-opus-4-5*": { input: 5, output: 25 },
  "anthropic:claude-opus-4*": { input: 15, output: 75 },
  "anthropic:claude-sonnet-4*": { input: 3, output: 15 },
  "anthropic:claude-haiku-4*": { input: 1, output: 5 },
  "anthropic:claude-3-5-haiku*": { input: 0.8, output: 4 },
  "openai-compatible:gpt-5*": { input: 1.25, output: 10 },
  "openai-compatible:gpt-5-mini*": { input: 0.25, output: 2 },
  "openai-compatible:gpt-5-nano*": { input: 0.05, output: 0.4 },
  "openai-compatible:gpt-4.1*": { input: 2, output: 8 },
  "openai-compatible:gpt-4.1-mini*": { input: 0.4, output: 1.6 },
  "openai-compatible:gpt-4.1-nano*": { input: 0.1, output: 0.4 },
  "openai-compatible:gpt-4o*": { input: 2.5, output: 10 },
  "openai-compatible:gpt-4o-mini*": { input: 0.15, output: 0.6 },
};

/**
 * Reads a price table that overrides {@link PRICES}: `{"openai-compatible:my-model": {"input": 0.2, "output": 0.8}}`.
 * @throws {InferenceError} `config`, when there is no such file or it is not a price table
 */
export function readPrices(file: string): PriceTable {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InferenceError("config", `The price table ${file} cannot be read: ${reason}`, { cause: error });
  }
  const parsed = PriceTable.safeParse(json);
  if (parsed.success) return { ...PRICES, ...parsed.data };
  const [issue] = parsed.error.issues;
  throw new InferenceError(
    "config",
    `The price table ${file} is wrong at ${issue?.path.join(".") || "its top"}: ${issue?.message}.`,
  );
}

/** @param model `provider:model` */
export function priceOf(model: string, table: PriceTable = PRICES): Price | undefined {
  if (table[model]) return table[model];
  const key = Object.keys(table)
    .filter((each) => each.endsWith("*") && model.startsWith(each.slice(0, -1)))
    .sort((a, b) => b.length - a.length)[0];
  return key === undefined ? undefined : table[key];
}

export function cost(price: Price | undefined, inputTokens: number, outputTokens: number): number {
  return price ? (price.input * inputTokens + price.output * outputTokens) / 1_000_000 : 0;
}
