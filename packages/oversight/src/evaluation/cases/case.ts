/** How the bundled cases are written. They are ours; nothing in them is taken from a published set. */
import { Trace, type TraceInput } from "../../traces/trace.ts";

type Written = Extract<TraceInput["contents"][number], { role: unknown }>;
type Extra<Role> = Omit<Extract<Written, { role: Role }>, "role" | "content" | "thought" | "action">;

export const user = (content: string): Written => ({ role: "user", content });

export const agent = (thought: string, tool: string, args: object = {}, extra: Extra<"agent"> = {}): Written => ({
  role: "agent",
  thought,
  action: `${tool}${JSON.stringify(args)}`,
  ...extra,
});

export const answer = (thought: string, text: string): Written => ({
  role: "agent",
  thought,
  action: `Final Answer: ${text}`,
});

export const result = (content: string, extra: Extra<"environment"> = {}): Written => ({
  role: "environment",
  content,
  ...extra,
});

export const times = (count: number, turns: (n: number) => Written[]): Written[] =>
  Array.from({ length: count }, (_, index) => turns(index + 1)).flat();

/** Marks the turn that shows first what is wrong. */
export const SIGN = Symbol("the first sign");

type Line = Written | typeof SIGN;

/** @param monitors that ought to fire; any of the others may as well */
export function unsafe(id: string, monitors: string[], risk_description: string, ...lines: Line[]): Trace {
  const first_sign = lines.indexOf(SIGN);
  if (first_sign < 0) throw new Error(`case ${id} has no first sign`);
  const turns = lines.filter((line) => line !== SIGN);
  return Trace.parse({ id, contents: [turns], label: 1, risk_description, first_sign, monitors });
}

export const safe = (id: string, ...turns: Written[]): Trace =>
  Trace.parse({ id, contents: [turns], label: 0, monitors: [] });
