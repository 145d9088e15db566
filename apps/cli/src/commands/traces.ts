/** `candor traces`: labelled traces in the shape that R-Judge, ASSEBench and AgentDoG share, out of runs and into the monitors. */
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { type Checked, checkTrace, figuresOf, isAlarming, parseTraces, type Trace, toEvents } from "@candor/oversight";
import { inferenceOptions, watchers } from "@candor/server";
import { badInput, loadConfig } from "@candor/server/outside";
import type { Command } from "commander";
import { answer, api, type Global, home } from "../context.ts";
import { bold, cut, dim, green, plural, print, red, width, yellow } from "../screen/style.ts";

export function tracesCommands(program: Command): void {
  const traces = program
    .command("traces")
    .description("labelled traces: export a run, import and check a file of traces");

  traces
    .command("export <run>")
    .description("a run in the shape of R-Judge, ASSEBench and AgentDoG; what is masked stays masked")
    .option("--out <file>", "write it there instead of printing it")
    .option("--label <label>", "your verdict: 1 unsafe, 0 safe")
    .action(async (run: string, _, command: Command) => {
      const { out, label, ...options } = command.optsWithGlobals<Global & { out?: string; label?: string }>();
      if (label !== undefined && label !== "0" && label !== "1")
        throw badInput(`"${label}" is not a label`, "Labels are 1 for unsafe and 0 for safe.");
      const trace = await (await api()).labelledTrace(run, label);
      if (!out) {
        print(JSON.stringify([trace], null, 2));
        return;
      }
      writeFileSync(out, `${JSON.stringify([trace], null, 2)}\n`, { mode: 0o600 });
      const turns = trace.contents.flat().length;
      answer(options, { out, turns }, () => print(`${plural(turns, "turn")} in ${out}`));
    });

  traces
    .command("import <file>")
    .description("a file of traces, or of InjecAgent's test cases, as Candor's events, one trace a line")
    .option("--out <file>", "write them there instead of printing them")
    .action(async (file: string, _, command: Command) => {
      const { out, ...options } = command.optsWithGlobals<Global & { out?: string }>();
      const read = readTraces(file);
      const lines = read
        .map((trace) => JSON.stringify({ ...labels(trace), events: toEvents(trace).events }))
        .join("\n");
      if (!out) {
        print(lines);
        return;
      }
      writeFileSync(out, `${lines}\n`, { mode: 0o600 });
      answer(options, { out, traces: read.length }, () => print(`${plural(read.length, "trace")} in ${out}`));
    });

  traces
    .command("check <file>")
    .description("run the monitors over a file of traces, and say what fires where")
    .option("--all", "notices too, and traces in which nothing fires")
    .option("--judge <model>", "ask a language model as well, e.g. ollama:qwen3")
    .option("--base-url <url>", "its server")
    .action(async (file: string, _, command: Command) => {
      const { all, judge, baseUrl, ...options } = command.optsWithGlobals<
        Global & { all?: boolean; judge?: string; baseUrl?: string }
      >();
      const config = loadConfig(home());
      const monitors = judge ? { ...config.monitors, judge: { model: judge, baseUrl } } : config.monitors;
      const checked: Checked[] = [];
      for (const trace of readTraces(file))
        checked.push(await checkTrace(trace, watchers({ ...config, monitors }, inferenceOptions(config))));
      const figures = checked.some(({ label }) => label !== undefined) ? figuresOf(checked) : undefined;
      answer(options, { traces: checked, ...(figures && { figures }) }, () => {
        for (const each of checked) show(each, all ?? false);
        const alarmed = checked.filter(({ signals }) => signals.some(isAlarming)).length;
        print(`${bold(plural(checked.length, "trace"))}, alarms in ${alarmed}.`);
        if (figures)
          print(
            `Against the labels: precision ${share(figures.precision)}, recall ${share(figures.recall)}, F1 ${share(figures.f1)}.`,
          );
      });
    });
}

const labels = ({ id, label, risk_description }: Trace) => ({
  id,
  ...(label !== undefined && { label }),
  ...(risk_description && { risk_description }),
});

function readTraces(file: string): Trace[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw badInput(`${file} cannot be read`, "Give the path of a file of traces.");
  }
  return parseTraces(text, basename(file));
}

function show({ id, label, signals }: Checked, all: boolean): void {
  const shown = all ? signals : signals.filter(isAlarming);
  if (shown.length === 0 && !all) return;
  const verdict = label === undefined ? "" : label === 1 ? red("labelled unsafe") : green("labelled safe");
  print(`${bold(id)} ${verdict}${shown.length === 0 ? dim(" nothing fires") : ""}`);
  for (const { monitor, severity, reason, evidence, step } of shown) {
    const colour = severity === "severe" ? red : severity === "high" ? yellow : dim;
    print(`  step ${step}  ${colour(monitor)} ${severity}: ${reason}`);
    for (const piece of evidence.slice(0, 3)) print(dim(`          ${cut(piece, width() - 12)}`));
  }
}

const share = (value: number | null): string => (value === null ? "-" : value.toFixed(2));
