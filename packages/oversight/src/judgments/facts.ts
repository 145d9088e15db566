/** What is appended to the ledger about judgments. Nothing is ever changed: the last word counts, the others are history. */
import { z } from "zod";
import { Subject, Text, Verdict } from "./subject.ts";

/** The ledger's stream. */
export const JUDGMENTS = "judgments";

export const RaterName = z
  .string()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} _.@-]{0,59}$/u, "a name is letters, digits, spaces, dots and dashes, 60 at most");
export const Reason = z.string().max(2_000);
/** The field a rater judges for: safety, honesty, law, usefulness ... */
export const Discipline = z
  .string()
  .max(60)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} _.-]*$/u, "a discipline is a few words");
/** One submission's own name: sent again with the same one, it counts once. */
export const Key = z.string().min(8).max(100);

export const JudgmentFact = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("judged"),
    key: Key,
    subject: Subject,
    rater: RaterName,
    verdict: Verdict,
    reason: Reason.optional(),
    discipline: Discipline.optional(),
  }),
  z.object({ type: z.literal("withdrawn"), key: Key, subject: Subject, rater: RaterName }),
  /** Put up for judging. */
  z.object({ type: z.literal("asked"), subject: Subject, by: z.string() }),
  /** Its answer is known: raters are scored by it. Null takes that back. */
  z.object({ type: z.literal("gold"), subject: Subject, verdict: Verdict.nullable(), by: z.string() }),
  /** Settles what raters disagree about. Null takes that back. */
  z.object({
    type: z.literal("adjudicated"),
    subject: Subject,
    verdict: Verdict.nullable(),
    reason: Reason.optional(),
    by: z.string(),
  }),
  /** A prompt without an answer, from an import. */
  z.object({ type: z.literal("prompt"), key: Key, prompt: Text }),
]);
export type JudgmentFact = z.infer<typeof JudgmentFact>;
export type FactOf<T extends JudgmentFact["type"]> = Extract<JudgmentFact, { type: T }>;

/** A fact as it lies in the ledger. Whoever folds again and again keeps these as they are: items are named once a fact. */
export interface Noted {
  id: number;
  /** Milliseconds since the epoch. */
  at: number;
  fact: JudgmentFact;
}
