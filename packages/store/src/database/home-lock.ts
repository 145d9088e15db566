/** One process at a time owns an embedded store. A lock whose owner is dead, as after kill -9, is taken over. */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { StoreError } from "../errors.ts";
import { isCode, readIfThere } from "../keys/private-file.ts";

const Owner = z.object({
  pid: z.number().int().positive(),
  /** Tells a process from a later one with the same number; empty where the system does not say. */
  born: z.string(),
  command: z.string(),
});
type Owner = z.infer<typeof Owner>;

/** @returns what gives the lock back  @throws {StoreError} `in use` */
export function lockHome(home: string): () => void {
  const path = join(home, "db.lock");
  const me: Owner = { pid: process.pid, born: birth(process.pid), command: process.argv.slice(1, 3).join(" ") };
  const mine = JSON.stringify(me);
  const draft = `${path}.${process.pid}`;
  for (let attempt = 0; attempt < 5; attempt++) {
    rmSync(draft, { force: true });
    writeFileSync(draft, mine, { mode: 0o600 });
    try {
      linkSync(draft, path);
      return () => {
        if (readIfThere(path)?.toString("utf8") === mine) rmSync(path, { force: true });
      };
    } catch (error) {
      if (!isCode(error, "EEXIST")) throw error;
    } finally {
      rmSync(draft, { force: true });
    }
    const held = readIfThere(path)?.toString("utf8");
    if (held === undefined) continue;
    const owner = parse(held);
    if (owner && alive(owner)) throw inUse(home, owner);
    removeStale(path, held);
  }
  throw inUse(home, undefined);
}

/** Moves the stale lock away; if somebody took it over in between, puts theirs back. */
function removeStale(path: string, stale: string): void {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
    if (readFileSync(aside, "utf8") !== stale) linkSync(aside, path);
  } catch (error) {
    if (!isCode(error, "ENOENT") && !isCode(error, "EEXIST")) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function parse(text: string): Owner | undefined {
  try {
    return Owner.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function alive(owner: Owner): boolean {
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    // EPERM: it lives, but is somebody else's.
    if (!isCode(error, "EPERM")) return false;
  }
  return owner.born === "" || birth(owner.pid) === owner.born;
}

/** Boot and start time of a process on Linux. */
function birth(pid: number): string {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The command's name, in parentheses, may hold anything: count fields after it.
    return `${boot} ${stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? ""}`;
  } catch {
    return "";
  }
}

function inUse(home: string, owner: Owner | undefined): StoreError {
  const who = owner ? `process ${owner.pid}${owner.command ? ` (${owner.command})` : ""}` : "another process";
  return new StoreError(
    "in use",
    `The store in ${home} is in use by ${who}.`,
    "Talk to it with the candor command, stop it, or choose another CANDOR_HOME.",
  );
}
