/** What a pretraining run keeps to go on later. */
import type { Data } from "@candor/graph";
import { type DecoderConfig, familyOf, type Tokenizer, weightShapes } from "@candor/transformer";
import { z } from "zod";
import { lastCheckpoint, readCheckpointFolder, readTrainer, writeCheckpointFolder } from "../run/checkpoints.ts";
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

export async function writeCheckpoint(out: string, given: CheckpointToWrite, isBest: boolean): Promise<void> {
  const { trainer, decoder, tokenizer, endOfText, state } = given;
  const weights = new Map<string, Float32Array>();
  const memory = new Map<string, { shape: readonly number[]; values: Data }>();
  const names = weightShapes(decoder);
  for (const [key, value] of state) {
    if (names.has(key)) weights.set(key, value.values as Float32Array);
    else memory.set(key, value);
  }
  const tokens = endOfText === undefined ? { end: [] } : { begin: endOfText, end: [endOfText] };
  const model = { config: { family: familyOf(decoder), decoder, tokens }, weights, tokenizer };
  await writeCheckpointFolder(out, { step: trainer.step, model, memory, trainer }, isBest);
}

/** The newest whole checkpoint; `undefined` where there is none. @throws {TrainingError} when it cannot be read */
export async function readLast(
  out: string,
  decoderOf: (config: PretrainConfig) => DecoderConfig,
): Promise<Checkpoint | undefined> {
  const folder = lastCheckpoint(out);
  if (folder === undefined) return undefined;
  const trainer = readTrainer(folder, Trainer);
  const wanted = weightShapes(decoderOf(trainer.config));
  const { weights, memory } = await readCheckpointFolder(folder);
  // A GPT-2 is written with biases even where the decoder has none.
  const own = [...weights].filter(([name]) => wanted.has(name));
  return { trainer, state: new Map([...own, ...memory]) };
}

/** What a run in a folder was told and how far it came. */
export function readProgress(out: string): Trainer | undefined {
  const folder = lastCheckpoint(out);
  return folder === undefined ? undefined : readTrainer(folder, Trainer);
}
