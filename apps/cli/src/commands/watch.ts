/** From the start of a run to its end at the terminal: introduced, followed, asked about, summed up. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { RunView } from "@candor/server";
import { loadConfig } from "@candor/server/outside";
import type { Api } from "../client/api.ts";
import { answer, type Global, home } from "../context.ts";
import { askForNextStep, askWhileWaiting } from "../screen/ask.ts";
import { costLine } from "../screen/cost.ts";
import { type Ending, follow } from "../screen/follow.ts";
import { LiveScreen } from "../screen/live.ts";
import { bold, dim, print, width, wrap, yellow } from "../screen/style.ts";
import { printSummary } from "../screen/summary.ts";
import { exitFor } from "./exit.ts";

/** What begins: the goal, the mind, the world and how the mind is shut in. */
export function introduce(view: RunView): void {
  print(`${bold("Candor")} ${dim(`run ${view.run}`)}`);
  print(wrap(view.goal, width()));
  const setting = `${view.mind.kind} mind, ${worldName(view)}; ${view.isolation}`;
  for (const line of wrap(setting, width()).split("\n")) print(dim(line));
  const { prices, search } = loadConfig(home());
  const estimate = costLine(view, prices);
  if (estimate) print(dim(estimate));
  if (view.world.kind === "web" && !search)
    print(yellow("No search engine is set up, so it follows only links and site checks: docs/audit-yourself.md"));
  print();
}

const worldName = ({ world }: Pick<RunView, "world">): string =>
  world.kind === "web"
    ? "the real web"
    : world.spec
      ? `the town of ${world.spec}`
      : `a simulated town, seed ${world.seed}`;

/** Follows a run; where there is a person at the terminal, asks them what the run asks and when to take the next step. */
export async function watch(
  client: Api,
  run: string,
  quiet: boolean,
  from: { after?: number; past?: number } = {},
): Promise<Ending> {
  const screen = new LiveScreen();
  let after = from.after ?? 0;
  for (;;) {
    const { ending, seq } = await follow(client, run, { after, quiet, screen, untilAsked: true, past: from.past ?? 0 });
    after = seq;
    if (quiet || !process.stdin.isTTY) return ending;
    if (ending === "waiting") {
      if (!(await askWhileWaiting(client, run))) return "interrupted";
    } else if (ending !== "paused" || !(await askForNextStep(client, run))) return ending;
  }
}

/** Says what came of a run, and its exit code: an audit ends with the summary, its report and its score. */
export async function conclude(
  client: Api,
  run: string,
  ending: Ending,
  options: Global & { since?: string },
): Promise<number> {
  const view = await client.show(run);
  if (view.kind === "run") {
    answer(options, view, () => {
      if (view.summary) print(`\n${bold("Result")}\n${wrap(view.summary, width(), "  ")}`);
    });
  } else if (ending === "finished") {
    const report = await writeReport(client, run, options.since);
    const summary = await client.summary(run);
    const score = view.world.kind === "town" ? await client.score(run) : undefined;
    answer(options, { run: view, summary, report, score }, () => printSummary({ view, summary, report, score }));
  } else if (options.json) answer(options, { run: view }, () => {});
  return exitFor(ending, run, options.json ?? false);
}

/** Writes the report beside the other files of the home folder. */
async function writeReport(
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
