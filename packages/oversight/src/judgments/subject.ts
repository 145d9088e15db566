/** What can be judged: a step, an answer, a finding, a text from elsewhere, or two of these against each other. */
import { createHash } from "node:crypto";
import { z } from "zod";

const run = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,79}$/)
  .describe("The whole id of a run");

export const Message = z.object({ role: z.enum(["system", "user", "assistant", "tool"]), content: z.string() });
export type Message = z.infer<typeof Message>;

/** TRL's two forms of a text: standard and conversational. */
export const Text = z.union([z.string().max(200_000), z.array(Message).min(1).max(500)]);
export type Text = z.infer<typeof Text>;

export const Step = z.object({ kind: z.literal("step"), run, step: z.number().int().positive() }).strict();
/** What a run said at its end. */
export const Answer = z.object({ kind: z.literal("answer"), run }).strict();
export const Finding = z.object({ kind: z.literal("finding"), run, finding: z.string().min(1).max(200) }).strict();
/** From an import; of no run. */
export const Imported = z.object({ kind: z.literal("text"), prompt: Text, completion: Text }).strict();

export const Single = z.discriminatedUnion("kind", [Step, Answer, Finding, Imported]);
export type Single = z.infer<typeof Single>;

const Two = z.object({ kind: z.literal("pair"), a: Single, b: Single }).strict();
export type Pair = z.infer<typeof Two>;
export type Subject = Single | Pair;

export const Pair = Two.refine(({ a, b }) => a.kind === b.kind, {
  message: "a pair is of two of the same kind",
}).refine(({ a, b }) => itemId(a) !== itemId(b), { message: "a pair is of two different things" });

export const Subject = z.union([Single, Pair]);

/** What one thing to judge may be. */
export const Kind = z.enum(["step", "answer", "finding", "text"] satisfies Single["kind"][]);

/** `good` and `bad` of one thing; `a` and `b`, the better one, of two. */
export const Verdict = z.enum(["good", "bad", "a", "b"]);
export type Verdict = z.infer<typeof Verdict>;

export const fits = (subject: Subject, verdict: Verdict): boolean =>
  (subject.kind === "pair") === (verdict === "a" || verdict === "b");

/**
 * An item's name: the same for the same subject, a pair's also when it is given the other way round. A digest, so that
 * it tells a rater nothing about the run.
 */
export function itemId(subject: Subject): string {
  const { subject: one } = inOrder(subject);
  return `i-${createHash("sha256").update(plain(one)).digest("hex").slice(0, 24)}`;
}

/** A pair in the one order in which it is kept, and whether that is the other way round. */
export function inOrder(subject: Subject): { subject: Subject; swapped: boolean } {
  if (subject.kind !== "pair" || plain(subject.a) <= plain(subject.b)) return { subject, swapped: false };
  return { subject: { kind: "pair", a: subject.b, b: subject.a }, swapped: true };
}

/** The same verdict on a pair given the other way round. */
export const swap = (verdict: Verdict): Verdict => (verdict === "a" ? "b" : verdict === "b" ? "a" : verdict);

/** The runs that a subject speaks of. */
export function runsOf(subject: Subject): string[] {
  if (subject.kind === "pair") return [...new Set([...runsOf(subject.a), ...runsOf(subject.b)])];
  return subject.kind === "text" ? [] : [subject.run];
}

function plain(subject: Subject): string {
  switch (subject.kind) {
    case "step":
      return JSON.stringify(["step", subject.run, subject.step]);
    case "answer":
      return JSON.stringify(["answer", subject.run]);
    case "finding":
      return JSON.stringify(["finding", subject.run, subject.finding]);
    case "text":
      return JSON.stringify(["text", flat(subject.prompt), flat(subject.completion)]);
    case "pair":
      return JSON.stringify(["pair", plain(subject.a), plain(subject.b)]);
  }
}

const flat = (text: Text): unknown =>
  typeof text === "string" ? text : text.map(({ role, content }) => [role, content]);
