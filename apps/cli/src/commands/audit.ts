/** `candor audit`: what the web shows about you, texted to you, with how to take it down. */
import type { StartRun } from "@candor/server";
import type { Autonomy } from "@candor/store";
import type { Command } from "commander";
import { answer, api, type Global } from "../context.ts";
import { budget, duration, integer, mind, startAutonomy, world } from "../options.ts";
import { bold, print } from "../screen/style.ts";
import { conclude, introduce, watch } from "./watch.ts";

interface AuditOptions extends Global {
  world: string;
  mind: string;
  model?: string;
  baseUrl?: string;
  townSeed: number;
  spec?: string;
  peaceful?: boolean;
  budget: StartRun["budget"];
  since?: string;
  every?: number;
  permissions?: string;
  stepByStep?: boolean;
  autonomy?: Autonomy | "earned";
  climbs?: boolean;
}

export function auditCommand(program: Command): void {
  program
    .command("audit")
    .description("find what the web shows about you, text it to yourself, and learn how to remove it")
    .option("--world <world>", "town (a simulated web) or web (the real one)", "town")
    .option("--mind <mind>", "scout or llm", "scout")
    .option("--model <model>", "for llm: anthropic:NAME, ollama:NAME or openai-compatible:NAME")
    .option("--base-url <url>", "for llm: address of the model's server")
    .option("--town-seed <n>", "which town", integer("the town seed", 0), 7)
    .option("--spec <file>", "a town of your own, see docs/write-a-town.md")
    .option("--peaceful", "leave the town's hostile pages out")
    .option("--budget <limits>", "e.g. steps=200,time=10m,usd=0.50", budget, {})
    .option("--permissions <file>", "watch, careful, normal, or a file")
    .option("--since <run>", "say what appeared and went away since that run")
    .option("--step-by-step", "pause after each step, as --autonomy step")
    .option(
      "--autonomy <level>",
      "propose, step, few, continuous, or earned: as far as this mind has earned",
      startAutonomy,
    )
    .option("--climbs", "let it earn more on the way")
    .option("--every <duration>", "repeat by itself, e.g. 30d", duration)
    .action(async (_, command: Command) => {
      process.exitCode = await audit(command.optsWithGlobals<AuditOptions>());
    });
}

async function audit(options: AuditOptions): Promise<number> {
  const asked = await toRequest(options);
  const client = await api();
  // The beginning of an id will do; one that nobody knows is said before the work.
  const request = options.since ? { ...asked, since: (await client.show(options.since)).run } : asked;
  if (options.every) {
    const id = `audit-${options.world}`;
    await client.schedule(id, options.every, request);
    answer(options, { schedule: id, everyMs: options.every }, () =>
      print(`The audit repeats by itself as ${bold(id)} while candor serve runs.`),
    );
    return 0;
  }
  const { run } = await client.start(request);
  if (!options.json) introduce(await client.show(run));
  return conclude(client, run, await watch(client, run, options.json ?? false), options);
}

async function toRequest(options: AuditOptions): Promise<StartRun> {
  const { readPermissions } = await import("../permissions.ts");
  return {
    kind: "audit",
    world: world(options),
    mind: mind(options),
    budget: options.budget,
    mode: options.autonomy ?? (options.stepByStep ? "step" : "continuous"),
    ...(options.climbs && { climbs: true }),
    seed: options.townSeed,
    ...(options.permissions && { permissions: readPermissions(options.permissions) }),
  };
}
