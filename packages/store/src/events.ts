/**
 * The events of a run: the one vocabulary that every package folds over.
 * Nothing about a run is stored anywhere else; what can be derived is derived.
 */
import { z } from "zod";

/** What an action does to the world; permissions are given by class. */
export const EffectClass = z.enum(["read", "write", "contact", "spend", "spawn"]);
export type EffectClass = z.infer<typeof EffectClass>;

/** What a mind proposes: one action and the thought behind it, in a sentence a person would accept. */
export const Decision = z.object({
  thought: z.string().max(8_000),
  tool: z.string().min(1).max(100),
  args: z.record(z.string(), z.unknown()),
});
export type Decision = z.infer<typeof Decision>;

/** What the guard says of a decision. `rule` names the permission or invariant that decided. */
export const Verdict = z.object({
  outcome: z.enum(["allow", "ask", "deny"]),
  rule: z.string(),
  reason: z.string(),
});
export type Verdict = z.infer<typeof Verdict>;

/** What was spent: tokens, US dollars, pages fetched, milliseconds of wall clock. */
export const Cost = z.object({
  tokens: z.number().nonnegative().default(0),
  /** How many of the tokens were read by the model; it wrote the others. */
  inputTokens: z.number().nonnegative().optional(),
  usd: z.number().nonnegative().default(0),
  pages: z.number().int().nonnegative().default(0),
  ms: z.number().nonnegative().default(0),
});
export type Cost = z.infer<typeof Cost>;

/** Limits of a run. A child's budget is debited from its parent's. */
export const Budget = z.object({
  steps: z.number().int().nonnegative(),
  tokens: z.number().int().nonnegative(),
  usd: z.number().nonnegative(),
  seconds: z.number().nonnegative(),
  pages: z.number().int().nonnegative(),
  pagesPerHost: z.number().int().nonnegative(),
});
export type Budget = z.infer<typeof Budget>;

/**
 * Where a piece of text came from: `operator`, `warden`, `mind`, `memory`, `child:RUN`, `host:NAME` or `tool:NAME`.
 * Text with a `host:` or `tool:` origin is data, never an instruction.
 */
export const Origin = z.string().regex(/^(operator|warden|mind|memory|child:.+|host:.+|tool:.+)$/);
export type Origin = z.infer<typeof Origin>;

/** Something worth following, seen in a result. */
export const Lead = z.object({
  kind: z.enum(["page", "query", "handle"]),
  /** An absolute URL, a search query, or a handle. */
  value: z.string(),
  /** The anchor text or the search snippet, masked. */
  label: z.string().default(""),
});
export type Lead = z.infer<typeof Lead>;

/**
 * - `ok`: it worked. `missing`: the thing is not there. `blocked`: the world refused (robots, wall, 403, 429, 5xx).
 * - `refused`: the warden refused. `error`: it failed. `unknown`: it may or may not have happened.
 */
export const Status = z.enum(["ok", "missing", "blocked", "refused", "error", "unknown"]);
export type Status = z.infer<typeof Status>;

/** What an action gave back, masked before it was recorded or shown to a mind. */
export const Observation = z.object({
  status: Status,
  origin: Origin,
  /** What the mind reads. */
  text: z.string(),
  leads: z.array(Lead).default([]),
  /** The page or resource that was read, after redirects. */
  url: z.string().optional(),
  /** sha256 of the fetched bytes, hex. */
  hash: z.string().optional(),
  /** Structured data drawn from the result by the run's analyst; its schema is the analyst's. */
  record: z.unknown().optional(),
  /** How many identifiers were masked: the operator's own and everybody else's. */
  masked: z.object({ yours: z.number().int(), others: z.number().int() }).optional(),
  cost: Cost.partial().default({}),
});
export type Observation = z.infer<typeof Observation>;

export const Severity = z.enum(["info", "low", "high", "severe"]);
export type Severity = z.infer<typeof Severity>;

/**
 * How far a run goes by itself. `propose`: every step is asked about. `step`: one step, then it pauses. `few`: a handful
 * of steps between two words of a person. `continuous`: free within its permissions.
 */
export const Autonomy = z.enum(["propose", "step", "few", "continuous"]);
export type Autonomy = z.infer<typeof Autonomy>;

export const MindConfig = z.object({
  kind: z.enum(["scout", "llm", "small", "gullible", "scripted"]),
  /** `provider:model`, for `llm`; a model's folder, for `small`, when it is not the one that comes with Candor. */
  model: z.string().optional(),
  /** Base URL of an OpenAI-compatible or Ollama server, for `llm`. */
  baseUrl: z.string().optional(),
  /** Folder of a reward model of judged steps: it ranks what the mind proposes and says when a step is likely bad. */
  judgedBy: z.string().optional(),
  /** Proposals to a step, of which `judgedBy` takes the best; 1 where it is not given. */
  bestOf: z.number().int().min(1).max(16).optional(),
  /** Decisions to replay, for `scripted` (tests and `fork`). */
  script: z.array(Decision).optional(),
});
export type MindConfig = z.infer<typeof MindConfig>;

export const WorldConfig = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("town"),
    seed: z.number().int(),
    /** Path of a town spec, instead of the seed. */
    spec: z.string().optional(),
    /** Without its hostile pages, to measure what they cost. */
    peaceful: z.boolean().optional(),
  }),
  z.object({ kind: z.literal("web") }),
]);
export type WorldConfig = z.infer<typeof WorldConfig>;

const step = z.number().int().positive();

export const RunEvent = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("run.started"),
    kind: z.enum(["audit", "run"]),
    goal: z.string(),
    /** Kinds of facts the goal asks for, most wanted first. */
    wanted: z.array(z.string()).default([]),
    seed: z.number().int(),
    world: WorldConfig,
    mind: MindConfig,
    budget: Budget,
    /** Permissions as data; their schema is oversight's. */
    permissions: z.unknown(),
    /** The autonomy it starts with. */
    mode: Autonomy.default("continuous"),
    /** Whether it may earn more autonomy by evidence. It can always lose it. */
    climbs: z.boolean().optional(),
    tools: z.array(z.string()).optional(),
    /** Seconds that a question of it waits for a person before it becomes a no. */
    expireAfter: z.number().int().positive().optional(),
    /** Isolation in force for the mind, e.g. `bwrap + node --permission`. */
    isolation: z.string(),
    parent: z.object({ run: z.string(), step }).optional(),
    forkOf: z.object({ run: z.string(), step: z.number().int().nonnegative() }).optional(),
    since: z.string().optional(),
    version: z.string(),
  }),
  z.object({
    type: z.literal("step.proposed"),
    step,
    decision: Decision,
    cost: Cost.partial().default({}),
    viewHash: z.string(),
    /** The other proposals, best first, where several were made. */
    considered: z
      .array(z.object({ tool: z.string(), args: z.record(z.string(), z.unknown()), good: z.number().optional() }))
      .optional(),
  }),
  z.object({
    type: z.literal("step.judged"),
    step,
    verdict: Verdict,
    argsHash: z.string(),
    /** The class of the tool, as it was judged. */
    effect: EffectClass.optional(),
    /** When a question that nobody has answered becomes a no, in milliseconds since the epoch. */
    expiresAt: z.number().int().optional(),
  }),
  z.object({
    type: z.literal("approval.answered"),
    step,
    argsHash: z.string(),
    answer: z.enum(["approve", "modify", "reject", "escalate", "terminate", "expire"]),
    /** With `approve`: for this step (the default), for the rest of this run, or for this run and those to come. */
    scope: z.enum(["once", "run", "always"]).optional(),
    /** With `modify`: the arguments to use instead. They are judged anew; a person's edit lifts no invariant. */
    args: z.record(z.string(), z.unknown()).optional(),
    /** With `escalate`: who is to answer instead. The question stays open. */
    to: z.string().max(200).optional(),
    /** With a wider scope: the permission that it gives, as a rule of oversight's. */
    grant: z.unknown().optional(),
    message: z.string().default(""),
    by: z.string(),
  }),
  /** Written before an effect that cannot be taken back; without a `step.done` after it, the outcome is unknown. */
  z.object({ type: z.literal("step.intended"), step, tool: z.string(), reference: z.string() }),
  z.object({ type: z.literal("step.done"), step, tool: z.string(), effect: EffectClass, observation: Observation }),
  /** A mind that could not be asked or answered nonsense; the step is tried again within limits. */
  z.object({
    type: z.literal("mind.failed"),
    step,
    reason: z.string(),
    attempt: z.number().int(),
    cost: Cost.partial().default({}),
  }),
  z.object({
    type: z.literal("signal.raised"),
    monitor: z.string(),
    severity: Severity,
    reason: z.string(),
    evidence: z.array(z.string()).default([]),
    step: step.optional(),
  }),
  z.object({ type: z.literal("operator.said"), text: z.string(), by: z.string() }),
  z.object({
    type: z.literal("finding.judged"),
    finding: z.string(),
    judgment: z.enum(["mine", "not mine"]),
    by: z.string(),
  }),
  z.object({ type: z.literal("child.started"), step, run: z.string(), goal: z.string(), budget: Budget }),
  z.object({
    type: z.literal("child.finished"),
    step,
    run: z.string(),
    status: z.string(),
    result: z.string(),
    cost: Cost,
    steps: z.number().int(),
  }),
  z.object({
    type: z.literal("autonomy.changed"),
    from: Autonomy,
    to: Autonomy,
    by: z.string(),
    reason: z.string(),
    /** What was counted: steps approved, bad judgments, severe signals, evaluations passed. */
    figures: z.record(z.string(), z.number()).default({}),
  }),
  z.object({ type: z.literal("run.paused"), reason: z.string(), by: z.string() }),
  z.object({ type: z.literal("run.resumed"), by: z.string(), version: z.string(), isolation: z.string() }),
  z.object({ type: z.literal("run.stopped"), reason: z.string(), by: z.string() }),
  z.object({ type: z.literal("run.finished"), reason: z.string(), summary: z.string() }),
  z.object({ type: z.literal("run.failed"), reason: z.string() }),
]);
export type RunEvent = z.infer<typeof RunEvent>;
export type EventType = RunEvent["type"];
export type EventOf<T extends EventType> = Extract<RunEvent, { type: T }>;

/** An event as it lies in the log. `seq` counts from 1 in each run; `at` is milliseconds since the epoch. */
export interface Recorded<E extends RunEvent = RunEvent> {
  readonly run: string;
  readonly seq: number;
  readonly at: number;
  readonly hash: string;
  readonly event: E;
}
