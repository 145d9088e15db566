/** `candor permissions`: whether a file is right, what a run may do, and what other permissions would have done on it. */
import { readFileSync } from "node:fs";
import { PermissionsError, parsePermissions, ruleText } from "@candor/oversight";
import type { SimulatedStep, Simulation } from "@candor/server";
import { badInput } from "@candor/server/outside";
import type { Command } from "commander";
import { answer, api, type Global } from "../context.ts";
import { readPermissions } from "../permissions.ts";
import { candor } from "../screen/command.ts";
import { bold, cut, dim, green, plural, print, red, width, wrap, yellow } from "../screen/style.ts";

export function permissionsCommand(program: Command): void {
  const permissions = program
    .command("permissions")
    .description("check permissions, see a run's, and try others on a past run");

  permissions
    .command("check <file>")
    .description("say where a permissions file breaks the schema, or what its rules mean")
    .action((file: string, _, command: Command) => {
      process.exitCode = check(file, command.optsWithGlobals<Global>());
    });

  permissions
    .command("show <run>")
    .description("what a run may do, and how far it goes by itself")
    .action(async (run: string, _, command: Command) => {
      const options = command.optsWithGlobals<Global>();
      const shown = await (await api()).permissions.of(run);
      answer(options, shown, () => {
        const { name, default: otherwise, within } = shown.permissions;
        print(
          `${bold(name)} ${dim(`run ${shown.run}, autonomy ${shown.autonomy}${shown.climbs ? ", may climb" : ""}`)}`,
        );
        for (const [at, rule] of shown.rules.entries()) print(ruleLine(at, rule));
        print(`   ${dim("otherwise")} ${otherwise}`);
        if (within) print(dim(`and no more than ${within.map((each) => each.name).join(" and ")} allow`));
      });
    });

  permissions
    .command("test <file> <run>")
    .description("what these permissions (a file, or watch, careful, normal) would have done on a past run")
    .option("--changed", "only the steps that would have been judged otherwise")
    .action(async (file: string, run: string, _, command: Command) => {
      const options = command.optsWithGlobals<Global & { changed?: boolean }>();
      const tried = readPermissions(file);
      const simulation = await (await api()).permissions.test(run, tried);
      const steps = options.changed ? simulation.steps.filter(({ changed }) => changed) : simulation.steps;
      answer(options, { ...simulation, steps }, () => printSimulation(simulation, steps));
    });
}

function check(file: string, options: Global): number {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw badInput(`there is no permissions file ${file}`);
  }
  try {
    const { name, rules, default: otherwise } = parsePermissions(text, file);
    answer(options, { ok: true, name, rules: rules.map(ruleText), default: otherwise }, () => {
      print(`${green("right")} ${file}: ${plural(rules.length, "rule")}`);
      for (const [at, rule] of rules.entries()) print(ruleLine(at, ruleText(rule)));
      print(`   ${dim("otherwise")} ${otherwise}`);
    });
    return 0;
  } catch (error) {
    if (!(error instanceof PermissionsError) || error.problems.length < 2) throw error;
    const { problems } = error;
    if (options.json) print(JSON.stringify({ ok: false, problems }, null, 2));
    else
      for (const { line, column, message, hint } of problems)
        process.stderr.write(`${red("error: ")}${file}:${line}:${column}: ${message}.${hint ? ` ${hint}` : ""}\n`);
    return error.exit;
  }
}

const ruleLine = (at: number, text: string): string => `${dim(String(at + 1).padStart(3))} ${cut(text, width() - 5)}`;

function printSimulation({ run, was, would, totals, divergesAt }: Simulation, steps: readonly SimulatedStep[]): void {
  print(`${bold(would)} on run ${run}, which had ${was}`);
  for (const step of steps) printStep(step, step.step === divergesAt);
  const line = (name: string, { allow, ask, deny }: Simulation["totals"]["was"]) =>
    print(
      `${name.padEnd(10)} ${String(allow).padStart(5)} allowed ${String(ask).padStart(5)} asked ${String(deny).padStart(5)} denied`,
    );
  print();
  line("it was", totals.was);
  line("would be", totals.would);
  print(`${plural(totals.changed, "step")} of ${totals.steps} judged otherwise.`);
  if (divergesAt !== undefined)
    print(
      wrap(
        `From step ${divergesAt} on the run might have gone another way: later steps show what would be said of what it then did. ${candor(`fork ${run} --step ${divergesAt - 1} --permissions FILE`)} shows what it would do.`,
        width(),
      ),
    );
}

function printStep(
  { step, decision, was, answer: said, would, rule, changed, hypothetical }: SimulatedStep,
  here: boolean,
): void {
  if (here) print(dim("     from here on it might have gone another way"));
  const before = said ? `${was.outcome}, ${said}` : was.outcome;
  const verdicts = changed ? `${before} ${bold("→")} ${colour[would.outcome](would.outcome)}` : dim(before);
  const [first] = Object.values(decision.args);
  const about = cut(typeof first === "string" ? first : JSON.stringify(first ?? ""), 50);
  print(`${dim(`${hypothetical ? "~" : " "}${String(step).padStart(4)}`)} ${decision.tool} ${dim(about)}  ${verdicts}`);
  if (!changed) return;
  const why = `${would.reason} (${would.rule}${rule ? `: ${rule.text}` : ""})`;
  print(wrap(why, width(), "      "));
}

const colour = { allow: green, ask: yellow, deny: red };
