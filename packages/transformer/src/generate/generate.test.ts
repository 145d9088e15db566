import { expect, test } from "vitest";
import { byteLanguage } from "../constrain/byte-language.ts";
import { jsonSchemaGrammar } from "../constrain/json-schema.ts";
import { bytesTokenizer } from "../tokenizers/simple-tokenizers.ts";
import { Engine } from "./engine.ts";
import { generate } from "./generate.ts";
import type { GenerationRequest } from "./generation.ts";
import { randomWeights, TINY, uniforms } from "./testing/tiny-models.ts";

test("an answer repeats by its seed, keeps to its schema, fits the context and can be cancelled", async () => {
  const config = { ...TINY["GPT-2"], vocab: 257 };
  const tokenizer = bytesTokenizer({ special: ["<|end|>"] });
  await using engine = await Engine.create(config, randomWeights(config, uniforms(2)), { threads: 1 });
  const speaker = { engine, tokenizer, ends: [256] };
  const text = async (request: GenerationRequest): Promise<string> => {
    let whole = "";
    for await (const piece of generate(speaker, request)) whole += piece.text;
    return whole;
  };
  const request = { prompt: "ab", maxTokens: 20, seed: 4 };
  const first = await text(request);
  expect(await text(request)).toBe(first);
  expect(await text({ ...request, seed: 5 })).not.toBe(first);
  const language = byteLanguage(jsonSchemaGrammar({ type: "array", items: { type: "integer" }, minItems: 2 }));
  const numbers: unknown = JSON.parse(await text({ ...request, language }));
  expect(numbers).toSatisfy((each) => Array.isArray(each) && each.length >= 2 && each.every(Number.isInteger));
  await expect(text({ prompt: "ab", maxTokens: 39 })).rejects.toThrow(
    "2 tokens and 39 of an answer, and the context is 40",
  );
  const stop = new AbortController();
  const answer = generate(speaker, { prompt: "ab", signal: stop.signal });
  await answer.next();
  stop.abort(new Error("enough"));
  await expect(answer.next()).rejects.toThrow("enough");
});
