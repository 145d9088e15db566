/**
 * The dead-man lease: the warden counts in a file, and a watchdog beside it ends it when it stops counting.
 * The bound is 2 s where somebody asked it to stop or it is suspended, 10 s where it is only busy.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { fileURLToPath } from "node:url";

const BEAT_MS = 100;
const RESPAWN_MS = 1_000;
const WATCHDOG = fileURLToPath(new URL("./watchdog.sh", import.meta.url));

export interface LeaseOptions {
  /** The file to count in; removed at the end. */
  path: string;
  /** The latches' folder, where others ask for stops. */
  folder: string;
}

export class Lease {
  readonly #options: LeaseOptions;
  readonly #file: number;
  readonly #beats: NodeJS.Timeout;
  #watchdog: ChildProcess | undefined;
  #respawn: NodeJS.Timeout | undefined;
  #count = 0;
  #over = false;

  /** From now on this process ends, with all its group where it leads one, once its event loop stands still. */
  constructor(options: LeaseOptions) {
    this.#options = options;
    this.#file = openSync(options.path, "w", 0o600);
    this.#beat();
    this.#beats = setInterval(() => this.#beat(), BEAT_MS);
    this.#beats.unref();
    this.#watch();
  }

  /** Of the watchdog, while there is one. */
  get watchdog(): number | undefined {
    return this.#watchdog?.pid;
  }

  /** Gives the lease back: the watchdog goes without ending anybody. */
  end(): void {
    if (this.#over) return;
    this.#over = true;
    clearInterval(this.#beats);
    clearTimeout(this.#respawn);
    closeSync(this.#file);
    rmSync(this.#options.path, { force: true });
    this.#watchdog?.kill("SIGKILL");
  }

  #beat(): void {
    // Of one width, so that each overwrites the whole of the last.
    writeSync(this.#file, `${String(++this.#count).padStart(15, "0")}\n`, 0);
  }

  #watch(): void {
    const { path, folder } = this.#options;
    const target = leadsGroup() ? `-${process.pid}` : String(process.pid);
    const child = spawn("/bin/sh", [WATCHDOG, String(process.pid), target, path, folder], {
      env: { PATH: "/usr/bin:/bin" },
      stdio: ["ignore", "ignore", "inherit"],
      // Not of the group that it may have to end.
      detached: true,
    });
    this.#watchdog = child;
    child.unref();
    const again = (): void => {
      if (this.#over || this.#watchdog !== child) return;
      this.#watchdog = undefined;
      this.#respawn = setTimeout(() => this.#watch(), RESPAWN_MS);
      this.#respawn.unref();
    };
    child.once("error", again);
    child.once("exit", again);
  }
}

/** Whether this process leads its process group, so that the group holds nothing but what it started. */
function leadsGroup(): boolean {
  try {
    // The name, in brackets, may hold anything; state, parent and group follow it.
    const after = readFileSync("/proc/self/stat", "utf8").replace(/^.*\) /s, "");
    return Number(after.split(" ")[2]) === process.pid;
  } catch {
    return false;
  }
}
