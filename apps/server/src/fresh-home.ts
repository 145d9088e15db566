/** Candor in a home folder of its own, gone afterwards. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunEvent } from "@candor/store";
import { createService, type RunningService, type ServiceOptions } from "./create-service.ts";

export interface FreshHome {
  home: string;
  service: RunningService;
  /** Resolves when the run has ended, or waits for a person. */
  finish(run: string): Promise<string>;
}

export async function inFreshHome<T>(
  work: (fresh: FreshHome) => Promise<T>,
  options: Partial<ServiceOptions> = {},
): Promise<T> {
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

/** Looks at the run only after events that may settle it: to look after each would cost more than the run itself. */
export async function settled(service: RunningService, run: string): Promise<string> {
  for (;;) {
    const woken = Promise.withResolvers<void>();
    const unsubscribe = service.subscribe(run, ({ event }) => {
      if (maySettle(event)) woken.resolve();
    });
    try {
      const { status } = await service.show(run);
      if (settledStatus.has(status)) return status;
      await woken.promise;
    } finally {
      unsubscribe();
    }
  }
}

const maySettle = (event: RunEvent): boolean =>
  /^run\.(?!resumed)/.test(event.type) ||
  (event.type === "step.judged" && event.verdict.outcome === "ask") ||
  (event.type === "signal.raised" && event.monitor === "unknown-outcome");
