/** What a client may ask, checked at the border. Fields of OpenAI's API that change nothing here are let through unread. */
import { z } from "zod";

const Natural = z.int().nonnegative();
/** Refused rather than left out of account. */
const notSupported = (name: string) => z.literal(0, `${name} is not supported; repetition_penalty is`).nullish();

const Stop = z.union([z.string(), z.array(z.string()).max(16)]);

const sampling = {
  model: z.string(),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  n: z.int().min(1).max(16).nullish(),
  stop: Stop.nullish(),
  seed: z.int().nullish(),
  max_tokens: z.int().min(1).nullish(),
  temperature: z.number().min(0).max(10).nullish(),
  top_p: z.number().gt(0).max(1).nullish(),
  top_k: Natural.nullish(),
  min_p: z.number().min(0).max(1).nullish(),
  repetition_penalty: z.number().gt(0).nullish(),
  /** GBNF, as llama.cpp's server takes it. */
  grammar: z.string().nullish(),
  response_format: z
    .discriminatedUnion("type", [
      z.object({ type: z.literal("text") }),
      z.object({ type: z.literal("json_object") }),
      z.object({ type: z.literal("json_schema"), json_schema: z.object({ schema: z.unknown() }) }),
    ])
    .nullish(),
  frequency_penalty: notSupported("frequency_penalty"),
  presence_penalty: notSupported("presence_penalty"),
  logit_bias: z.record(z.string(), z.never("logit_bias is not supported")).nullish(),
};

const Tokens = z.array(Natural).min(1);

export const CompletionRequest = z.object({
  ...sampling,
  prompt: z.union([z.string(), z.array(z.string()).min(1).max(128), Tokens, z.array(Tokens).min(1).max(128)]),
  logprobs: z.int().min(0).max(20).nullish(),
  echo: z.literal(false, "echo is not supported").nullish(),
  suffix: z.literal("", "suffix is not supported").nullish(),
  best_of: z.literal(1, "best_of is not supported").nullish(),
});
export type CompletionRequest = z.infer<typeof CompletionRequest>;

const TextPart = z.object({ type: z.literal("text", "only parts of text are supported"), text: z.string() });
const Content = z.union([z.string(), z.array(TextPart).transform((parts) => parts.map(({ text }) => text).join(""))]);

const ToolCall = z.object({
  id: z.string(),
  type: z.literal("function"),
  function: z.object({ name: z.string(), arguments: z.string() }),
});

const Message = z.discriminatedUnion("role", [
  z.object({ role: z.enum(["system", "developer"]).transform(() => "system" as const), content: Content }),
  z.object({ role: z.literal("user"), content: Content }),
  z.object({
    role: z.literal("assistant"),
    content: Content.nullish().transform((content) => content ?? ""),
    tool_calls: z.array(ToolCall).nullish(),
  }),
  z.object({ role: z.literal("tool"), content: Content, tool_call_id: z.string().optional() }),
]);
export type Message = z.infer<typeof Message>;

const Tool = z.object({
  type: z.literal("function"),
  function: z.object({
    name: z.string().min(1),
    description: z.string().nullish(),
    parameters: z.unknown().optional(),
  }),
});
export type Tool = z.infer<typeof Tool>;

export const ChatRequest = z.object({
  ...sampling,
  messages: z.array(Message).min(1),
  max_completion_tokens: z.int().min(1).nullish(),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.int().min(0).max(20).nullish(),
  tools: z.array(Tool).nullish(),
  tool_choice: z
    .union([
      z.enum(["none", "auto", "required"]),
      z.object({ type: z.literal("function"), function: z.object({ name: z.string() }) }),
    ])
    .nullish(),
});
export type ChatRequest = z.infer<typeof ChatRequest>;
export type SharedRequest = Pick<ChatRequest & CompletionRequest, keyof typeof sampling>;
