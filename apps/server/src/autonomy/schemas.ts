/** Autonomy over the API: the levels, and what each mind has earned. */
import { Autonomy } from "@candor/store";
import { z } from "@hono/zod-openapi";

/** What was counted since the level was reached. */
export const Figures = z.object({
  /** Steps that a person let pass, in a row. */
  approved: z.number(),
  rejected: z.number(),
  bad: z.number(),
  severe: z.number(),
  grave: z.number(),
  evaluations: z.number(),
});

export const LevelInfo = z.object({
  level: Autonomy,
  /** A sentence. */
  means: z.string(),
  /** Steps between two words of a person; null: no such limit. */
  steps: z.number().nullable(),
  /** What earns the level above; null for the last. */
  next: z.object({ approved: z.number(), evaluations: z.number() }).nullable(),
});

export const MindStanding = z
  .object({
    /** `model` for minds that have one. */
    mind: z.object({ kind: z.string(), model: z.string().optional() }),
    level: Autonomy,
    figures: Figures,
    /** What the level above still takes, in words; empty at the last. */
    missing: z.array(z.string()),
    runs: z.number(),
    /** Each change with its figures, oldest first. */
    history: z.array(
      z.object({
        run: z.string(),
        at: z.number(),
        from: Autonomy,
        to: Autonomy,
        reason: z.string(),
        figures: Figures,
      }),
    ),
  })
  .openapi("MindStanding");
export type MindStanding = z.infer<typeof MindStanding>;

export const AutonomyView = z
  .object({ levels: z.array(LevelInfo), minds: z.array(MindStanding) })
  .openapi("AutonomyView");
export type AutonomyView = z.infer<typeof AutonomyView>;

export const SetAutonomy = z.object({ level: Autonomy, reason: z.string().max(500).default("") }).strict();
