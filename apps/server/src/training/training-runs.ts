/** Trainings that `candor train` has begun on this machine: each notes its folder in the home; their files tell the rest. */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "@hono/zod-openapi";
import { badInput } from "../failure.ts";

const Note = z.object({
  /** The folder with `metrics.jsonl`. */
  out: z.string(),
  /** Of the whole run. */
  steps: z.int().positive(),
  startedAt: z.number(),
  pid: z.int().positive(),
});
type TrainingNote = z.infer<typeof Note>;

const Figure = z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"])]);
/** A line of `metrics.jsonl`: what every training measures, and its own figures by name. Numbers that JSON has no word for come as text. */
export const TrainingRecord = z
  .object({
    step: z.int(),
    loss: Figure,
    gradient_norm: Figure,
    memory_mb: z.number(),
    /** By the pace so far. */
    seconds_left: z.number().optional(),
  })
  .catchall(Figure)
  .openapi("TrainingRecord");
export type TrainingRecord = z.infer<typeof TrainingRecord>;

export const TrainingSample = z.object({
  step: z.int(),
  samples: z.array(z.object({ prompt: z.string(), text: z.string() })),
});
export type TrainingSample = z.infer<typeof TrainingSample>;

export const TrainingRun = Note.omit({ pid: true })
  .extend({ id: z.string(), running: z.boolean() })
  .openapi("TrainingRun");
export type TrainingRun = z.infer<typeof TrainingRun>;

const folderOf = (home: string): string => join(home, "training");

/** A folder that is trained in again keeps its id. */
export function noteTraining(home: string, note: TrainingNote): void {
  const folder = folderOf(home);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const id = createHash("sha256").update(note.out).digest("hex").slice(0, 12);
  const partial = join(folder, `${id}.partial`);
  writeFileSync(partial, `${JSON.stringify(note)}\n`);
  renameSync(partial, join(folder, `${id}.json`));
}

/** The newest first. What cannot be read is left out. */
export function trainingRuns(home: string): TrainingRun[] {
  let names: string[];
  try {
    names = readdirSync(folderOf(home));
  } catch {
    return [];
  }
  return names
    .flatMap((name) => {
      const id = /^([0-9a-f]{12})\.json$/.exec(name)?.[1];
      const note = id && read(join(folderOf(home), name));
      return note ? [{ id, out: note.out, steps: note.steps, startedAt: note.startedAt, running: isUp(note.pid) }] : [];
    })
    .sort((a, b) => b.startedAt - a.startedAt);
}

/** @throws {Failure} when there is none of that id */
export function trainingRun(home: string, id: string): TrainingRun {
  const found = trainingRuns(home).find((run) => run.id === id);
  if (!found) throw badInput(`there is no training ${id}`, "candor train begins one.");
  return found;
}

function read(path: string): TrainingNote | undefined {
  try {
    return Note.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return undefined;
  }
}

function isUp(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
