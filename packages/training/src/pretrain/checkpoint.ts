/**
 * Checkpoints of a run. Each is a folder of its own, `checkpoints/step-00000250`, that appears when all of it is on the disk:
 * a model as `transformers` opens it, the optimiser's memory, and `trainer.json`. `last` and `best` are links to two of them.
 */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { basename, join } from "node:path";
import type { Data } from "@candor/graph";
import {
  type DecoderConfig,
  familyOf,
  fromFloat32,
  openPretrained,
  openSafetensors,
  savePretrained,
  type Tokenizer,
  weightShapes,
  writeSafetensors,
} from "@candor/transformer";
import { z } from "zod";
import { syncFolder, writeAtomically } from "../atomic-file.ts";
import { fileTrouble, TrainingError } from "../training-error.ts";
import { PretrainConfig } from "./config.ts";

const Trainer = z.object({
  version: z.literal(1),
  /** Steps done. */
  step: z.int().min(0),
  best: z.object({ step: z.int(), loss: z.number() }).nullable(),
  config: PretrainConfig,
  /** Of the data: another recipe is other data. */
  data: z.string(),
  /** Threads that shared a batch: with as many the sums, and so the losses, are the same to the bit. */
  ways: z.int().positive().default(1),
});
export type Trainer = z.output<typeof Trainer>;

export interface Checkpoint {
  trainer: Trainer;
  /** Weights and the optimiser's memory, by the names of the step's states. */
  state: ReadonlyMap<string, Float32Array>;
}

export interface CheckpointToWrite {
  trainer: Trainer;
  decoder: DecoderConfig;
  tokenizer: Tokenizer;
  endOfText: number | undefined;
  state: ReadonlyMap<string, { shape: readonly number[]; values: Data }>;
}

const FOLDER = "checkpoints";
const OPTIMISER = "optimiser.safetensors";

/** Whatever fails, a full disk too, what `last` and `best` lead to stays as it was. */
export async function writeCheckpoint(out: string, given: CheckpointToWrite, isBest: boolean): Promise<void> {
  const { trainer, decoder, tokenizer, endOfText, state } = given;
  const name = `step-${String(trainer.step).padStart(8, "0")}`;
  const parent = join(out, FOLDER);
  const partial = join(parent, `${name}.partial`);
  const final = join(parent, name);
  try {
    mkdirSync(parent, { recursive: true });
    rmSync(partial, { recursive: true, force: true });
    if (!existsSync(final)) {
      const weights = new Map<string, Float32Array>();
      const others = new Map<string, { dtype: "F32"; shape: readonly number[]; bytes: Uint8Array }>();
      const names = weightShapes(decoder);
      for (const [key, { shape, values }] of state) {
        const floats = values as Float32Array;
        if (names.has(key)) weights.set(key, floats);
        else others.set(key, { dtype: "F32", shape, bytes: fromFloat32(floats, "F32") });
      }
      const tokens = endOfText === undefined ? { end: [] } : { begin: endOfText, end: [endOfText] };
      await savePretrained(partial, { config: { family: familyOf(decoder), decoder, tokens }, weights, tokenizer });
      await writeSafetensors(join(partial, OPTIMISER), others);
      writeAtomically(join(partial, "trainer.json"), (append) => append(Buffer.from(`${JSON.stringify(trainer)}\n`)));
      renameSync(partial, final);
      syncFolder(parent);
    }
    link(out, "last", name);
    if (isBest) link(out, "best", name);
    prune(out);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    throw error instanceof Error && "code" in error ? fileTrouble(final, error) : error;
  }
}

/** The newest whole checkpoint; `undefined` where there is none. @throws {TrainingError} when it cannot be read */
export async function readLast(
  out: string,
  decoderOf: (config: PretrainConfig) => DecoderConfig,
): Promise<Checkpoint | undefined> {
  const name = finished(out).at(-1);
  if (name === undefined) return undefined;
  const folder = join(out, FOLDER, name);
  const trainer = readTrainer(folder);
  const state = new Map<string, Float32Array>();
  const wanted = weightShapes(decoderOf(trainer.config));
  await using model = await openPretrained(folder);
  // A GPT-2 is written with biases even where the decoder has none.
  for await (const { name: weight, values } of model.weights()) if (wanted.has(weight)) state.set(weight, values);
  await using optimiser = await openSafetensors(join(folder, OPTIMISER));
  for (const each of optimiser.tensors.keys()) state.set(each, await optimiser.float32(each));
  return { trainer, state };
}

/** What a run in a folder was told and how far it came. */
export function readProgress(out: string): Trainer | undefined {
  const name = finished(out).at(-1);
  return name === undefined ? undefined : readTrainer(join(out, FOLDER, name));
}

function readTrainer(folder: string): Trainer {
  const path = join(folder, "trainer.json");
  try {
    return Trainer.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    throw new TrainingError(
      `${path} is not what was written`,
      "Remove that checkpoint's folder: the one before is used.",
    );
  }
}

/** Oldest first. */
function finished(out: string): string[] {
  const folder = join(out, FOLDER);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^step-\d{8,}$/.test(name))
    .sort((a, b) => Number(a.slice(5)) - Number(b.slice(5)));
}

/** A link is replaced in one step: it always leads somewhere. */
function link(out: string, name: "last" | "best", checkpoint: string): void {
  const temporary = join(out, `.${name}.partial`);
  rmSync(temporary, { force: true });
  symlinkSync(join(FOLDER, checkpoint), temporary);
  renameSync(temporary, join(out, name));
  syncFolder(out);
}

function prune(out: string): void {
  const kept = (["last", "best"] as const).flatMap((name) => {
    const path = join(out, name);
    return existsSync(path) ? [basename(readlinkSync(path))] : [];
  });
  for (const name of readdirSync(join(out, FOLDER)))
    if (!kept.includes(name)) rmSync(join(out, FOLDER, name), { recursive: true, force: true });
}
