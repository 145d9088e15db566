/** `candor audit`: what the web shows about you, texted to you, with how to take it down. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { loadConfig, type RunView, type StartRun } from "@candor/server";
import type { Command } from "commander";
import type { Api } from "../client/api.ts";
import { answer, api, type Global, home } from "../context.ts";
import { budget, duration, integer, mind, world } from "../options.ts";
import { askWhileWaiting } from "../screen/ask.ts";
import { costLine } from "../screen/cost.ts";
import { follow } from "../screen/follow.ts";
import { bold, dim, print, width, wrap } from "../screen/style.ts";
import { printSummary } from "../screen/summary.ts";
import { exitFor } from "./exit.ts";

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
    .option("--step-by-step", "pause after each step")
    .option("--every <duration>", "repeat by itself, e.g. 30d", duration)
    .action(async (_, command: Command) => {
      process.exitCode = await audit(command.optsWithGlobals<AuditOptions>());
    });
}

async function audit(options: AuditOptions): Promise<number> {
  const request = await toRequest(options);
  const client = await api();
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
  const ending = await followToTheEnd(client, run, options.json ?? false);
  const view = await client.show(run);
  if (ending === "finished") {
    const report = await writeReport(client, run, options.since);
    const summary = await client.summary(run);
    const score = view.world.kind === "town" ? await client.score(run) : undefined;
    answer(options, { run: view, summary, report, score }, () => printSummary({ view, summary, report, score }));
  } else if (options.json) answer(options, { run: view }, () => {});
  return exitFor(ending, run, options.json ?? false);
}

async function toRequest(options: AuditOptions): Promise<StartRun> {
  const { readPermissions } = await import("../permissions.ts");
  return {
    kind: "audit",
    world: world(options),
    mind: mind(options),
    budget: options.budget,
    mode: options.stepByStep ? "step" : "continuous",
    seed: options.townSeed,
    ...(options.permissions && { permissions: readPermissions(options.permissions) }),
    ...(options.since && { since: options.since }),
  };
}

/** What begins: the goal, the mind, the world and how the mind is shut in. */
export function introduce(view: RunView): void {
  print(`${bold("Candor")} ${dim(`run ${view.run}`)}`);
  print(wrap(view.goal, width()));
  const setting = `${view.mind.kind} mind, ${worldName(view)}; ${view.isolation}`;
  for (const line of wrap(setting, width()).split("\n")) print(dim(line));
  const estimate = costLine(view, loadConfig(home()).prices);
  if (estimate) print(dim(estimate));
  print();
}

const worldName = ({ world }: Pick<RunView, "world">): string =>
  world.kind === "web"
    ? "the real web"
    : world.spec
      ? `the town of ${world.spec}`
      : `a simulated town, seed ${world.seed}`;

/** Follows a run; where there is a person at the terminal, asks them what the run asks. */
export async function followToTheEnd(
  client: Api,
  run: string,
  quiet: boolean,
  from: { after?: number; past?: number } = {},
) {
  let after = from.after ?? 0;
  for (;;) {
    const { ending, seq } = await follow(client, run, { after, quiet, untilAsked: true, past: from.past ?? 0 });
    after = seq;
    if (ending !== "waiting" || quiet || !process.stdin.isTTY) return ending;
    if (!(await askWhileWaiting(client, run))) return "interrupted" as const;
  }
}

/** Writes the report beside the other files of the home folder. */
export async function writeReport(
  client: Api,
  run: string,
  since?: string,
): Promise<{ html: string; json: string; markdown: string; url: string }> {
  const folder = join(home(), "reports");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = (ending: string) => join(folder, `${run}.${ending}`);
  for (const format of ["html", "json", "md"] as const)
    writeFileSync(path(format), await client.report(run, format, since), { mode: 0o600 });
  return { html: path("html"), json: path("json"), markdown: path("md"), url: pathToFileURL(path("html")).href };
}
