/** `POST /v1/completions`. */
import { randomUUID } from "node:crypto";
import type { Piece, Tokenizer } from "@candor/transformer";
import { generationRequests } from "./generation-request.ts";
import { completionLogprobs } from "./log-probabilities.ts";
import type { CompletionRequest } from "./requests.ts";
import type { Asked } from "./respond.ts";
import type { ServedModel } from "./served-model.ts";

/** OpenAI's. */
const DEFAULT_TOKENS = 16;

export function completions(model: ServedModel, request: CompletionRequest): Asked {
  const controller = new AbortController();
  const measured = request.logprobs ?? undefined;
  const requests = generationRequests(model, request, {
    prompts: promptsOf(request.prompt, model.tokenizer),
    maxTokens: request.max_tokens ?? DEFAULT_TOKENS,
    logProbabilities: measured,
    stop: [],
    grammar: undefined,
    signal: controller.signal,
  });
  const offsets = requests.map(() => 0);
  const logprobs = (pieces: readonly Piece[], offset = 0) =>
    measured === undefined ? null : completionLogprobs(pieces, model.tokenizer, offset);
  return {
    requests,
    controller,
    stream: request.stream === true,
    includeUsage: request.stream_options?.include_usage === true,
    form: {
      base: { id: `cmpl-${randomUUID()}`, created: Math.floor(Date.now() / 1000), model: model.name },
      object: { whole: "text_completion", chunk: "text_completion" },
      whole: ({ text, finish, pieces }, index) => ({ index, text, logprobs: logprobs(pieces), finish_reason: finish }),
      piece: (piece, index) => {
        const offset = offsets[index] ?? 0;
        offsets[index] = offset + piece.text.length;
        return { index, text: piece.text, logprobs: logprobs([piece], offset), finish_reason: null };
      },
      last: ({ finish }, index) => [{ index, text: "", logprobs: null, finish_reason: finish }],
    },
  };
}

function promptsOf(given: CompletionRequest["prompt"], tokenizer: Tokenizer): readonly (readonly number[])[] {
  const list: readonly (string | number | readonly number[])[] = typeof given === "string" ? [given] : given;
  if (list.every((each) => typeof each === "number")) return [list];
  return list.map((each) =>
    typeof each === "string" ? tokenizer.encode(each, { added: "text", template: true }) : [each].flat(),
  );
}
