/** `candor run "GOAL"`: any goal, within permissions and a budget. */
import type { StartRun } from "@candor/server";
import type { Autonomy } from "@candor/store";
import type { Command } from "commander";
import { api, type Global } from "../context.ts";
import { budget, integer, mind, startAutonomy, world } from "../options.ts";
import { readPermissions } from "../permissions.ts";
import { conclude, introduce, watch } from "./watch.ts";

interface RunOptions extends Global {
  world: string;
  mind: string;
  model?: string;
  baseUrl?: string;
  townSeed: number;
  spec?: string;
  budget: StartRun["budget"];
  permissions?: string;
  tools?: string;
  stepByStep?: boolean;
  autonomy?: Autonomy | "earned";
  climbs?: boolean;
}

export function runCommand(program: Command): void {
  program
    .command("run <goal>")
    .description("let the agent work on any goal")
    .option("--mind <mind>", "scout or llm", "scout")
    .option("--model <model>", "for llm: anthropic:NAME, ollama:NAME or openai-compatible:NAME")
    .option("--base-url <url>", "for llm: address of the model's server")
    .option("--world <world>", "town or web", "town")
    .option("--town-seed <n>", "which town", integer("the town seed", 0), 7)
    .option("--spec <file>", "a town of your own")
    .option("--tools <names>", "only these tools, separated by commas")
    .option("--budget <limits>", "e.g. steps=200,time=10m,usd=0.50", budget, {})
    .option("--permissions <file>", "watch, careful, normal, or a file")
    .option("--step-by-step", "pause after each step, as --autonomy step")
    .option(
      "--autonomy <level>",
      "propose, step, few, continuous, or earned: as far as this mind has earned",
      startAutonomy,
    )
    .option("--climbs", "let it earn more on the way")
    .action(async (goal: string, _, command: Command) => {
      process.exitCode = await run(goal, command.optsWithGlobals<RunOptions>());
    });
}

async function run(goal: string, options: RunOptions): Promise<number> {
  const request: StartRun = {
    kind: "run",
    goal,
    world: world(options),
    mind: mind(options),
    budget: options.budget,
    seed: options.townSeed,
    mode: options.autonomy ?? (options.stepByStep ? "step" : "continuous"),
    ...(options.climbs && { climbs: true }),
    ...(options.tools && { tools: options.tools.split(",").map((t) => t.trim()) }),
    ...(options.permissions && { permissions: readPermissions(options.permissions) }),
  };
  const client = await api();
  const { run } = await client.start(request);
  if (!options.json) introduce(await client.show(run));
  return conclude(client, run, await watch(client, run, options.json ?? false), options);
}
