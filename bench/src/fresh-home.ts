/** Candor in a home folder of its own, gone afterwards. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createService, type RunningService, type ServiceOptions } from "@candor/server";

export interface FreshHome {
  home: string;
  service: RunningService;
  /** Resolves when the run has ended, or waits for a person. */
  finish(run: string): Promise<string>;
}

export async function inFreshHome<T>(work: (fresh: FreshHome) => Promise<T>, options: Partial<ServiceOptions> = {}): Promise<T> {
  const home = mkdtempSync(join(tmpdir(), "candor-bench-"));
  const service = await createService({ home, ...options });
  try {
    return await work({ home, service, finish: (run) => settled(service, run) });
  } finally {
    await service.close();
    rmSync(home, { recursive: true, force: true });
  }
}

const settledStatus = new Set(["finished", "stopped", "failed", "paused", "waiting"]);

export async function settled(service: RunningService, run: string): Promise<string> {
  for (;;) {
    const woken = Promise.withResolvers<void>();
    const unsubscribe = service.subscribe(run, () => woken.resolve());
    const { status } = await service.show(run);
    if (settledStatus.has(status)) {
      unsubscribe();
      return status;
    }
    await woken.promise;
    unsubscribe();
  }
}
