/** Permissions over the API: presets, checking a file, and what other permissions would have done on a past run. */
import { Permissions, Rule } from "@candor/oversight";
import { Autonomy, Decision, Verdict } from "@candor/store";
import { z } from "@hono/zod-openapi";

/** The name of a preset, the text of a file (YAML or JSON), or permissions as data. */
export const PermissionsInput = z.union([z.string().max(1_000_000), z.record(z.string(), z.unknown())]);
export type PermissionsInput = z.infer<typeof PermissionsInput>;

export const Preset = z
  .object({ name: z.string(), permissions: Permissions, text: z.string() })
  .openapi("PermissionsPreset");
export type Preset = z.infer<typeof Preset>;

/** `line` and `column` count from 1; both are 0 for permissions that were given as data. */
export const Problem = z.object({
  line: z.number(),
  column: z.number(),
  path: z.string(),
  message: z.string(),
  hint: z.string(),
});

export const CheckRequest = z
  .object({ permissions: PermissionsInput, name: z.string().min(1).max(200).default("permissions") })
  .strict();

/** `permissions` where nothing is wrong, `problems` in the order of the file otherwise. */
export const Checked = z
  .object({ permissions: Permissions.optional(), problems: z.array(Problem) })
  .openapi("PermissionsChecked");
export type Checked = z.infer<typeof Checked>;

export const TestRequest = z
  .object({
    /** The whole id of a run, or an unambiguous beginning of one. */
    run: z.string().min(1).max(80),
    /** Without them, the run's own: then nothing should change. */
    permissions: PermissionsInput.optional(),
    /** What messages call the text. */
    name: z.string().min(1).max(200).default("permissions"),
  })
  .strict()
  .openapi("PermissionsTest");
export type TestRequest = z.input<typeof TestRequest>;

export const SimulatedStep = z.object({
  step: z.number(),
  decision: Decision,
  was: Verdict,
  /** What a person said when it asked. */
  answer: z.string().optional(),
  would: Verdict,
  /** The rule behind `would`, and in words; none for a default or an invariant. */
  rule: z.object({ text: z.string(), value: Rule }).optional(),
  changed: z.boolean(),
  /** After the first step that would have gone otherwise: the run would have taken another way. */
  hypothetical: z.boolean(),
});
export type SimulatedStep = z.infer<typeof SimulatedStep>;

const Outcomes = z.object({ allow: z.number(), ask: z.number(), deny: z.number() });

export const Simulation = z
  .object({
    run: z.string(),
    /** Names of the permissions. */
    was: z.string(),
    would: z.string(),
    steps: z.array(SimulatedStep),
    totals: z.object({ was: Outcomes, would: Outcomes, steps: z.number(), changed: z.number() }),
    /** The first step that would have gone otherwise, or may have. */
    divergesAt: z.number().optional(),
  })
  .openapi("PermissionsSimulation");
export type Simulation = z.infer<typeof Simulation>;

export const RunPermissions = z
  .object({
    run: z.string(),
    permissions: Permissions,
    /** Each rule in words, in their order. */
    rules: z.array(z.string()),
    autonomy: Autonomy,
    climbs: z.boolean(),
  })
  .openapi("RunPermissions");
export type RunPermissions = z.infer<typeof RunPermissions>;
