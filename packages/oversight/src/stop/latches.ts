/**
 * Stops that hold without a database: one small file each. That the file is there is the stop; what it says is for people.
 * Whoever is about to act looks for it in the same turn, so that no notice has to arrive first.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { keyFolder } from "@candor/store";
import { z } from "zod";

/** The target that means every run. */
export const EVERY_RUN = "all";

const Note = z.object({ reason: z.string(), by: z.string(), at: z.number() });

export interface Stop extends z.infer<typeof Note> {
  /** A run, whose descendants it holds for as well, or {@link EVERY_RUN}. */
  target: string;
}

const LATCH = ".stop";
const ASKED = ".asked";

export class Latches {
  readonly folder: string;
  readonly #held = new Map<string, Stop>();

  constructor(folder: string) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  /**
   * Holds for this process at once, for every process that shares the folder when it returns, and after a power cut.
   * Setting it twice changes nothing, not even what it says.
   * @throws the file system's error when the file could not be written; it holds for this process all the same
   */
  set(stop: Stop): void {
    const path = this.#path(stop.target);
    const there = existsSync(path);
    if (!this.#held.has(stop.target)) this.#held.set(stop.target, there ? this.#read(stop.target) : stop);
    if (there) return;
    const { reason, by, at } = stop;
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    write(path, JSON.stringify({ reason, by, at }));
    syncFolder(this.folder);
  }

  /** As {@link set}, from a process beside the warden: the warden answers by {@link takeIn}, or is ended by its watchdog. */
  ask(stop: Stop): void {
    write(join(this.folder, stop.target + ASKED), "");
    this.set(stop);
  }

  /** Whether a warden has not yet answered an {@link ask}. */
  isAsked(target: string): boolean {
    return existsSync(join(this.folder, target + ASKED));
  }

  /** Takes over into memory what others have laid into the folder. @returns what is new here */
  takeIn(): Stop[] {
    const fresh: Stop[] = [];
    for (const name of this.#names()) {
      if (!name.endsWith(LATCH)) continue;
      const target = name.slice(0, -LATCH.length);
      if (this.#held.has(target)) continue;
      const stop = this.#read(target);
      this.#held.set(target, stop);
      fresh.push(stop);
    }
    return fresh;
  }

  /** Answers every {@link ask} of a stop that holds here. */
  answer(): void {
    for (const name of this.#names()) {
      if (name.endsWith(ASKED) && this.#held.has(name.slice(0, -ASKED.length)))
        rmSync(join(this.folder, name), { force: true });
    }
  }

  /** Lets go of one stop. Durable when it returns. */
  clear(target: string): void {
    this.#held.delete(target);
    if (!existsSync(this.folder)) return;
    for (const end of [LATCH, ASKED]) rmSync(join(this.folder, target + end), { force: true });
    syncFolder(this.folder);
  }

  /** The stop that holds for a run: its own, an ancestor's or everybody's. A handful of look-ups, some 5 microseconds. */
  over(chain: readonly string[]): Stop | undefined {
    for (const target of [EVERY_RUN, ...chain]) {
      const held = this.#held.get(target);
      if (held) return held;
      if (existsSync(this.#path(target))) return this.#read(target);
    }
    return undefined;
  }

  /** What this process knows of the stop of exactly this target. */
  of(target: string): Stop | undefined {
    return this.#held.get(target);
  }

  /** Whether a stop holds in this process only: its file was removed, or never could be written. */
  isLifted(target: string): boolean {
    return this.#held.has(target) && !existsSync(this.#path(target));
  }

  list(): Stop[] {
    return [...this.#held.values()];
  }

  #names(): string[] {
    // Somebody may have removed the folder; what it held is in memory, and the next stop makes it again.
    return existsSync(this.folder) ? readdirSync(this.folder) : [];
  }

  #path(target: string): string {
    return join(this.folder, target + LATCH);
  }

  #read(target: string): Stop {
    try {
      return { target, ...Note.parse(JSON.parse(readFileSync(this.#path(target), "utf8"))) };
    } catch {
      // Made by hand, or cut off while it was written: a stop all the same.
      return { target, reason: "stop file", by: "operator", at: Date.now() };
    }
  }
}

function write(path: string, text: string): void {
  const file = openSync(path, "w", 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Makes the creation or removal of a file in it survive a power cut. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Where the latches of a home lie: in the folder that the workers share, when there is one. */
export function latchFolder(home: string, env: NodeJS.ProcessEnv = process.env): string {
  return join(keyFolder(home, env), "stop");
}
