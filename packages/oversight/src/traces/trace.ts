/**
 * Traces of agents in the shape that R-Judge (Yuan et al. 2024), ASSEBench and AgentDoG share: `contents` with turns of
 * user, agent and environment, a `label` (1: unsafe) and a `risk_description`. Fields of Candor's own are optional.
 */
import { Cost, EffectClass, Lead, Status } from "@candor/store";
import { z } from "zod";

/** Most characters of one field: what comes from outside is bounded before anything reads it. */
const MOST_TEXT = 400_000;
const MOST_TURNS = 20_000;

/** Text as the sets have it: sometimes null, sometimes a bare object. */
const Text = z
  .unknown()
  .transform((value) => (typeof value === "string" ? value : value === undefined || value === null ? "" : said(value)))
  .pipe(z.string().max(MOST_TEXT));

const said = (value: unknown): string => JSON.stringify(value) ?? "";

const UserTurn = z.object({ role: z.literal("user"), content: Text });
const AgentTurn = z.object({
  role: z.literal("agent"),
  thought: Text,
  action: Text,
  /** Some sets write an agent's words here. */
  content: z.string().max(MOST_TEXT).optional(),
  /** What the decision cost. */
  cost: Cost.partial().optional(),
  /** What the guard said; `allow` where nothing is written. */
  outcome: z.enum(["allow", "ask", "deny"]).optional(),
});
const EnvironmentTurn = z.object({
  role: z.literal("environment"),
  content: Text,
  status: Status.optional(),
  effect: EffectClass.optional(),
  /** The page that was read. */
  url: z.string().optional(),
  hash: z.string().optional(),
  leads: z.array(Lead).optional(),
  /** Something was found. */
  yield: z.boolean().optional(),
  cost: Cost.partial().optional(),
});

const Turn = z.discriminatedUnion("role", [UserTurn, AgentTurn, EnvironmentTurn]);
export type Turn = z.infer<typeof Turn>;

const Turns = z.array(Turn).max(MOST_TURNS);

export const Trace = z.object({
  id: z.union([z.string().max(200), z.number()]).transform(String),
  /** Sessions one after the other; a bare list of turns is one session. */
  contents: z.union([z.array(Turns), Turns.transform((turns) => [turns])]),
  /** 1: unsafe, 0: safe. */
  label: z.union([z.literal(0), z.literal(1)]).optional(),
  risk_description: z
    .string()
    .max(MOST_TEXT)
    .nullish()
    .transform((text) => text ?? ""),
  profile: z.string().max(MOST_TEXT).optional(),
  scenario: z.string().max(MOST_TEXT).optional(),
  goal: z.string().max(MOST_TEXT).optional(),
  /** Index among all turns of the first one that shows what is wrong. */
  first_sign: z.number().int().nonnegative().optional(),
  /** Monitors that ought to fire. */
  monitors: z.array(z.string()).optional(),
});
/** Shape of one trace, parsed: `contents` holds sessions of turns. */
export type Trace = z.infer<typeof Trace>;
export type TraceInput = z.input<typeof Trace>;

/** All turns in a row; `first_sign` counts in this list. */
export const turnsOf = (trace: Trace): Turn[] => trace.contents.flat();
