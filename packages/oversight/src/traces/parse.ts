/** Reads files of traces: a JSON array, one object, or JSON Lines, of traces or of InjecAgent's test cases. */
import type { z } from "zod";
import { fromInjecAgent, InjecAgentCase } from "./injecagent.ts";
import { Trace } from "./trace.ts";

/** A file that holds no traces. `hint` says what to do. */
export class TraceError extends Error {
  override name = "TraceError";
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

const HINT =
  'A trace is {"id": 1, "contents": [[{"role": "user", "content": "..."}, {"role": "agent", "thought": "...", "action": "..."}, {"role": "environment", "content": "..."}]]}.';

/**
 * @param name of the file, for the message; for InjecAgent's cases also the beginning of their ids
 * @throws {TraceError} with the record's number and the field that does not fit
 */
export function parseTraces(text: string, name: string): Trace[] {
  const records = recordsIn(text, name);
  if (records.length === 0) throw new TraceError(`${name} holds no traces`, HINT);
  return records.flatMap((record, at): Trace[] => {
    const isCase = typeof record === "object" && record !== null && "Attacker Instruction" in record;
    const parsed = isCase ? InjecAgentCase.safeParse(record) : Trace.safeParse(withId(record, at));
    if (!parsed.success) throw new TraceError(`${name}: record ${at + 1}: ${complaint(parsed.error)}`, HINT);
    return isCase
      ? fromInjecAgent(InjecAgentCase.parse(record), `${name}#${at + 1}`)
      : [Trace.parse(withId(record, at))];
  });
}

const withId = (record: unknown, at: number): unknown =>
  typeof record === "object" && record !== null && !("id" in record) ? { id: at + 1, ...record } : record;

function recordsIn(text: string, name: string): unknown[] {
  try {
    const whole: unknown = JSON.parse(text);
    return Array.isArray(whole) ? whole : [whole];
  } catch {
    return text.split("\n").flatMap((line, at) => {
      if (line.trim() === "") return [];
      try {
        return [JSON.parse(line) as unknown];
      } catch {
        throw new TraceError(
          `${name}: line ${at + 1} is not JSON`,
          "Give a JSON array of traces, or one trace a line.",
        );
      }
    });
  }
}

function complaint(error: z.ZodError): string {
  const [issue] = error.issues;
  // A union complains of each of its members: the one that came furthest says most.
  const inner =
    issue?.code === "invalid_union"
      ? issue.errors.flat().toSorted((a, b) => b.path.length - a.path.length)[0]
      : undefined;
  const path = [...(issue?.path ?? []), ...(inner?.path ?? [])].join(".");
  return `${path || "the whole"}: ${(inner ?? issue)?.message ?? "does not fit"}`;
}
