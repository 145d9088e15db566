/** What a benchmark is: a name, how long it takes, and rows of figures. */
import { z } from "zod";

export const Row = z.object({
  metric: z.string(),
  case: z.string(),
  value: z.number().nullable(),
  unit: z.string().default(""),
  /** What it is compared with; `peer_value` is null when the peer is not installed here. */
  peer: z.string().optional(),
  peer_value: z.number().nullable().optional(),
  /** Above 1 is better for us, for rates and times alike. */
  ratio: z.number().nullable().optional(),
  goal: z.string().optional(),
  ok: z.boolean().optional(),
});
export type Row = z.input<typeof Row>;

export interface BenchContext {
  args: string[];
  /** Progress and notices, on standard error. */
  note(line: string): void;
}

export interface Bench {
  name: string;
  description: string;
  /** On 2 cores. */
  duration: string;
  run(context: BenchContext): Promise<Row[]>;
}

const comparisons: Record<string, (value: number, goal: number) => boolean> = {
  ">=": (value, goal) => value >= goal,
  "<=": (value, goal) => value <= goal,
  "<": (value, goal) => value < goal,
  ">": (value, goal) => value > goal,
  "=": (value, goal) => value === goal,
};

/** A row with its goal checked: `goal("f1", "seed 7", 0.93, ">= 0.9")`. */
export function goal(metric: string, name: string, value: number | null, wanted: string, unit = ""): Row {
  const [sign = "", number = ""] = wanted.split(" ");
  const holds = comparisons[sign];
  if (!holds) throw new Error(`"${wanted}" is not a goal`);
  return { metric, case: name, value, unit, goal: wanted, ok: value !== null && holds(value, Number(number)) };
}

export const figure = (metric: string, name: string, value: number | null, unit = ""): Row => ({
  metric,
  case: name,
  value,
  unit,
});

/** The value after `--name`, or undefined. */
export function option(args: readonly string[], name: string): string | undefined {
  const at = args.indexOf(`--${name}`);
  const inline = args.find((a) => a.startsWith(`--${name}=`));
  return inline ? inline.slice(name.length + 3) : at >= 0 ? args[at + 1] : undefined;
}

export const numbers = (text: string): number[] =>
  text.split(",").map((part) => {
    const n = Number(part);
    if (!Number.isSafeInteger(n)) throw new Error(`"${part}" is not a whole number`);
    return n;
  });
