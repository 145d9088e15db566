import { resolve } from "node:path";
import { noteTraining } from "@candor/server";
import { home } from "../../context.ts";

/** The pages list a training from now on. */
export const note = (out: string, steps: number): void =>
  noteTraining(home(), { out: resolve(out), steps, startedAt: Date.now(), pid: process.pid });
