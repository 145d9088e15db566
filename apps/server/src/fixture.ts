/** Candor in a home folder of its own, for tests. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApp } from "./api/app.ts";
import { createService, type RunningService, type ServiceOptions } from "./create-service.ts";

export interface TestHome extends AsyncDisposable {
  home: string;
  service: RunningService;
  /** Closes the service and opens another on the same home, as after a restart. */
  restart(options?: Partial<ServiceOptions>): Promise<RunningService>;
}

export async function testHome(options: Partial<ServiceOptions> = {}): Promise<TestHome> {
  const home = mkdtempSync(join(tmpdir(), "candor-test-"));
  const fresh = {
    home,
    service: await createService({ home, ...options }),
    restart: async (more: Partial<ServiceOptions> = {}) => {
      await fresh.service.close();
      fresh.service = await createService({ home, ...options, ...more });
      return fresh.service;
    },
    [Symbol.asyncDispose]: async () => {
      await fresh.service.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
  return fresh;
}

const SETTLED = new Set(["finished", "stopped", "failed", "paused", "waiting"]);

/** Resolves with the run's status when it has ended, paused, or waits for a person. */
export async function settled(service: RunningService, run: string): Promise<string> {
  for (;;) {
    const woken = Promise.withResolvers<void>();
    const unsubscribe = service.subscribe(run, () => woken.resolve());
    const { status } = await service.show(run);
    if (SETTLED.has(status)) {
      unsubscribe();
      return status;
    }
    await woken.promise;
    unsubscribe();
  }
}

/** GET of the API, as the operator. */
export function getting(service: RunningService): (path: string) => Promise<{ status: number; body: unknown }> {
  const app = createApp(service, { token: "token", cookie: "candor_1" });
  return async (path) => {
    const response = await app.request(`http://127.0.0.1${path}`, {
      headers: { host: "127.0.0.1:1", authorization: "Bearer token" },
    });
    return { status: response.status, body: await response.json() };
  };
}
