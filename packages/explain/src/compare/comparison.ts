/** What a comparison says of two runs, `a` and `b`. Every list in it is bounded. */
import { z } from "zod";
import { CurvePoint, Price, StrategyName } from "../explanation.ts";

const Side = z.object({
  run: z.string(),
  kind: z.enum(["audit", "run"]),
  goal: z.string(),
  status: z.string(),
  mind: z.string(),
  /** The run and step it was forked from. */
  forkOf: z.object({ run: z.string(), step: z.number().int() }).optional(),
  total: CurvePoint,
  curve: z.array(CurvePoint),
  divergence: z.number(),
});

const Move = z.object({
  step: z.number().int(),
  tool: z.string(),
  object: z.string(),
  thought: z.string(),
  effect: z.string(),
  findings: z.number().int(),
});

const Found = z.object({ id: z.string(), kind: z.string(), value: z.string() });
const FoundBy = z.object({ of: z.number().int(), rows: z.array(Found) });

export const Comparison = z.object({
  a: Side,
  b: Side,
  /** Steps at the start in which both did the same, and what each did next; null where it ended there. */
  parting: z.object({ prefix: z.number().int(), a: Move.nullable(), b: Move.nullable(), why: z.string() }),
  /** Side by side, in order: `same` where both did it, else one of them is null. A window, as asked for. */
  aligned: z.object({
    from: z.number().int(),
    of: z.number().int(),
    same: z.number().int(),
    rows: z.array(z.object({ same: z.boolean(), a: Move.nullable(), b: Move.nullable() })),
  }),
  findings: z.object({ onlyA: FoundBy, onlyB: FoundBy, both: FoundBy }),
  strategies: z.array(z.object({ name: StrategyName, a: z.number(), b: z.number(), costA: Price, costB: Price })),
  /** Posteriors of the goals that either is suspected of. */
  goals: z.array(z.object({ id: z.string(), label: z.string(), a: z.number().nullable(), b: z.number().nullable() })),
  /** What differs, in sentences. */
  story: z.array(z.string()),
});
export type Comparison = z.infer<typeof Comparison>;
export type Move = z.infer<typeof Move>;
