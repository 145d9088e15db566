/** What is typed on a command line, parsed at the border: a wrong value is one clear line and exit code 2. */
import { resolve } from "node:path";
import { LEVELS } from "@candor/oversight";
import { badInput } from "@candor/server/outside";
import type { Autonomy, Budget, MindConfig, WorldConfig } from "@candor/store";

const durations: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** `90s`, `20m`, `12h`, `30d`, `4w` in milliseconds. */
export function duration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([smhdw])$/.exec(text);
  const unit = durations[match?.[2] ?? ""];
  const ms = Number(match?.[1]) * (unit ?? Number.NaN);
  if (!(ms > 0)) throw badInput(`"${text}" is not a duration`, "Write 90s, 20m, 12h, 30d or 4w.");
  return ms;
}

export function integer(name: string, min: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(value) || value < min) {
      throw badInput(`${name} must be a whole number of at least ${min}, not "${text}"`);
    }
    return value;
  };
}

export function positive(name: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!(value > 0 && Number.isFinite(value))) throw badInput(`${name} must be a number above 0, not "${text}"`);
    return value;
  };
}

const limits = new Map<string, (text: string) => Partial<Budget>>(
  Object.entries({
    steps: (text: string) => ({ steps: integer("the budget of steps", 1)(text) }),
    tokens: (text: string) => ({ tokens: integer("the budget of tokens", 1)(text) }),
    pages: (text: string) => ({ pages: integer("the budget of pages", 1)(text) }),
    "pages-per-host": (text: string) => ({ pagesPerHost: integer("the budget of pages per host", 1)(text) }),
    time: (text: string) => ({ seconds: duration(text) / 1000 }),
    usd: (text: string) => ({ usd: positive("the budget of usd")(text) }),
  }),
);

/** `steps=200,usd=0.50,time=10m,pages=150,pages-per-host=30,tokens=200000`. A bare number is steps. */
export function budget(text: string): Partial<Budget> {
  if (/^\d+$/.test(text)) return { steps: integer("the budget of steps", 1)(text) };
  let result: Partial<Budget> = {};
  for (const part of text.split(",")) {
    const [name = "", value = ""] = part.split("=").map((s) => s.trim());
    const read = limits.get(name);
    if (!read)
      throw badInput(
        `"${part}" is not a budget`,
        `Write e.g. steps=200,usd=0.50,time=10m; limits are ${[...limits.keys()].join(", ")}.`,
      );
    result = { ...result, ...read(value) };
  }
  return result;
}

/** How far a run goes by itself. */
export function autonomy(text: string): Autonomy {
  const level = LEVELS.find((each) => each === text);
  if (!level) throw badInput(`there is no level "${text}"`, `Levels are ${LEVELS.join(", ")}.`);
  return level;
}

/** At its start a run may also get what its mind has earned. */
export const startAutonomy = (text: string): Autonomy | "earned" => (text === "earned" ? text : autonomy(text));

export interface WorldOptions {
  world: string;
  townSeed: number;
  spec?: string;
  peaceful?: boolean;
}

export function world(options: WorldOptions): WorldConfig {
  if (options.world === "web") return { kind: "web" };
  if (options.world !== "town") throw badInput(`there is no world "${options.world}"`, "Worlds are town and web.");
  return {
    kind: "town",
    seed: options.townSeed,
    ...(options.spec && { spec: options.spec }),
    ...(options.peaceful && { peaceful: true }),
  };
}

/**
 * `scout`; `small`, of another folder by `--model DIR`; `llm` with `--model PROVIDER:NAME`; or `gullible`, the mind that obeys
 * whatever it reads.
 */
export function mind(options: MindOptions): MindConfig {
  const { judgedBy, bestOf } = options;
  return {
    ...mindAlone(options),
    ...(judgedBy && { judgedBy: resolve(judgedBy) }),
    ...(bestOf !== undefined && { bestOf }),
  };
}

export interface MindOptions {
  mind: string;
  model?: string;
  baseUrl?: string;
  judgedBy?: string;
  bestOf?: number;
}

function mindAlone(options: MindOptions): MindConfig {
  const { mind: kind, model, baseUrl } = options;
  if (kind === "scout" || kind === "gullible") return { kind };
  if (kind === "small") return { kind, ...(model && { model: resolve(model) }) };
  if (kind !== "llm") throw badInput(`there is no mind "${kind}"`, "Minds are scout, small and llm.");
  if (!model)
    throw badInput(
      "the llm mind needs a model",
      "Give --model anthropic:NAME, ollama:NAME or openai-compatible:NAME (with --base-url).",
    );
  if (!/^(anthropic|ollama|openai-compatible):.+/.test(model)) {
    throw badInput(`"${model}" is not a model`, "Write anthropic:NAME, ollama:NAME or openai-compatible:NAME.");
  }
  if (model.startsWith("openai-compatible:") && !baseUrl) {
    throw badInput("an openai-compatible model needs its server", "Give --base-url http://127.0.0.1:8080/v1.");
  }
  return { kind: "llm", model, ...(baseUrl && { baseUrl }) };
}
