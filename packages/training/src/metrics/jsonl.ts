/** What was measured at each step, as JSON lines that outlive a crash. */
import {
  appendFileSync,
  closeSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  writeSync,
} from "node:fs";
import { fileTrouble, TrainingError } from "../training-error.ts";

/** One line. Numbers that JSON has no word for (NaN, infinities) are kept as text. */
export interface MetricsRecord {
  readonly step: number;
  readonly [metric: string]: number;
}

export interface MetricsRead {
  /** By step. A step that was done again after a crash counts as it was done last. */
  readonly records: MetricsRecord[];
  /** A last line that was cut off while it was written. */
  readonly torn: string | null;
}

/** Appends records to a file; a torn last line of an earlier run is cut away first. */
export class MetricsLog {
  /** What was cut away, to be said. */
  readonly torn: string | null;
  private readonly path: string;
  private readonly file: number;

  constructor(path: string) {
    this.path = path;
    try {
      this.file = openSync(path, "a+");
    } catch (error) {
      throw fileTrouble(path, error);
    }
    this.torn = mendTail(this.file);
  }

  append(record: MetricsRecord): void {
    // One write a line: a crash tears at most the last.
    try {
      writeSync(this.file, `${JSON.stringify(record, written)}\n`);
    } catch (error) {
      throw fileTrouble(this.path, error);
    }
  }

  close(): void {
    closeSync(this.file);
  }
}

/** Adds a line to a file in one write. */
export function appendLine(path: string, value: unknown): void {
  try {
    appendFileSync(path, `${JSON.stringify(value)}\n`);
  } catch (error) {
    throw fileTrouble(path, error);
  }
}

export function readMetrics(path: string): MetricsRead {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw fileTrouble(path, error);
  }
  const lines = text.split("\n");
  const last = lines.pop() ?? "";
  const records = new Map<number, MetricsRecord>();
  for (const [i, line] of lines.entries()) {
    const record = parse(line);
    if (record === null) {
      throw new TrainingError(
        `${path} has no metrics in line ${i + 1}`,
        "Remove that line; only the last can be torn by a crash.",
      );
    }
    records.set(record.step, record);
  }
  return { records: [...records.values()].sort((a, b) => a.step - b.step), torn: last === "" ? null : last };
}

function parse(line: string): MetricsRecord | null {
  try {
    const value: unknown = JSON.parse(line, (_, item: unknown) =>
      typeof item === "string" && item in words ? words[item] : item,
    );
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is MetricsRecord {
  return (
    typeof value === "object" &&
    value !== null &&
    "step" in value &&
    Object.values(value).every((item) => typeof item === "number")
  );
}

const words: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  "-Infinity": Number.NEGATIVE_INFINITY,
};

function written(_: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}

function mendTail(file: number): string | null {
  const size = fstatSync(file).size;
  const tail: Buffer[] = [];
  for (let end = size; end > 0; ) {
    const block = Buffer.alloc(Math.min(4096, end));
    readSync(file, block, 0, block.length, end - block.length);
    const newline = block.lastIndexOf(10);
    tail.unshift(block.subarray(newline + 1));
    if (newline >= 0) break;
    end -= block.length;
  }
  const torn = Buffer.concat(tail);
  if (torn.length === 0) return null;
  ftruncateSync(file, size - torn.length);
  return torn.toString("utf8");
}
