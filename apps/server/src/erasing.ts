/** What goes when a run is erased: its key, what is kept of it in memory, and what was written out of its log. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Store } from "@candor/store";
import type { Runs } from "./runs.ts";
import { REPORT_FORMATS } from "./service.ts";

export interface ErasingOptions {
  home: string;
  store: Store;
  runs: Runs;
  /** Lets go of what memory holds of it. */
  forget(run: string): void;
}

/** Erases a run that is stopped, and its children with it. */
export async function erase(run: string, options: ErasingOptions): Promise<void> {
  const { home, store, runs, forget } = options;
  const { children } = await runs.state(run);
  for (const child of children.keys()) await erase(child, options).catch(() => {});
  await store.erase(run);
  forget(run);
  await rm(join(home, "workspaces", run), { recursive: true, force: true });
  for (const format of REPORT_FORMATS) await rm(join(home, "reports", `${run}.${format}`), { force: true });
}
