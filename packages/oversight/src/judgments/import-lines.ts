/** Reads judgments from lines of JSON: TRL's formats, or Candor's own as `candor judgments export --format candor` writes it. */
import { createHash } from "node:crypto";
import { z } from "zod";
import { Discipline, RaterName, Reason } from "./facts.ts";
import { fits, Subject, type Text, Verdict } from "./subject.ts";
import { Preference, PromptOnly, Unpaired } from "./trl.ts";

/** One rater's last word on one item. */
export const OwnLine = z
  .object({
    subject: Subject,
    verdict: Verdict,
    rater: RaterName,
    reason: Reason.optional(),
    discipline: Discipline.optional(),
    /** Milliseconds since the epoch. An older word does not replace a newer one. */
    at: z.number().optional(),
  })
  .strict()
  .refine(({ subject, verdict }) => fits(subject, verdict), {
    message: "good and bad are for one thing, a and b for a pair",
    path: ["verdict"],
  });
export type OwnLine = z.infer<typeof OwnLine>;

export type Imported =
  | ({ type: "judgment"; line: number; key: string } & Omit<OwnLine, "rater"> & { rater?: string })
  | { type: "prompt"; line: number; key: string; prompt: Text };

export class ImportError extends Error {
  override name = "ImportError";
  /** Counts from 1. */
  readonly line: number;
  readonly hint: string;

  constructor(line: number, problem: string) {
    super(`line ${line}: ${problem}`);
    this.line = line;
    this.hint =
      "A line is {prompt, chosen, rejected}, {prompt, completion, label}, {prompt}, or {subject, verdict, rater}. Import again when it fits: nothing is kept twice.";
  }
}

/**
 * @param firstLine number of the first line, for files that are sent in parts
 * @throws {ImportError} at the first line that does not fit
 */
export function readLines(text: string, firstLine = 1): Imported[] {
  const out: Imported[] = [];
  for (const [i, raw] of text
    .replace(/^\uFEFF/, "")
    .split("\n")
    .entries()) {
    const source = raw.trim();
    if (source !== "") out.push(readLine(source, firstLine + i));
  }
  return out;
}

function readLine(source: string, line: number): Imported {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (error) {
    throw new ImportError(line, `not JSON: ${error instanceof Error ? error.message.slice(0, 120) : ""}`);
  }
  // The same line is the same submission: a file can be imported again, or from where it was cut off.
  const key = `import-${createHash("sha256").update(source).digest("hex").slice(0, 32)}`;
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new ImportError(line, "not a JSON object");
  if ("subject" in value) {
    return { type: "judgment", line, key, ...parse(OwnLine, value, line) };
  }
  if ("chosen" in value || "rejected" in value) {
    const { prompt, chosen, rejected } = parse(Preference, value, line);
    const side = (completion: Text) => ({ kind: "text" as const, prompt, completion });
    if (JSON.stringify(chosen) === JSON.stringify(rejected))
      throw new ImportError(line, "chosen and rejected are the same");
    const subject = { kind: "pair" as const, a: side(chosen), b: side(rejected) };
    return { type: "judgment", line, key, subject, verdict: "a" };
  }
  if ("completion" in value || "label" in value) {
    const { prompt, completion, label } = parse(Unpaired, value, line);
    return {
      type: "judgment",
      line,
      key,
      subject: { kind: "text", prompt, completion },
      verdict: label ? "good" : "bad",
    };
  }
  if ("prompt" in value) return { type: "prompt", line, key, prompt: parse(PromptOnly, value, line).prompt };
  throw new ImportError(
    line,
    `knows ${Object.keys(value).slice(0, 5).join(", ") || "nothing"}, and none of it is a judgment`,
  );
}

function parse<T>(schema: z.ZodType<T>, value: unknown, line: number): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ImportError(line, deepest(parsed.error.issues));
}

/** Of a union, what the alternative that fits best complains about. */
function deepest(issues: readonly z.core.$ZodIssue[]): string {
  const [issue] = issues;
  if (!issue) return "does not fit";
  if (issue.code === "invalid_union") {
    const best = issue.errors
      .filter((each) => each.length > 0)
      .toSorted((x, y) => (y[0]?.path.length ?? 0) - (x[0]?.path.length ?? 0) || x.length - y.length)[0];
    if (best) return deepest(best.map((each) => ({ ...each, path: [...issue.path, ...each.path] })));
  }
  return `${issue.path.join(".") || "the line"}: ${issue.message}`;
}
