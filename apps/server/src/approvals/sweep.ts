/**
 * What time and crashes leave to do, on whichever server looks first: a question whose time is over becomes a no, and an
 * answer whose run was not woken, since the server died in between, is taken up.
 */
import { expireQuestion } from "@candor/agent";
import type { Store } from "@candor/store";
import type { Questions } from "./questions.ts";

/** An answer that is younger is still being taken up by whoever wrote it. */
const SETTLES_MS = 5_000;

/** @returns the runs that were woken */
export async function sweep(
  store: Pick<Store, "log" | "runs" | "engine">,
  questions: Pick<Questions, "all">,
  now = Date.now(),
): Promise<string[]> {
  const woken: string[] = [];
  const wake = async (run: string) => {
    woken.push(run);
    await store.engine.enqueue(run);
  };
  for (const { run, expiresAt } of await questions.all()) {
    if (expiresAt === undefined || expiresAt > now) continue;
    if (await expireQuestion(store.log, run, () => now)) await wake(run);
  }
  const busy = new Set(store.engine.working());
  for (const { run, status, lastType, updatedAt, erased } of await store.runs.list()) {
    const stale = updatedAt < now - SETTLES_MS && !erased && !busy.has(run) && !woken.includes(run);
    if (status === "running" && lastType === "approval.answered" && stale) await wake(run);
  }
  return woken;
}

/** Sweeps now and every `everyMs`, one at a time, until the returned function is called, which waits for the one under way. */
export function keepSwept(work: () => Promise<unknown>, everyMs: number, failed: (error: unknown) => void) {
  let current: Promise<void> = Promise.resolve();
  let busy = false;
  const tick = () => {
    if (busy) return;
    busy = true;
    current = work()
      .then(() => {}, failed)
      .finally(() => {
        busy = false;
      });
  };
  const timer = setInterval(tick, everyMs);
  timer.unref();
  tick();
  return async (): Promise<void> => {
    clearInterval(timer);
    await current;
  };
}
