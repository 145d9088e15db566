/** Runs the answers of one request and sends them, whole or as they grow. */
import type { FinishReason, Generated, GenerationRequest, Piece, Scheduler } from "@candor/transformer";
import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import { ApiError, apiErrorOf, errorBody } from "./api-error.ts";

/** Requests that may wait for a row before more are turned away. */
const MOST_WAITING = 256;

export interface Form {
  /** Fields of every document and chunk: `id`, `created`, `model`. */
  base: Record<string, unknown>;
  object: { whole: string; chunk: string };
  whole(answer: Generated, index: number): unknown;
  /** What a choice begins with, if anything. */
  first?(index: number): unknown;
  /** Undefined where an answer can only be sent whole. */
  piece: ((piece: Piece, index: number) => unknown) | undefined;
  last(answer: Generated, index: number): unknown[];
}

export interface Asked {
  requests: readonly GenerationRequest[];
  form: Form;
  stream: boolean;
  includeUsage: boolean;
  /** Ends everything. */
  controller: AbortController;
}

export async function respond(c: Context, scheduler: Scheduler, asked: Asked): Promise<Response> {
  const { requests, form, controller } = asked;
  if (scheduler.waiting + requests.length > MOST_WAITING) {
    c.header("Retry-After", "5");
    throw new ApiError(429, "Too many requests are waiting");
  }
  const gone = (): void => controller.abort(new Error("the client is gone"));
  c.req.raw.signal.addEventListener("abort", gone);
  const usage = (answers: readonly Generated[]) => usageOf(requests, answers);
  if (!asked.stream) {
    const answers = await all(scheduler, requests, controller);
    const choices = answers.map((answer, index) => form.whole(answer, index));
    return c.json({ ...form.base, object: form.object.whole, choices, usage: usage(answers) });
  }
  // What cannot be is an error of the request, not an event of its stream.
  for (const { prompt } of requests) scheduler.check(prompt);
  return streamSSE(c, async (stream) => {
    stream.onAbort(gone);
    const send = (choices: readonly unknown[], more = {}): Promise<void> =>
      stream.writeSSE({ data: JSON.stringify({ ...form.base, object: form.object.chunk, choices, ...more }) });
    try {
      for (const index of requests.keys()) if (form.first) await send([form.first(index)]);
      const answers = await all(
        scheduler,
        requests,
        controller,
        async (piece, index) => {
          if (form.piece && (piece.text !== "" || piece.token?.measured)) await send([form.piece(piece, index)]);
        },
        async (answer, index) => {
          for (const choice of form.last(answer, index)) await send([choice]);
        },
      );
      if (asked.includeUsage) await send([], { usage: usage(answers) });
    } catch (error) {
      if (controller.signal.aborted && stream.aborted) return;
      await stream.writeSSE({ data: JSON.stringify(errorBody(apiErrorOf(error))) });
    }
    await stream.writeSSE({ data: "[DONE]" });
  });
}

async function all(
  scheduler: Scheduler,
  requests: readonly GenerationRequest[],
  controller: AbortController,
  onPiece?: (piece: Piece, index: number) => Promise<void>,
  onEnd?: (answer: Generated, index: number) => Promise<void>,
): Promise<Generated[]> {
  try {
    return await Promise.all(
      requests.map(async (request, index) => {
        const pieces: Piece[] = [];
        const answer = scheduler.generate(request);
        let finish: FinishReason | undefined;
        while (finish === undefined) {
          const { done, value } = await answer.next();
          if (done) finish = value;
          else {
            pieces.push(value);
            await onPiece?.(value, index);
          }
        }
        const whole = { text: pieces.map(({ text }) => text).join(""), pieces, finish };
        await onEnd?.(whole, index);
        return whole;
      }),
    );
  } catch (error) {
    // The others of this request are of no use to anybody.
    controller.abort(error);
    throw error;
  }
}

function usageOf(requests: readonly GenerationRequest[], answers: readonly Generated[]) {
  // A prompt with several answers is counted once.
  const prompts = new Set(requests.map(({ prompt }) => prompt));
  const prompt_tokens = [...prompts].reduce((sum, { length }) => sum + length, 0);
  const completion_tokens = answers.reduce((sum, { pieces }) => sum + pieces.filter(({ token }) => token).length, 0);
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}
