/** Stopping from a process beside the server: whether that answers, is stuck, or is not there. */
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { EVERY_RUN, Latches, latchFolder } from "@candor/oversight";
import { readServeFile } from "../serve-file.ts";

const LOOK_MS = 10;

/** The process that serves `home`, while it lives. */
export function servingProcess(home: string): number | undefined {
  const pid = readServeFile(home)?.pid;
  return pid !== undefined && lives(pid) && isServer(pid) ? pid : undefined;
}

/**
 * Lays a stop down. From when this returns nothing under it begins to act, whatever state the server is in; a server that does
 * not take it in is ended by its watchdog.
 * @returns whether a server took it in: `answered`, `gone` when there is none (any more), `silent` after `waitMs`
 */
export async function layStop(
  home: string,
  target: string,
  word: { reason: string; by: string },
  waitMs: number,
): Promise<"answered" | "gone" | "silent"> {
  const latches = new Latches(latchFolder(home));
  const pid = servingProcess(home);
  latches.ask({ target, ...word, at: Date.now() });
  if (pid === undefined) return "gone";
  // Straight to its process, where a notice of the file could be slow.
  if (target === EVERY_RUN) send(pid, "SIGUSR2");
  for (const until = performance.now() + waitMs; performance.now() < until; await sleep(LOOK_MS)) {
    if (!latches.isAsked(target)) return "answered";
    if (!lives(pid)) return "gone";
  }
  return "silent";
}

/** Ends the server and all of its process group, as the power would. @returns its number, or undefined when there was none */
export async function endServer(home: string): Promise<number | undefined> {
  const pid = servingProcess(home);
  if (pid === undefined) return undefined;
  send(leadsGroup(pid) ? -pid : pid, "SIGKILL");
  while (lives(pid)) await sleep(LOOK_MS);
  return pid;
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone already.
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // One that nobody has waited for yet does nothing more.
    return stat(pid)?.[0] !== "Z";
  } catch {
    return false;
  }
}

/** Whether the number still belongs to a server: systems give numbers out again. */
function isServer(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("serve");
  } catch {
    return true;
  }
}

const leadsGroup = (pid: number): boolean => Number(stat(pid)?.[2]) === pid;

/** State, parent, process group and so on (proc(5)); undefined where the system does not say. */
function stat(pid: number): string[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
  } catch {
    return undefined;
  }
}
