/** What `candor audit` and `candor run` have in common: how a run is set up, begun and followed to its end. */
import type { StartRun } from "@candor/server";
import type { Autonomy } from "@candor/store";
import type { Command } from "commander";
import type { Api } from "../client/api.ts";
import type { Global } from "../context.ts";
import { budget, duration, integer, mind, startAutonomy, world } from "../options.ts";
import { readPermissions } from "../permissions.ts";
import { conclude, introduce, watch } from "./watch.ts";

export interface StartOptions extends Global {
  world: string;
  mind: string;
  model?: string;
  baseUrl?: string;
  judgedBy?: string;
  bestOf?: number;
  townSeed: number;
  spec?: string;
  peaceful?: boolean;
  budget: StartRun["budget"];
  permissions?: string;
  stepByStep?: boolean;
  autonomy?: Autonomy | "earned";
  climbs?: boolean;
  /** Milliseconds. */
  expireAfter?: number;
}

export function startOptions(command: Command): Command {
  return command
    .option("--world <world>", "town (a simulated web) or web (the real one)", "town")
    .option("--mind <mind>", "scout, small or llm", "scout")
    .option("--model <model>", "for llm: anthropic:NAME, ollama:NAME or openai-compatible:NAME; for small: a folder")
    .option("--base-url <url>", "for llm: address of the model's server")
    .option(
      "--judged-by <dir>",
      "a reward model of judged steps that ranks proposals and watches, of candor train mind --reward",
    )
    .option("--best-of <n>", "proposals to a step, of which --judged-by takes the best", integer("--best-of", 1))
    .option("--town-seed <n>", "which town", integer("the town seed", 0), 7)
    .option("--spec <file>", "a town of your own, see docs/write-a-town.md")
    .option("--peaceful", "leave the town's hostile pages out")
    .option("--budget <limits>", "e.g. steps=200,time=10m,usd=0.50", budget, {})
    .option("--permissions <file>", "watch, careful, normal, or a file")
    .option("--expire-after <duration>", "how long a question waits before it becomes a no, e.g. 2d", duration)
    .option("--step-by-step", "pause after each step, as --autonomy step")
    .option(
      "--autonomy <level>",
      "propose, step, few, continuous, or earned: as far as this mind has earned",
      startAutonomy,
    )
    .option("--climbs", "let it earn more on the way");
}

export function startRequest(kind: StartRun["kind"], options: StartOptions): StartRun {
  return {
    kind,
    world: world(options),
    mind: mind(options),
    budget: options.budget,
    seed: options.townSeed,
    mode: options.autonomy ?? (options.stepByStep ? "step" : "continuous"),
    ...(options.climbs && { climbs: true }),
    ...(options.permissions && { permissions: readPermissions(options.permissions) }),
    ...(options.expireAfter && { expireAfter: Math.ceil(options.expireAfter / 1_000) }),
  };
}

/** Begins a run and follows it. Returns its exit code. */
export async function begin(client: Api, request: StartRun, options: Global & { since?: string }): Promise<number> {
  const { run } = await client.start(request);
  if (!options.json) introduce(await client.show(run));
  return conclude(client, run, await watch(client, run, options.json ?? false), options);
}
