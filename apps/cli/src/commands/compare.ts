/** `candor compare A B`: two runs, or a run and its fork, side by side. */
import type { Comparison } from "@candor/server";
import type { Command } from "commander";
import { spark } from "../screen/bars.ts";
import { bold, cut, cyan, dim, green, plural, print, width, wrap, yellow } from "../screen/style.ts";
import { heading, toldWithSteps } from "./rows.ts";

export function compareCommand(program: Command): void {
  toldWithSteps(
    program
      .command("compare <a> <b>")
      .description("two runs side by side: where they part, what each found and cost, how they went about it"),
    { steps: "with the steps of both, aligned", row: "row", rows: "rows" },
    {
      ask: (client, [a = "", b = ""], options) => client.compare(a, b, options),
      story: printComparison,
      steps: printSteps,
    },
  );
}

function printComparison({ a, b, story, parting, findings, strategies, goals }: Comparison): void {
  for (const [name, side] of [
    ["first ", a],
    ["second", b],
  ] as const) {
    print(`${name} ${bold(side.run)} ${dim(`${side.mind}, ${side.status}`)}  ${cut(side.goal, width() - 60)}`);
  }
  print();
  for (const sentence of story) print(wrap(sentence, width()));

  heading("Where they part");
  print(wrap(parting.why, width()));
  for (const [name, move] of [
    ["first ", parting.a],
    ["second", parting.b],
  ] as const)
    if (move) {
      print(`  ${name} step ${move.step}: ${bold(move.tool)} ${cut(move.object, width() - 34)}`);
      print(dim(`         ${cut(move.thought, width() - 9)}`));
    }

  heading("Found");
  for (const [name, found] of [
    ["only the first", findings.onlyA],
    ["only the second", findings.onlyB],
  ] as const) {
    print(`${name}: ${found.of}`);
    for (const { kind, value } of found.rows.slice(0, 12)) print(`  ${green(kind)} ${cut(value, width() - 20)}`);
    if (found.of > 12) print(dim(`  and ${found.of - 12} more`));
  }
  print(`both: ${findings.both.of}`);

  heading("Findings over steps");
  for (const [name, { curve }] of [
    ["first ", a],
    ["second", b],
  ] as const) {
    const values = curve.map((point) => point.findings);
    print(`${name} ${cyan(spark(values, width() - 18))} ${values.at(-1) ?? 0}`);
  }

  heading("Strategies                first  second");
  for (const { name, a: first, b: second } of strategies)
    print(`  ${name.padEnd(24)}${share(first)}  ${share(second)}`);

  heading("Probable goals            first  second");
  for (const goal of goals.filter(({ a: first, b: second }) => Math.max(first ?? 0, second ?? 0) >= 0.01))
    print(`  ${cut(goal.label, 22).padEnd(24)}${share(goal.a)}  ${share(goal.b)}`);
}

function printSteps({ aligned }: Comparison): void {
  heading(`Side by side (${plural(aligned.of, "row")}, ${aligned.same} the same)`);
  const half = Math.floor((width() - 5) / 2);
  for (const { same, a, b } of aligned.rows) {
    const [left, right] = [a, b].map((move) => (move ? `${move.step} ${move.tool} ${move.object}` : ""));
    const line = `${cut(left ?? "", half).padEnd(half)} ${same ? "=" : "|"} ${cut(right ?? "", half)}`;
    print(same ? dim(line) : a ? line : yellow(line));
  }
}

const share = (value: number | null): string => (value === null ? "    -" : `${Math.round(100 * value)} %`.padStart(5));
