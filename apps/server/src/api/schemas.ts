/** What goes over the API. The command line and the pages are typed by these. */
import { Autonomy, Budget, MindConfig, WorldConfig } from "@candor/store";
import { z } from "@hono/zod-openapi";
import { Question } from "../approvals/schemas.ts";

export const StartRun = z
  .object({
    kind: z.enum(["audit", "run"]),
    goal: z.string().min(3).max(4_000).optional(),
    world: WorldConfig,
    mind: MindConfig,
    budget: Budget.partial().default({}),
    /** The name of a preset, or permissions as data. */
    permissions: z.unknown().optional(),
    /** How far it goes by itself; `earned`: as far as its mind has earned. */
    mode: z.union([Autonomy, z.literal("earned")]).default("continuous"),
    /** Whether it may earn more on the way. */
    climbs: z.boolean().optional(),
    tools: z.array(z.string()).optional(),
    seed: z.number().int().default(1),
    since: z.string().optional(),
    /** Seconds that a question waits for a person before it becomes a no. */
    expireAfter: z.number().int().positive().optional(),
  })
  .strict()
  .openapi("StartRun");
export type StartRun = z.input<typeof StartRun>;

export const RunStatus = z.enum(["running", "waiting", "paused", "stopped", "finished", "failed", "interrupted"]);
export type RunStatus = z.infer<typeof RunStatus>;

export const FindingSummary = z.object({
  id: z.string(),
  kind: z.string(),
  value: z.string(),
  urls: z.array(z.string()),
  confidence: z.number(),
  severity: z.string().optional(),
});

export const RunView = z
  .object({
    run: z.string(),
    kind: z.enum(["audit", "run"]),
    goal: z.string(),
    status: RunStatus,
    reason: z.string(),
    summary: z.string(),
    world: WorldConfig,
    mind: MindConfig,
    isolation: z.string(),
    /** How far it goes by itself now. */
    autonomy: Autonomy,
    budget: Budget,
    parent: z.string().optional(),
    startedAt: z.number(),
    lastAt: z.number(),
    /** Number of the last event. */
    seq: z.number(),
    steps: z.number(),
    spent: z.object({ tokens: z.number(), usd: z.number(), pages: z.number(), ms: z.number() }),
    findings: z.array(FindingSummary),
    question: Question.optional(),
    children: z.array(z.object({ run: z.string(), goal: z.string(), status: z.string() })),
  })
  .openapi("RunView");
export type RunView = z.infer<typeof RunView>;

export const RunRow = RunView.pick({
  run: true,
  kind: true,
  goal: true,
  status: true,
  startedAt: true,
  lastAt: true,
  steps: true,
}).openapi("RunRow");
export type RunRow = z.infer<typeof RunRow>;

export const Fork = z
  .object({
    step: z.number().int().nonnegative(),
    mind: MindConfig.optional(),
    budget: Budget.partial().optional(),
    permissions: z.unknown().optional(),
  })
  .strict()
  .openapi("Fork");
export type Fork = z.infer<typeof Fork>;

export const Problem = z
  .object({ error: z.string(), hint: z.string(), exit: z.union([z.literal(1), z.literal(2)]) })
  .openapi("Problem");
export type Problem = z.infer<typeof Problem>;
