/** What a training writes, as server-sent events: whole lines of its files as they come, resumed by Last-Event-ID. */
import { closeSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { z } from "@hono/zod-openapi";
import { messageStream } from "../api/message-stream.ts";
import { TrainingRecord, TrainingSample } from "./training-runs.ts";

/** How often the files are looked at. */
const LOOK_MS = 500;
const KEEP_ALIVE_LOOKS = 30;
const BLOCK = 1 << 18;

/** @param from what the reader has: the id of its last event, `BYTES-BYTES` of both files */
export const trainingStream = (folder: string, from: string | undefined): Response =>
  messageStream((gone) => messagesOf(folder, from, gone));

async function* messagesOf(folder: string, from: string | undefined, gone: AbortSignal): AsyncGenerator<string, void> {
  const [, metricsAt = "0", samplesAt = "0"] = /^(\d{1,15})-(\d{1,15})$/.exec(from ?? "") ?? [];
  const metrics = new GrowingFile(join(folder, "metrics.jsonl"), Number(metricsAt));
  const samples = new GrowingFile(join(folder, "samples.jsonl"), Number(samplesAt));
  const id = (): string => `id: ${metrics.at}-${samples.at}\n`;
  yield ": begun\n\n";
  for (let quiet = 0; !gone.aborted; quiet++) {
    const records = valid(TrainingRecord, metrics.lines());
    const said = valid(TrainingSample, samples.lines());
    if (records.length > 0) yield `event: records\n${id()}data: ${JSON.stringify(records)}\n\n`;
    if (said.length > 0) yield `event: samples\n${id()}data: ${JSON.stringify(said)}\n\n`;
    if (records.length + said.length > 0) quiet = 0;
    else if (quiet >= KEEP_ALIVE_LOOKS) {
      quiet = 0;
      yield ": still here\n\n";
    }
    await sleep(LOOK_MS, undefined, { signal: gone }).catch(() => undefined);
  }
}

/** What is no such line, say one that a crash tore, is left out. */
function valid<T>(schema: z.ZodType<T>, lines: readonly string[]): T[] {
  return lines.flatMap((line) => {
    try {
      return [schema.parse(JSON.parse(line))];
    } catch {
      return [];
    }
  });
}

/** Reads whole lines that were added; a file that became shorter (a torn line was cut away) is read on from its end. */
class GrowingFile {
  at: number;
  readonly #path: string;

  constructor(path: string, at: number) {
    this.#path = path;
    this.at = at;
  }

  lines(): string[] {
    let file: number;
    try {
      file = openSync(this.#path, "r");
    } catch {
      return [];
    }
    try {
      const block = Buffer.alloc(BLOCK);
      const end = block.subarray(0, readSync(file, block, 0, BLOCK, this.at)).lastIndexOf(10) + 1;
      this.at += end;
      return block.toString("utf8", 0, end).split("\n").slice(0, -1);
    } finally {
      closeSync(file);
    }
  }
}
