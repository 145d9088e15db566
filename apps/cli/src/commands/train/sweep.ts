/** `candor train sweep`: how the loss falls with compute, as a table and a picture. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { badInput } from "@candor/server/outside";
import { openPretrainData, type SweepPoint, sweep, sweepPlot } from "@candor/training";
import { bold, print } from "../../screen/style.ts";
import { interruptible, settings } from "./settings.ts";
import type { SweepFlags } from "./train.ts";

export async function sweepCommand(
  given: readonly string[],
  flags: SweepFlags,
  { json = false }: { json?: boolean },
): Promise<void> {
  const { out, threads } = flags;
  const config = settings(flags);
  const sizes = flags.sizes.split(",").map(sizeOf);
  const steps = flags.steps.split(",").map((text) => count("--steps", text));
  const result = await interruptible(async (signal) => {
    mkdirSync(out, { recursive: true });
    const data = await openPretrainData(given, out, config, { signal });
    const options = { config, data, out, sizes, steps, signal, ...(threads !== undefined && { threads }) };
    return sweep(options, { done: (point) => !json && print(row(point)) });
  });
  const { points, fit, frontier } = result;
  const picture = join(out, "sweep.svg");
  writeFileSync(picture, sweepPlot(result));
  const summary = { points, frontier, law: fit.law, intervals: fit.intervals, picture };
  writeFileSync(join(out, "sweep.json"), `${JSON.stringify(summary, null, 2)}\n`);
  if (json) return print(JSON.stringify(summary, null, 2));
  const { a, b, c } = fit.law;
  const [low, high] = fit.intervals.b;
  print(bold(`loss = ${a.toPrecision(3)} C^-${b.toFixed(3)} + ${c.toFixed(3)}`));
  print(
    `exponent between ${low.toFixed(3)} and ${high.toFixed(3)} (95 %), from ${frontier.length} of ${points.length} runs`,
  );
  print(`picture: ${picture}`);
}

const row = ({ layers, width, steps, parameters, compute, loss }: SweepPoint): string =>
  [
    `${layers} x ${width}`.padEnd(9),
    `${steps} steps`.padStart(11),
    `${parameters.toLocaleString("en")} parameters`.padStart(22),
    compute.toExponential(2).padStart(10),
    loss.toFixed(4).padStart(9),
  ].join("  ");

function sizeOf(text: string): { layers: number; width: number } {
  const [layers = "", width = "", ...rest] = text.trim().split("x");
  if (rest.length > 0) throw badInput(`"${text}" is no size`, "Write layers x width: 2x64,4x128.");
  return { layers: count("--sizes", layers), width: count("--sizes", width) };
}

function count(option: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw badInput(`${option}: "${text}" is no whole number above 0`);
}
