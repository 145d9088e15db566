/** From a request's fields to what generation takes. */
import { randomInt } from "node:crypto";
import {
  type ByteLanguage,
  byteLanguage,
  type GenerationRequest,
  type Grammar,
  jsonGrammar,
  jsonSchemaGrammar,
  parseGrammar,
} from "@candor/transformer";
import { ApiError } from "./api-error.ts";
import type { SharedRequest } from "./requests.ts";
import type { ServedModel } from "./served-model.ts";

export interface Wanted {
  prompts: readonly (readonly number[])[];
  maxTokens: number | undefined;
  logProbabilities: number | undefined;
  /** Of tool calls, where the request names no other. */
  grammar: Grammar | undefined;
  /** Besides the client's. */
  stop: readonly string[];
  signal: AbortSignal;
}

/** `n` requests of each prompt, in order. @throws {ApiError} 400 for a text too long, naming the lengths */
export function generationRequests(model: ServedModel, request: SharedRequest, wanted: Wanted): GenerationRequest[] {
  const language = languageOf(request, wanted.grammar);
  // As OpenAI's: without a seed each answer is another.
  const seed = request.seed ?? randomInt(2 ** 47);
  const n = request.n ?? 1;
  return wanted.prompts.flatMap((prompt, at) => {
    const maxTokens = fitting(model, prompt.length, wanted.maxTokens);
    return Array.from({ length: n }, (_, copy) => ({
      prompt,
      maxTokens,
      seed: seed + at * n + copy,
      temperature: request.temperature ?? 1,
      topP: request.top_p ?? 1,
      topK: request.top_k ?? 0,
      minP: request.min_p ?? 0,
      repetitionPenalty: request.repetition_penalty ?? 1,
      stop: [...[request.stop ?? []].flat(), ...wanted.stop],
      signal: wanted.signal,
      ...(language && { language }),
      ...(wanted.logProbabilities !== undefined && { logProbabilities: wanted.logProbabilities }),
    }));
  });
}

function fitting({ context }: ServedModel, prompt: number, asked: number | undefined): number {
  const answer = asked ?? Math.max(1, context - prompt);
  if (prompt + answer <= context) return answer;
  throw new ApiError(
    400,
    `This model's context is ${context} tokens; you asked for ${prompt + answer} (${prompt} in the prompt, ${answer} for the answer)`,
    { param: "messages", code: "context_length_exceeded" },
  );
}

function languageOf(request: SharedRequest, calls: Grammar | undefined): ByteLanguage | undefined {
  const { grammar, response_format: format } = request;
  const given = [
    grammar ? parseGrammar(grammar) : undefined,
    format?.type === "json_object" ? jsonGrammar() : undefined,
    format?.type === "json_schema" ? jsonSchemaGrammar(format.json_schema.schema) : undefined,
    calls,
  ].filter((each) => each !== undefined);
  if (given.length > 1) throw new ApiError(400, "Ask for one of grammar, response_format and tools, not for several");
  return given[0] && byteLanguage(given[0]);
}
