/** Calls of tools: what a model must write to make one, and how it is read. */
import { randomUUID } from "node:crypto";
import { type Grammar, jsonOrText, jsonSchemaGrammar, TransformerError } from "@candor/transformer";
import { z } from "zod";
import { ApiError } from "./api-error.ts";
import type { ChatRequest, Tool } from "./requests.ts";

export interface Calling {
  tools: readonly Tool[];
  /** Undefined where none may be called. */
  grammar: Grammar | undefined;
}

/**
 * A call is `{"name": ..., "arguments": {...}}` with arguments of the tool's schema, whatever the model knows of tools: `required`
 * leaves it nothing else to write; with `auto` it may also answer in prose that does not begin with a brace.
 * @param always treats `auto` as `required`
 */
export function callingOf({ tools, tool_choice: choice }: ChatRequest, always: boolean): Calling {
  if (!tools || tools.length === 0 || choice === "none") return { tools: [], grammar: undefined };
  const named = typeof choice === "object" ? choice?.function.name : undefined;
  const callable = named === undefined ? tools : tools.filter((tool) => tool.function.name === named);
  if (callable.length === 0) throw new ApiError(400, `There is no tool ${named}`, { param: "tool_choice" });
  const calls = jsonSchemaGrammar({ anyOf: callable.map(callSchema) });
  const free = (choice ?? "auto") === "auto" && !always;
  return { tools, grammar: free ? jsonOrText(calls) : calls };
}

function callSchema({ function: { name, parameters } }: Tool): unknown {
  const schema = (given: unknown): unknown => ({
    type: "object",
    properties: { name: { const: name }, arguments: given },
    required: ["name", "arguments"],
    additionalProperties: false,
  });
  try {
    const exact = schema(parameters ?? { type: "object" });
    jsonSchemaGrammar({ anyOf: [exact] });
    return exact;
  } catch (error) {
    if (!TransformerError.isInstance(error)) throw error;
    // Keywords that no grammar is made of: whoever runs the tool checks its arguments in any case.
    return schema({ type: "object" });
  }
}

const Call = z.object({ name: z.string(), arguments: z.record(z.string(), z.unknown()) });

export interface ToolCall {
  id: string;
  type: "function";
  function: { name: string; arguments: string };
}

/** The call that an answer is, alone or between `<tool_call>` tags (Qwen, Hermes); undefined for prose. */
export function readCall(text: string, tools: readonly Tool[]): ToolCall | undefined {
  const [, json] = /^\s*(?:<tool_call>)?\s*(\{[\s\S]*\})\s*(?:<\/tool_call>)?\s*$/.exec(text) ?? [];
  if (json === undefined || tools.length === 0) return undefined;
  let document: unknown;
  try {
    document = JSON.parse(json);
  } catch {
    return undefined;
  }
  const { success, data } = Call.safeParse(document);
  if (!success || !tools.some((tool) => tool.function.name === data.name)) return undefined;
  return {
    id: `call_${randomUUID()}`,
    type: "function",
    function: { name: data.name, arguments: JSON.stringify(data.arguments) },
  };
}
