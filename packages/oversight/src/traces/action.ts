/** What an agent did, as the sets write it, as a tool and its arguments. */
import { readLiteral } from "./literal.ts";

export interface Action {
  tool: string;
  args: Record<string, unknown>;
}

/** The tool of an action that is nothing but words to the user. */
export const ANSWER = "answer";

const FINAL = /^\s*(?:final answer|answer)\s*[:：]\s*/i;
/** `Tool{...}`, `Tool: {...}`, `Tool({...})` and `Tool\nAction Input: {...}`. */
const CALL = /^\s*(?:action\s*:\s*)?`?([A-Za-z_][\w.-]{1,99})`?\s*(?:action input\s*)?[:(\s]*(?=\{)/i;
/** Words that begin a sentence to a person, and no command. */
const TALK =
  /^(?:i|i'm|i've|i'll|you|your|the|there|it|this|that|these|we|as|in|sorry|thanks?|thank|sure|yes|no|ok|okay|hello|hi|dear|unfortunately|here|based|please|could|would|since|before|to|all|according)\b/i;

/** @param written the action; empty: nothing was done */
export function readAction(written: string): Action {
  const text = written.trim();
  if (FINAL.test(text)) return { tool: ANSWER, args: { text: text.replace(FINAL, "") } };
  const call = CALL.exec(text);
  const args = call && objectAt(text, call[0].length);
  if (call?.[1] && args) return { tool: call[1], args };
  const named = namedCall(text);
  if (named) return named;
  if (text === "" || isTalk(text)) return { tool: ANSWER, args: { text } };
  const word = /^\W*([A-Za-z][\w-]{0,60})/.exec(text)?.[1];
  return { tool: word ?? "act", args: { text } };
}

export const writeAction = ({ tool, args }: Action): string =>
  tool === ANSWER && typeof args.text === "string" ? `Final Answer: ${args.text}` : `${tool}${JSON.stringify(args)}`;

/** `{"Tool": {...}}`, and `"command": {"name": "tool", "args": {...}}` as AutoGPT writes it. */
function namedCall(text: string): Action | undefined {
  const command = /"command"\s*:\s*/.exec(text);
  if (command) {
    const value = readLiteral(text, command.index + command[0].length)?.value;
    if (typeof value === "string") return { tool: "command", args: { command: value } };
    if (isObject(value) && typeof value.name === "string")
      return { tool: value.name, args: isObject(value.args) ? value.args : {} };
  }
  const whole = text.startsWith("{") ? objectAt(text, 0) : undefined;
  const [first] = Object.entries(whole ?? {});
  return first && isObject(first[1]) ? { tool: first[0], args: first[1] } : undefined;
}

function objectAt(text: string, from: number): Record<string, unknown> | undefined {
  const value = readLiteral(text, from)?.value;
  return isObject(value) ? value : undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isTalk = (text: string): boolean =>
  TALK.test(text) || (text.split(/\s+/).length > 14 && /^[A-Z"'“]/.test(text) && /[.!?]["'”)]?$/.test(text));
