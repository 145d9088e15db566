/** From documents to shards of tokens on disk; goes on where it was cut off. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { setImmediate } from "node:timers/promises";
import { z } from "zod";
import { writeAtomically } from "../atomic-file.ts";
import { fileTrouble, TrainingError } from "../training-error.ts";
import { type ReadOptions, readDocuments, sourceFiles } from "./documents.ts";
import { type TokenArray, writeShard } from "./shard.ts";
import { cutByPosition, type Side, type Split, sideOf } from "./split.ts";

/** What is needed of a tokenizer to make data ready. */
export interface Encoder {
  readonly vocabSize: number;
  encode(text: string): ArrayLike<number>;
}

export interface PrepareOptions extends ReadOptions {
  readonly encoder: Encoder;
  /** What tells this tokenizer from others, say its `tokenizer.json`; shards made with another one are not mixed in. */
  readonly tokenizerIdentity: string;
  /** A token that ends each document. */
  readonly endOfText?: number;
  readonly split?: Split;
  /** Tokens after which a shard of each side is written. */
  readonly shardTokens?: number;
  readonly progress?: (done: { files: number; documents: number; tokens: number }) => void;
  readonly signal?: AbortSignal;
}

const count = z.int().nonnegative();

const SideSummary = z.object({ shards: z.array(z.string()), tokens: count, documents: count }).readonly();
export type SideSummary = z.infer<typeof SideSummary>;

/** `dataset.json` of a folder of shards. */
const DatasetSummary = z
  .object({
    version: z.literal(1),
    finished: z.boolean(),
    /** Of the sources, the tokenizer and the split: another recipe is other data. */
    recipe: z.string(),
    tokenizerHash: z.string(),
    vocabSize: count,
    /** Documents read so far, where to go on. */
    read: count,
    train: SideSummary,
    validation: SideSummary,
  })
  .readonly();
export type DatasetSummary = z.infer<typeof DatasetSummary>;

const nothing: SideSummary = { shards: [], tokens: 0, documents: 0 };

/** Makes `paths` ready in `folder`, unless they are; a folder with other data is an error. */
export async function prepareDataset(
  paths: readonly string[],
  folder: string,
  options: PrepareOptions,
): Promise<DatasetSummary> {
  const { encoder, split = { by: "document", fraction: 0.1 }, shardTokens = 1 << 25 } = options;
  if (!(split.fraction > 0 && split.fraction < 1)) {
    throw new TrainingError(
      `${split.fraction} of the data cannot be set aside`,
      "Give a fraction between 0 and 1, say 0.1.",
    );
  }
  const tokenizerHash = createHash("sha256").update(options.tokenizerIdentity).digest("hex");
  const recipe = recipeOf(paths, tokenizerHash, {
    split,
    shardTokens,
    separator: options.separator,
    end: options.endOfText,
  });
  let summary = unfinished(folder, recipe) ?? {
    version: 1,
    finished: false,
    recipe,
    tokenizerHash,
    vocabSize: encoder.vocabSize,
    read: 0,
    train: nothing,
    validation: nothing,
  };
  if (summary.finished) return summary;
  const sides = { train: new Pile(options), validation: new Pile(options) };
  const flush = (read: number, finished: boolean) => {
    const write = (side: Side): SideSummary => sides[side].write(folder, side, summary[side], tokenizerHash);
    if (finished) checkSides(summary, sides, split, paths);
    makeFolder(folder);
    summary = { ...summary, read, finished, train: write("train"), validation: write("validation") };
    writeSummary(folder, summary);
  };
  const files = new Set<string>();
  let read = 0;
  let rested = performance.now();
  for (const { text, file } of readDocuments(paths, options)) {
    files.add(file);
    if (read++ < summary.read) continue;
    if (split.by === "position") {
      if (read > 1) throw manyTexts(paths);
      const parts = cutByPosition(text, split.fraction);
      sides.train.add(parts.train, file);
      sides.validation.add(parts.validation, file);
    } else sides[sideOf(text, split.fraction)].add(text, file);
    const waiting = sides.train.tokens + sides.validation.tokens;
    if (performance.now() - rested > 50) {
      // Lets a Ctrl-C in: reading and encoding do not wait for anything.
      await setImmediate();
      rested = performance.now();
      options.signal?.throwIfAborted();
      const tokens = summary.train.tokens + summary.validation.tokens + waiting;
      options.progress?.({ files: files.size, documents: read, tokens });
    }
    // Both sides at once, so that one number says how far the data was read.
    if (sides.train.tokens >= shardTokens && split.by === "document") flush(read, false);
  }
  flush(read, true);
  options.progress?.({ files: files.size, documents: read, tokens: summary.train.tokens + summary.validation.tokens });
  return summary;
}

/** The `dataset.json` of a folder that was made ready to its end. */
export function readSummary(folder: string): DatasetSummary {
  const summary = stored(folder);
  if (summary?.finished) return summary;
  throw new TrainingError(
    `${folder} holds no data that is ready`,
    summary ? "It was cut off: prepare it again, it goes on where it stopped." : "Prepare the data first.",
  );
}

/** Tokens that wait to become a shard. */
class Pile {
  tokens = 0;
  private readonly options: PrepareOptions;
  private readonly limit: number;
  private array: TokenArray;
  private starts: number[] = [];

  constructor(options: PrepareOptions) {
    this.options = options;
    this.limit = options.encoder.vocabSize;
    this.array = this.make(1 << 16);
  }

  get documents(): number {
    return this.starts.length;
  }

  add(text: string, file: string): void {
    const { encoder, endOfText } = this.options;
    const ids = encoder.encode(text);
    this.starts.push(this.tokens);
    this.reserve(ids.length + 1);
    for (let i = 0; i < ids.length; i++) this.push(ids[i] as number, file);
    if (endOfText !== undefined) this.push(endOfText, file);
  }

  write(folder: string, side: Side, before: SideSummary, tokenizerHash: string): SideSummary {
    if (this.tokens === 0) return before;
    const name = `${side}-${String(before.shards.length).padStart(5, "0")}.tokens`;
    writeShard(join(folder, name), this.array.subarray(0, this.tokens), this.starts, tokenizerHash);
    const after = {
      shards: [...before.shards, name],
      tokens: before.tokens + this.tokens,
      documents: before.documents + this.starts.length,
    };
    this.tokens = 0;
    this.starts = [];
    return after;
  }

  private push(token: number, file: string): void {
    if (!(token >= 0 && token < this.limit)) {
      throw new TrainingError(
        `${file}: the tokenizer gave ${token}, out of its range of ${this.limit}`,
        "The vocabulary's size and the tokenizer must belong together.",
      );
    }
    this.array[this.tokens++] = token;
  }

  private reserve(more: number): void {
    if (this.tokens + more <= this.array.length) return;
    const larger = this.make(Math.max(2 * this.array.length, this.tokens + more));
    larger.set(this.array.subarray(0, this.tokens));
    this.array = larger;
  }

  private make(length: number): TokenArray {
    return this.limit <= 0x1_0000 ? new Uint16Array(length) : new Uint32Array(length);
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw fileTrouble(folder, error);
  }
}

function recipeOf(paths: readonly string[], tokenizerHash: string, rest: object): string {
  const files = sourceFiles(paths).map((file) => {
    const { size, mtimeMs } = statSync(file);
    return [resolve(file), size, mtimeMs];
  });
  return createHash("sha256")
    .update(JSON.stringify([files, tokenizerHash, rest]))
    .digest("hex");
}

function stored(folder: string): DatasetSummary | null {
  try {
    return DatasetSummary.parse(JSON.parse(readFileSync(join(folder, "dataset.json"), "utf8")));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw new TrainingError(
      `${join(folder, "dataset.json")} cannot be read`,
      "Remove the folder and make the data ready again.",
    );
  }
}

function unfinished(folder: string, recipe: string): DatasetSummary | null {
  const before = stored(folder);
  if (before === null || before.recipe === recipe) return before;
  throw new TrainingError(
    `${folder} holds other data, or the same from before it, its tokenizer or its split was changed`,
    "Name another folder, or remove this one.",
  );
}

function checkSides(
  written: DatasetSummary,
  waiting: Record<Side, Pile>,
  split: Split,
  paths: readonly string[],
): void {
  const documents = (side: Side) => written[side].documents + waiting[side].documents;
  const [train, validation] = [documents("train"), documents("validation")];
  const where = paths.join(", ");
  if (split.by === "document" && train + validation === 1) {
    throw new TrainingError(
      `${where} is one document, which cannot be split by document`,
      "Give more, or split by position.",
    );
  }
  const tokens = (side: Side) => written[side].tokens + waiting[side].tokens;
  if (tokens("train") > 0 && tokens("validation") > 0) return;
  const [side, change] = tokens("train") === 0 ? ["training", "lower"] : ["validation", "raise"];
  throw new TrainingError(
    `${where}: none of ${train + validation} documents fell to ${side}`,
    `Give more documents, or ${change} the fraction that is set aside from ${split.fraction}.`,
  );
}

function manyTexts(paths: readonly string[]): TrainingError {
  return new TrainingError(
    `${paths.join(", ")} is more than one document, which is not split by position`,
    "Split by document.",
  );
}

function writeSummary(folder: string, summary: DatasetSummary): void {
  const bytes = Buffer.from(`${JSON.stringify(summary, null, 2)}\n`);
  writeAtomically(join(folder, "dataset.json"), (append) => append(bytes));
}
