/**
 * Checkpoints of a run. Each is a folder of its own, `checkpoints/step-00000250`, that appears when all of it is on the disk:
 * a model as `transformers` opens it, what the trainer remembers besides, and `trainer.json`. `last` and `best` are links to two of
 * them.
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
  fromFloat32,
  type ModelToSave,
  openPretrained,
  openSafetensors,
  savePretrained,
  writeSafetensors,
} from "@candor/transformer";
import type { z } from "zod";
import { syncFolder, writeAtomically } from "../atomic-file.ts";
import { fileTrouble, TrainingError } from "../training-error.ts";

/** Numbers by name, as a session keeps them. */
export type Memory = ReadonlyMap<string, { shape: readonly number[]; values: Data }>;

export interface CheckpointFolder {
  step: number;
  model: ModelToSave;
  /** What is no weight of the model: the optimiser's moments. */
  memory: Memory;
  /** Becomes `trainer.json`. */
  trainer: unknown;
}

const FOLDER = "checkpoints";
const MEMORY = "optimiser.safetensors";

/** Whatever fails, a full disk too, what `last` and `best` lead to stays as it was. */
export async function writeCheckpointFolder(
  out: string,
  { step, model, memory, trainer }: CheckpointFolder,
  isBest: boolean,
): Promise<void> {
  const name = `step-${String(step).padStart(8, "0")}`;
  const parent = join(out, FOLDER);
  const partial = join(parent, `${name}.partial`);
  const final = join(parent, name);
  try {
    mkdirSync(parent, { recursive: true });
    rmSync(partial, { recursive: true, force: true });
    if (!existsSync(final)) {
      await savePretrained(partial, model);
      const tensors = Array.from(memory, ([key, { shape, values }]) => {
        return [key, { dtype: "F32", shape, bytes: fromFloat32(values as Float32Array, "F32") }] as const;
      });
      await writeSafetensors(join(partial, MEMORY), new Map(tensors));
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

/** The folder of the newest whole checkpoint. */
export function lastCheckpoint(out: string): string | undefined {
  const name = finished(out).at(-1);
  return name === undefined ? undefined : join(out, FOLDER, name);
}

/** Weights of the model, and what the trainer remembered, by name. */
export async function readCheckpointFolder(folder: string): Promise<{
  weights: Map<string, Float32Array>;
  memory: Map<string, Float32Array>;
}> {
  const weights = new Map<string, Float32Array>();
  await using model = await openPretrained(folder);
  for await (const { name, values } of model.weights()) weights.set(name, values);
  const memory = new Map<string, Float32Array>();
  await using stored = await openSafetensors(join(folder, MEMORY));
  for (const each of stored.tensors.keys()) memory.set(each, await stored.float32(each));
  return { weights, memory };
}

/** @throws {TrainingError} when it is not what was written */
export function readTrainer<T>(folder: string, schema: z.ZodType<T>): T {
  const path = join(folder, "trainer.json");
  try {
    return schema.parse(JSON.parse(readFileSync(path, "utf8")));
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
