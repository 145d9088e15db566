/** Turns a model's answer into a decision. */
import type { Decision } from "@candor/store";
import type { InferenceResult } from "../../mind.ts";
import { MindError } from "../mind-error.ts";

const LONGEST_THOUGHT = 600;

/**
 * The first structured tool call; without one, the first JSON object in the text that names a tool. Whether there is such
 * a tool is for the warden to say.
 * @throws {MindError} `invalid`, when there is neither or the arguments are not an object
 */
export function readAnswer(result: InferenceResult): Decision {
  const [call] = result.calls;
  if (call) {
    const args = asArgs(call.args);
    if (!args)
      throw new MindError(
        "invalid",
        `The model called ${call.tool || "a tool"} with arguments that are not a JSON object.`,
      );
    if (call.tool.trim() === "") throw new MindError("invalid", "The model called a tool without a name.");
    return { thought: thoughtOf(result.text), tool: call.tool, args };
  }
  const text = result.text.trim();
  if (text === "") throw new MindError("invalid", "The model gave an empty answer.");
  for (const found of jsonObjects(text)) {
    const decision = asDecision(found.value);
    if (!decision) continue;
    const around = `${text.slice(0, found.start)} ${text.slice(found.end)}`.replace(/```(json)?/g, " ");
    return { ...decision, thought: decision.thought || thoughtOf(around) };
  }
  throw new MindError("invalid", "The model answered with text and no tool call.");
}

function thoughtOf(text: string): string {
  const line = text
    .replace(/<think(ing)?>[\s\S]*?(<\/think(ing)?>|$)/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  if (line === "") return "The model gave no reason.";
  return line.length > LONGEST_THOUGHT ? `${line.slice(0, LONGEST_THOUGHT - 1)}…` : line;
}

/** The forms in which models write a call as text. */
function asDecision(value: Record<string, unknown>): Decision | undefined {
  const inner = isObject(value.function) ? value.function : value;
  const tool = [inner.tool, inner.name, inner.action, inner.command, inner.tool_name].find(
    (each): each is string => typeof each === "string" && each.trim() !== "",
  );
  const given = [inner.args, inner.arguments, inner.parameters, inner.input, inner.action_input].find(
    (each) => each !== undefined,
  );
  const args = given === undefined ? undefined : asArgs(given);
  if (tool === undefined || !args) return undefined;
  const thought = [value.thought, value.reason, value.reasoning].find((each) => typeof each === "string");
  return { thought: typeof thought === "string" && thought.trim() !== "" ? thoughtOf(thought) : "", tool, args };
}

function asArgs(value: unknown): Record<string, unknown> | undefined {
  if (isObject(value)) return value;
  if (value === undefined || value === null || value === "") return {};
  if (typeof value !== "string") return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** JSON objects that stand in a text, outermost first. */
function* jsonObjects(text: string): Generator<{ value: Record<string, unknown>; start: number; end: number }> {
  // Bounded, so that a text of braces does not take quadratic time.
  let tries = 0;
  for (let start = text.indexOf("{"); start >= 0 && tries < 20; start = text.indexOf("{", start + 1), tries++) {
    const end = closing(text, start);
    if (end < 0) continue;
    try {
      const value: unknown = JSON.parse(text.slice(start, end));
      if (isObject(value)) yield { value, start, end };
    } catch {
      // Not JSON from here; perhaps from a later brace.
    }
  }
}

/** Where the object that begins at `start` ends, or -1. */
function closing(text: string, start: number): number {
  let depth = 0;
  let quoted = false;
  for (let at = start; at < text.length; at++) {
    const char = text[at];
    if (quoted) {
      if (char === "\\") at += 1;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === "{") depth += 1;
    else if (char === "}" && --depth === 0) return at + 1;
  }
  return -1;
}
