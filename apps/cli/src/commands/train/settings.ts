/** What a run is told, from a preset and a file; and how its errors and a Ctrl-C end a command. */
import { readFileSync } from "node:fs";
import { badInput } from "@candor/server/outside";
import {
  type PosttrainConfig,
  type PretrainConfig,
  parsePosttrainConfig,
  parsePretrainConfig,
  presets,
  TrainingError,
} from "@candor/training";
import { TransformerError } from "@candor/transformer";
import { parse } from "yaml";

type Settings = Record<string, unknown>;

/** A file's fields go before the preset's, group by group. */
export function settings({ preset, config }: { preset?: string; config?: string }): PretrainConfig {
  const base = preset === undefined ? {} : presetOf(preset);
  const own = config === undefined ? {} : document(config);
  return trouble(() => parsePretrainConfig(merged(base, own), config ?? preset ?? "the defaults"));
}

/** Of a way of learning from judgments: a file's fields go before the base's, group by group. */
export function posttrainSettings(base: Settings, config: string | undefined): PosttrainConfig {
  const own = config === undefined ? {} : document(config);
  if (own.algorithm !== undefined && own.algorithm !== base.algorithm)
    throw badInput(`${config} is for ${String(own.algorithm)}, not for ${String(base.algorithm)}`);
  return trouble(() => parsePosttrainConfig(merged(base, own), config ?? "the defaults"));
}

function presetOf(name: string): Settings {
  const found = Object.entries(presets).find(([each]) => each === name);
  if (!found) throw badInput(`there is no preset "${name}"`, `Presets are ${Object.keys(presets).join(", ")}.`);
  return found[1];
}

function document(file: string): Settings {
  let read: unknown;
  try {
    read = parse(readFileSync(file, "utf8"));
  } catch (error) {
    const why = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw badInput(`${file} cannot be read: ${why}`, "Give a YAML or JSON file.");
  }
  if (!isObject(read)) throw badInput(`${file} is no settings`, "It must have fields such as steps and model.");
  return read;
}

const isObject = (value: unknown): value is Settings =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Another `kind` is another thing: nothing of the preset's is left in it. */
function merged(base: Settings, own: Settings): Settings {
  const result: Settings = { ...base };
  for (const [key, value] of Object.entries(own)) {
    const before = result[key];
    const joins = isObject(value) && isObject(before) && (value.kind === undefined || value.kind === before.kind);
    result[key] = joins ? { ...before, ...value } : value;
  }
  return result;
}

/** What is wrong with data or settings is bad input: one line, exit code 2. */
const told = (error: unknown): unknown =>
  TrainingError.isInstance(error) || TransformerError.isInstance(error) ? badInput(error.message, error.hint) : error;

export function trouble<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw told(error);
  }
}

/** Runs until it is done or a Ctrl-C asks it to come to an end; a second one ends the process at once. */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  try {
    return await work(controller.signal);
  } catch (error) {
    throw told(error);
  } finally {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  }
}
