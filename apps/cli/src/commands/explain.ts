/** `candor explain RUN`: what a run wanted, what it did for that, what it gave and cost, and what it looks like it was after. */
import type { Explanation } from "@candor/server";
import type { Command } from "commander";
import { bars, spark } from "../screen/bars.ts";
import { bold, cut, cyan, dim, green, plural, print, red, width, wrap, yellow } from "../screen/style.ts";
import { heading, toldWithSteps } from "./rows.ts";

export function explainCommand(program: Command): void {
  toldWithSteps(
    program
      .command("explain <run>")
      .description("why a run did what it did: goals, strategies, strange places, and the goal its choices point to"),
    { steps: "with every step: what it said, did and got", row: "step", rows: "steps" },
    {
      ask: (client, [run = ""], options) => client.explain(run, options),
      story: printExplanation,
      steps: printSteps,
    },
  );
}

function printExplanation({ run, story, goals, curve, strategies, strange, inference }: Explanation): void {
  print(bold(run));
  for (const sentence of story) print(wrap(sentence, width()));

  heading("Goals");
  const depth = new Map<string, number>();
  for (const goal of goals) {
    const level = goal.parent === null ? 0 : (depth.get(goal.parent) ?? 0) + 1;
    depth.set(goal.id, level);
    const mark = goal.done === null ? dim("·") : goal.done ? green("✓") : red("✗");
    const gave = [plural(goal.steps, "step"), ...(goal.findings > 0 ? [plural(goal.findings, "finding")] : [])].join(
      ", ",
    );
    print(`${"  ".repeat(level)}${mark} ${cut(goal.text, width() - 40 - 2 * level)}  ${dim(gave)}`);
  }

  heading("Yield and cost");
  for (const [label, pick] of [
    ["findings", (point) => point.findings],
    ["new leads", (point) => point.leads],
    ["pages", (point) => point.pages],
  ] as [string, (point: Explanation["curve"][number]) => number][]) {
    const values = curve.map(pick);
    print(`${label.padEnd(10)} ${cyan(spark(values, width() - 22))} ${values.at(-1) ?? 0}`);
  }

  heading("Strategies");
  const rows = strategies.totals.map(({ name, share, steps, findings }) => ({
    label: name,
    share,
    text: `${plural(steps, "step")}, ${plural(findings, "finding")}`,
  }));
  for (const row of bars(rows, 30)) print(row);

  heading("What it looks like it wanted");
  const believed = inference.goals
    .filter(({ id, posterior }) => id === inference.given || posterior >= 0.005)
    .slice(0, 6);
  const beliefs = believed.map(({ id, label, posterior }) => ({
    label,
    share: posterior,
    text: `${(100 * posterior).toFixed(posterior < 0.1 ? 1 : 0)} %${id === inference.given ? ", as told" : ""}`,
  }));
  for (const row of bars(beliefs, 20)) print(row);
  if (inference.divergence >= 0.5)
    for (const { step, what } of inference.telling.filter(({ nats }) => nats > 0).slice(0, 5))
      print(dim(`  step ${step}: ${cut(what, width() - 14)}`));

  heading("Where it went strange");
  if (strange.length === 0) print(dim("nowhere"));
  for (const { from, to, kind, where, why, evidence } of strange) {
    const span = from === to ? `step ${from}` : `steps ${from} to ${to}`;
    print(`${yellow(kind)} ${span}${where ? `, ${cut(where, 60)}` : ""}`);
    for (const row of wrap(why, width(), "  ").split("\n")) print(row);
    for (const each of evidence.slice(0, 2)) print(dim(`    ${cut(each, width() - 4)}`));
  }
}

function printSteps({ steps }: Explanation): void {
  heading("Steps");
  for (const { step, tool, object, thought, effect, strategy, fits, misfit, findings, leads } of steps.rows) {
    const gave =
      findings.length > 0 ? green(plural(findings.length, "finding")) : leads > 0 ? plural(leads, "lead") : effect;
    print(`${String(step).padStart(5)} ${bold(tool)} ${cut(object, width() - 40)}  ${dim(strategy)}  ${gave}`);
    print(dim(`      ${cut(thought, width() - 6)}`));
    if (fits === "no") print(red(`      does not fit: ${cut(misfit, width() - 22)}`));
  }
  const last = steps.rows.at(-1)?.step ?? 0;
  if (steps.from + steps.rows.length - 1 < steps.of)
    print(dim(`      ${steps.of} steps in all; --from ${last + 1} goes on`));
}
