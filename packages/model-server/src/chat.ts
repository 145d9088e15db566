/** `POST /v1/chat/completions`. */
import { randomUUID } from "node:crypto";
import type { Generated, Piece } from "@candor/transformer";
import { generationRequests } from "./generation-request.ts";
import { chatLogprobs } from "./log-probabilities.ts";
import type { ChatRequest } from "./requests.ts";
import type { Asked } from "./respond.ts";
import type { ServedModel } from "./served-model.ts";
import { callingOf, readCall } from "./tools.ts";

/** @param alwaysCall takes `tool_choice: "auto"` for `"required"` */
export function chat(model: ServedModel, request: ChatRequest, alwaysCall: boolean): Asked {
  const controller = new AbortController();
  const { tools, grammar } = callingOf(request, alwaysCall);
  const measured = request.logprobs === true;
  const requests = generationRequests(model, request, {
    prompts: [model.template.encode(request.messages, tools)],
    maxTokens: request.max_completion_tokens ?? request.max_tokens ?? undefined,
    logProbabilities: measured ? (request.top_logprobs ?? 0) : undefined,
    // A call is not cut by what ends prose.
    stop: grammar ? [] : model.template.stop,
    grammar,
    signal: controller.signal,
  });
  const logprobs = (pieces: readonly Piece[]) => (measured ? chatLogprobs(pieces, model.tokenizer) : null);
  const said = ({ text, finish, pieces }: Generated) => {
    const call = readCall(text, tools);
    return { text, call, logprobs: logprobs(pieces), finish_reason: call ? "tool_calls" : finish };
  };
  return {
    requests,
    controller,
    stream: request.stream === true,
    includeUsage: request.stream_options?.include_usage === true,
    form: {
      base: { id: `chatcmpl-${randomUUID()}`, created: Math.floor(Date.now() / 1000), model: model.name },
      object: { whole: "chat.completion", chunk: "chat.completion.chunk" },
      whole(answer, index) {
        const { text, call, logprobs, finish_reason } = said(answer);
        const message = call
          ? { role: "assistant", content: null, tool_calls: [call] }
          : { role: "assistant", content: text };
        return { index, message, logprobs, finish_reason };
      },
      first: (index) => ({ index, delta: { role: "assistant", content: "" }, finish_reason: null }),
      // Whether it is a call is known at its end only.
      piece: grammar
        ? undefined
        : (piece, index) => ({
            index,
            delta: { content: piece.text },
            logprobs: logprobs([piece]),
            finish_reason: null,
          }),
      last(answer, index) {
        const { text, call, logprobs, finish_reason } = said(answer);
        const delta = call ? { tool_calls: [{ index: 0, ...call }] } : { content: text };
        return [
          ...(grammar ? [{ index, delta, logprobs, finish_reason: null }] : []),
          { index, delta: {}, finish_reason },
        ];
      },
    },
  };
}
