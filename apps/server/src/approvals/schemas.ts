/** What a run asks a person, and what a person may answer, as they go over the API. */
import { Decision, EffectClass } from "@candor/store";
import { z } from "@hono/zod-openapi";

/** `once`: this step. `run`: for the rest of this run. `always`: for this run and those started later. */
export const Scope = z.enum(["once", "run", "always"]);
export type Scope = z.infer<typeof Scope>;

/** A run in the line of those that led to a question. */
const Asker = z.object({ run: z.string(), goal: z.string() });

export const Question = z
  .object({
    step: z.number(),
    decision: Decision,
    argsHash: z.string(),
    /** The class of the tool; unknown for questions that an older Candor asked. */
    effect: EffectClass.optional(),
    /** Why it asks, and the rule or invariant that says so. */
    reason: z.string(),
    rule: z.string(),
    /** True when it is not known whether the effect happened. Then `approve` means: it did not, do it; `reject`: it did. */
    unknownOutcome: z.boolean(),
    /** The asking run and those it works for, oldest first. */
    chain: z.array(Asker),
    /** How far a yes may reach. */
    scopes: z.array(Scope),
    /** What a yes beyond this step would allow, as the end of "this run may ...". */
    grant: z.string().optional(),
    askedAt: z.number(),
    /** When it becomes a no. */
    expiresAt: z.number().optional(),
    /** Who is to answer instead. */
    escalatedTo: z.string().optional(),
  })
  .openapi("Question");
export type Question = z.infer<typeof Question>;

export const WaitingQuestion = Question.extend({ run: z.string(), goal: z.string() }).openapi("WaitingQuestion");
export type WaitingQuestion = z.infer<typeof WaitingQuestion>;

const answer = {
  answer: z.enum(["approve", "modify", "reject", "escalate", "terminate"]),
  message: z.string().max(4_000).default(""),
  step: z.number().int(),
  argsHash: z.string(),
  /** With `approve`; default `once`. */
  scope: Scope.optional(),
  /** With `modify`: all arguments, as they are to be. */
  args: z.record(z.string(), z.unknown()).optional(),
  /** With `escalate`. */
  to: z.string().min(1).max(200).optional(),
};

interface Parts {
  answer: string;
  scope?: Scope | undefined;
  args?: object | undefined;
  to?: string | undefined;
}

/** What belongs to one kind of answer only is refused with any other, so that nothing is silently dropped. */
const fits = ({ answer: given, scope, args, to }: Parts, context: z.RefinementCtx): void => {
  const wrong = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
  if (given === "modify" && !args) wrong("args", "modify needs the arguments to use instead");
  if (given !== "modify" && args) wrong("args", "only modify takes arguments");
  if (given === "escalate" && !to) wrong("to", "escalate needs somebody to ask instead");
  if (given !== "escalate" && to) wrong("to", "only escalate names somebody");
  if (given !== "approve" && scope) wrong("scope", "only approve has a scope");
};

export const Answer = z.object(answer).strict().superRefine(fits).openapi("Answer");
export type Answer = z.infer<typeof Answer>;

/** An answer to the question of one run among several. */
export const RunAnswer = z
  .object({ run: z.string().min(1).max(60), ...answer })
  .strict()
  .superRefine(fits)
  .openapi("RunAnswer");
export type RunAnswer = z.infer<typeof RunAnswer>;

/** What became of one answer. One that came too late or did not fit changes nothing for the others. */
export const Answered = z
  .object({
    run: z.string(),
    step: z.number(),
    ok: z.boolean(),
    error: z.string().optional(),
    hint: z.string().optional(),
  })
  .openapi("Answered");
export type Answered = z.infer<typeof Answered>;

/** A permission that a person gave with "always". */
export const StandingPermission = z
  .object({
    id: z.number().int(),
    /** What it allows, as the end of "a run may ...". */
    sentence: z.string(),
    /** A rule as in a permissions file. */
    rule: z.unknown(),
    givenAt: z.number(),
    by: z.string(),
    /** The question that was answered so. */
    run: z.string(),
    step: z.number().int(),
  })
  .openapi("StandingPermission");
export type StandingPermission = z.infer<typeof StandingPermission>;
