/** Brings judgments in from lines of JSON. All lines are read before one is kept; a line that is known is not kept twice. */
import {
  type FactOf,
  type Imported,
  itemId,
  readLines,
  runsOf,
  type Single,
  type Subject,
  submission,
  type Text,
} from "@candor/oversight";
import { badInput } from "../failure.ts";
import type { Notes } from "./notes.ts";
import type { ImportRequest, ImportView } from "./schemas.ts";

export interface ImportOptions {
  notes: Notes;
  /** Takes phone numbers, addresses and the like out of text from elsewhere. */
  mask(text: string): string;
  hasRun(run: string): boolean;
}

/** @throws {ImportError} or {Failure} at the first line that does not fit, before anything is kept */
export async function importLines(request: ImportRequest, { notes, mask, hasRun }: ImportOptions): Promise<ImportView> {
  const { text, rater = "import", discipline, firstLine = 1 } = request;
  const lines = readLines(text, firstLine);
  refuseUnknownRuns(lines, hasRun);
  const given = lines.map((line) => ({
    at: line.type === "judgment" ? line.at : undefined,
    fact: factOf(line, rater, discipline, mask),
  }));
  const judgments = await notes.judgments();
  const known = new Set(judgments.submitted.keys());
  let added = 0;
  // One after the other: of two lines on one item by one rater the later counts.
  for (const { at, fact } of given) {
    const by = fact.type === "judged" ? fact.rater : "";
    const name = submission(by, fact.key);
    // An older word does not replace a newer one.
    const newest = fact.type === "judged" && judgments.items.get(itemId(fact.subject))?.judgments.get(by)?.at;
    if (known.has(name) || (at !== undefined && newest && at <= newest)) continue;
    known.add(name);
    await notes.judgment(fact);
    added++;
  }
  return { added, already: lines.length - added };
}

function factOf(
  line: Imported,
  rater: string,
  discipline: string | undefined,
  mask: (text: string) => string,
): FactOf<"judged"> | FactOf<"prompt"> {
  const { key } = line;
  if (line.type === "prompt") return { type: "prompt", key, prompt: maskText(line.prompt, mask) };
  const field = line.discipline ?? discipline;
  return {
    type: "judged",
    key,
    subject: maskSubject(line.subject, mask, line.line),
    rater: line.rater ?? rater,
    verdict: line.verdict,
    ...(line.reason && { reason: mask(line.reason) }),
    ...(field && { discipline: field }),
  };
}

function refuseUnknownRuns(lines: readonly Imported[], hasRun: (run: string) => boolean): void {
  for (const line of lines) {
    const unknown = line.type === "judgment" ? runsOf(line.subject).find((run) => !hasRun(run)) : undefined;
    if (unknown)
      throw badInput(
        `line ${line.line}: there is no run ${unknown} here`,
        "Judgments of runs go where the runs are; export them for TRL to take their texts along.",
      );
  }
}

const maskText = (text: Text, mask: (text: string) => string): Text =>
  typeof text === "string" ? mask(text) : text.map(({ role, content }) => ({ role, content: mask(content) }));

function maskSubject(subject: Subject, mask: (text: string) => string, line: number): Subject {
  const one = (side: Single): Single =>
    side.kind === "text"
      ? { kind: "text", prompt: maskText(side.prompt, mask), completion: maskText(side.completion, mask) }
      : side;
  if (subject.kind !== "pair") return one(subject);
  const pair = { kind: "pair" as const, a: one(subject.a), b: one(subject.b) };
  if (itemId(pair.a) === itemId(pair.b))
    throw badInput(
      `line ${line}: the two differ in nothing but personal data, which is masked`,
      "Leave that line out.",
    );
  return pair;
}
