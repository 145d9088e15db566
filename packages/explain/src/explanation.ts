/** What an explanation says of a run. Every list in it is bounded, however long the run was. */
import { Status } from "@candor/store";
import { z } from "zod";

/** Inclusive: the first and the last step. */
export const Span = z.object({ from: z.number().int(), to: z.number().int() });
export type Span = z.infer<typeof Span>;

/** Pages fetched, US dollars, milliseconds of thinking and acting. */
export const Price = z.object({ pages: z.number(), usd: z.number(), ms: z.number() });
export type Price = z.infer<typeof Price>;

/**
 * One node of the tree of goals; `parent` names another node. `run`: what the run was told. `wanted`: a kind of fact the
 * goal asks for. `subgoal`: from the mind's own plan. `scouting`: looking for where to look. `upkeep`: proving, notes,
 * messages, the end. `child`: a run of its own, with its goals below it.
 */
export const GoalNode = z.object({
  id: z.string(),
  parent: z.string().nullable(),
  kind: z.enum(["run", "wanted", "subgoal", "scouting", "upkeep", "child"]),
  text: z.string(),
  /** Null where nothing says so. */
  done: z.boolean().nullable(),
  /** Steps that served it, as spans (the first 60), and how many steps there were. */
  spans: z.array(Span),
  steps: z.number().int(),
  findings: z.number().int(),
  cost: Price,
  /** The child's run, for `child`. */
  run: z.string().optional(),
});
export type GoalNode = z.infer<typeof GoalNode>;

/**
 * What a step gave, the best that holds: `findings` new about the operator, `record` (a page that speaks of somebody
 * wanted), `leads` never seen before, `done` for acts that are their own end (a note, a message), `nothing`; else why not.
 */
export const Effect = z.enum([
  "findings",
  "record",
  "leads",
  "done",
  "nothing",
  "missing",
  "blocked",
  "refused",
  "error",
  "unknown",
  "pending",
]);
export type Effect = z.infer<typeof Effect>;

export const StrategyName = z.enum([
  "prepare",
  "broad search",
  "pivot",
  "corroborate",
  "retry",
  "wander",
  "follow",
  "close",
]);
export type StrategyName = z.infer<typeof StrategyName>;

export const StepReading = z.object({
  step: z.number().int(),
  /** Milliseconds since the epoch, of the proposal. */
  at: z.number(),
  tool: z.string(),
  /** What it acted on: an address, a query, a name. */
  object: z.string(),
  /** The stated reason. */
  thought: z.string(),
  /** Whether the thought speaks of the action: `no` carries `misfit`, the contradiction. */
  fits: z.enum(["yes", "no", "unclear"]),
  misfit: z.string(),
  status: Status.nullable(),
  effect: Effect,
  /** First seen here: findings (ids, 20 at most), and how many leads. */
  findings: z.array(z.string()),
  leads: z.number().int(),
  cost: Price,
  strategy: StrategyName,
  /** The {@link GoalNode} it served. */
  goal: z.string(),
  /** Probability, after this step, that the run pursues the goal it was given; null where the step says nothing of goals. */
  given: z.number().nullable(),
});
export type StepReading = z.infer<typeof StepReading>;

/** Cumulative up to and with `step`. */
export const CurvePoint = z.object({
  step: z.number().int(),
  at: z.number(),
  findings: z.number().int(),
  leads: z.number().int(),
  pages: z.number(),
  usd: z.number(),
  ms: z.number(),
});
export type CurvePoint = z.infer<typeof CurvePoint>;

export const StrategySpan = Span.extend({
  name: StrategyName,
  steps: z.number().int(),
  findings: z.number().int(),
  cost: Price,
  /** What it was done on: a handle, a host. */
  about: z.string(),
});
export type StrategySpan = z.infer<typeof StrategySpan>;

export const StrategyTotal = z.object({
  name: StrategyName,
  steps: z.number().int(),
  /** Of all steps, 0 to 1. */
  share: z.number(),
  findings: z.number().int(),
  cost: Price,
});
export type StrategyTotal = z.infer<typeof StrategyTotal>;

/**
 * Where a run went strange. `barren`: pages of one host that gave nothing. `far`: pages that no clue of the goal led to.
 * `drift`: the actions fit another goal better. `misfit`: the thought said one thing and the action was another.
 * `signal`: a monitor said so.
 */
export const Strange = Span.extend({
  kind: z.enum(["barren", "far", "drift", "misfit", "signal"]),
  where: z.string(),
  why: z.string(),
  /** Quoted from the log. */
  evidence: z.array(z.string()),
  steps: z.number().int(),
  cost: Price,
});
export type Strange = z.infer<typeof Strange>;

export const GoalBelief = z.object({
  id: z.string(),
  /** Which of the candidate goals it is an instance of, such as `person` for a profile of one named person. */
  kind: z.string(),
  label: z.string(),
  prior: z.number(),
  posterior: z.number(),
  /** How much better (positive) or worse than the given goal it explains the actions, in nats. */
  overGiven: z.number(),
});
export type GoalBelief = z.infer<typeof GoalBelief>;

export const GoalInference = z.object({
  /** Id of the candidate that the run was told to pursue. */
  given: z.string(),
  /** Most probable first. */
  goals: z.array(GoalBelief),
  /** 1 minus the posterior of the given goal: 0 as told, 1 certainly something else. */
  divergence: z.number(),
  /** The same as log odds, which do not saturate. */
  logOdds: z.number(),
  /** Steps that were choices between goals, and how many of them were weighed. */
  choices: z.number().int(),
  weighed: z.number().int(),
  /** The posterior after each weighed step, or fewer: `posterior[i]` belongs to `goals[i]`. */
  series: z.array(z.object({ step: z.number().int(), posterior: z.array(z.number()) })),
  /** Steps that speak loudest against the given goal, or for it. `nats`: what the step adds to the log odds. */
  telling: z.array(z.object({ step: z.number().int(), what: z.string(), nats: z.number(), goal: z.string() })),
});
export type GoalInference = z.infer<typeof GoalInference>;

export const Explanation = z.object({
  run: z.string(),
  kind: z.enum(["audit", "run"]),
  goal: z.string(),
  status: z.string(),
  reason: z.string(),
  mind: z.string(),
  /** Of the whole run; `steps` below is a window on it. */
  total: CurvePoint,
  /** A sentence or three: what it was told, what it did, what that looks like. */
  story: z.array(z.string()),
  goals: z.array(GoalNode),
  curve: z.array(CurvePoint),
  strategies: z.object({ spans: z.array(StrategySpan), totals: z.array(StrategyTotal) }),
  strange: z.array(Strange),
  inference: GoalInference,
  steps: z.object({ from: z.number().int(), of: z.number().int(), rows: z.array(StepReading) }),
});
export type Explanation = z.infer<typeof Explanation>;
