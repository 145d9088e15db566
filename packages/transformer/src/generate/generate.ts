/** Answers of a model: one piece by piece, or several at once. */

import type { FinishReason, GenerationRequest, Piece } from "./generation.ts";
import { type Generating, Scheduler, type Speaker } from "./scheduler.ts";

/**
 * One answer, in the engine's first free row.
 * @returns why the answer ended
 * @throws {TransformerError} for options that cannot be and texts too long; the signal's reason once it is aborted
 * @example
 * for await (const { text } of generate(speaker, { prompt: "Once", maxTokens: 40, seed: 7 })) process.stdout.write(text);
 */
export const generate = (speaker: Speaker, request: GenerationRequest): Generating =>
  new Scheduler(speaker).generate(request);

/** A whole answer. */
export interface Generated {
  text: string;
  pieces: Piece[];
  finish: FinishReason;
}

/**
 * Answers to several prompts of any lengths, side by side in the engine's rows; each has its own sampling, stop strings and language,
 * and is what it would be alone.
 * @returns in the order of the requests
 * @throws what the first of them to fail throws
 */
export function generateBatch(speaker: Speaker, requests: readonly GenerationRequest[]): Promise<Generated[]> {
  const scheduler = new Scheduler(speaker);
  return Promise.all(requests.map((request) => whole(scheduler.generate(request))));
}

/** Everything that an answer gives. */
export async function whole(answer: Generating): Promise<Generated> {
  const pieces: Piece[] = [];
  for (;;) {
    const { done, value } = await answer.next();
    if (done) return { text: pieces.map(({ text }) => text).join(""), pieces, finish: value };
    pieces.push(value);
  }
}
