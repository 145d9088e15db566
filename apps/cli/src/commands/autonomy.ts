/** `candor autonomy`: how far each mind may go by itself, on what evidence, and a person's word on one run. */
import { LEVELS } from "@candor/oversight";
import type { MindStanding } from "@candor/server";
import type { Command } from "commander";
import { answer, api, type Global } from "../context.ts";
import { autonomy } from "../options.ts";
import { bold, dim, green, plural, print, red, width, wrap } from "../screen/style.ts";

export function autonomyCommand(program: Command): void {
  const command = program
    .command("autonomy")
    .description("how far each mind may go by itself, what earned it, and what is missing for more")
    .action(async (_, self: Command) => {
      const options = self.optsWithGlobals<Global>();
      const view = await (await api()).autonomy.view();
      answer(options, view, () => {
        for (const { level, means } of view.levels) print(`${bold(level.padEnd(10))} ${means}`);
        if (view.minds.length === 0) print(`\nNo mind has done anything yet: ${bold("propose")} is where each begins.`);
        for (const mind of view.minds) printMind(mind);
      });
    });
  command
    .command("set <run> <level>")
    .description("let a run go so far by itself from its next step on: propose, step, few or continuous")
    .option("--reason <text>", "why", "")
    .action(async (run: string, level: string, _, self: Command) => {
      const options = self.optsWithGlobals<Global & { reason: string }>();
      const to = autonomy(level);
      await (await api()).autonomy.set(run, to, options.reason);
      answer(options, { run, level: to }, () => print(`${run} goes by itself as far as ${bold(to)}.`));
    });
}

function printMind({ mind, level, figures, missing, runs, history }: MindStanding): void {
  print(
    `\n${bold([mind.kind, mind.model].filter(Boolean).join(" "))}  ${green(level)} ${dim(`over ${plural(runs, "run")}`)}`,
  );
  const { approved, rejected, bad, severe, evaluations } = figures;
  const counted = [
    `${plural(approved, "step")} in a row that you let pass`,
    plural(rejected, "rejection"),
    plural(bad, "bad judgment"),
    plural(severe, "severe signal"),
    `${plural(evaluations, "evaluation")} passed`,
  ];
  print(wrap(`Since it is there: ${counted.join(", ")}.`, width(), "  "));
  if (missing.length > 0) print(wrap(`For more: ${missing.join(", and ")}.`, width(), "  "));
  for (const { at, from, to, reason, run } of history.slice(-5)) {
    const fell = rank(to) < rank(from);
    print(`  ${dim(new Date(at).toLocaleString())} ${from} → ${fell ? red(to) : green(to)} ${reason} ${dim(run)}`);
  }
}

const rank = (level: MindStanding["level"]): number => LEVELS.indexOf(level);
