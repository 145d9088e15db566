/** One answer of a model, piece by piece. */
import { sortedVocabulary, TokenMask } from "../constrain/token-mask.ts";
import type { Tokenizer } from "../tokenizers/tokenizer.ts";
import { TransformerError } from "../transformer-error.ts";
import { Answer } from "./answer.ts";
import type { Engine } from "./engine.ts";
import type { FinishReason, GenerationRequest, Piece } from "./generation.ts";

export interface Speaker {
  /** Its first row is used: one answer at a time. */
  engine: Engine;
  tokenizer: Tokenizer;
  /** Tokens that end a text. */
  ends: readonly number[];
}

/**
 * @returns why the answer ended
 * @throws {TransformerError} for options that cannot be and texts too long; the signal's reason once it is aborted
 * @example
 * for await (const { text } of generate(speaker, { prompt: "Once", maxTokens: 40, seed: 7 })) process.stdout.write(text);
 */
export async function* generate(
  { engine, tokenizer, ends }: Speaker,
  request: GenerationRequest,
): AsyncGenerator<Piece, FinishReason> {
  const { signal } = request;
  const prompt =
    typeof request.prompt === "string" ? tokenizer.encode(request.prompt, { added: "text" }) : request.prompt;
  const room = engine.context - prompt.length;
  const maxTokens = request.maxTokens ?? room;
  if (maxTokens < 1 || maxTokens > room)
    throw new TransformerError(
      `The text is too long: ${prompt.length} tokens and ${maxTokens} of an answer, and the context is ${engine.context}`,
      "Shorten the prompt, or ask for fewer tokens.",
    );
  const answer = new Answer({
    request,
    prompt,
    tokenizer,
    ends: new Set(ends),
    maxTokens,
    ...(request.language && { mask: new TokenMask(request.language, sortedVocabulary(tokenizer)) }),
  });
  engine.rewind(0);
  let logits = await engine.read(0, prompt, signal);
  for (;;) {
    signal?.throwIfAborted();
    const { piece, finish } = answer.take(logits.subarray(0, engine.config.vocab));
    if (piece) yield piece;
    if (finish) return finish;
    if (piece?.token) logits = await engine.step([piece.token.id]);
  }
}
