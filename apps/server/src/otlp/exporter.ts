/** Sends each run's spans to the collector once the run is over. A collector that fails is no reason for a run to fail. */
import type { EventLog } from "@candor/store";
import { collectorOf, push } from "./push.ts";
import { createTraces, type Traces } from "./traces.ts";

const OVER = new Set(["run.finished", "run.stopped", "run.failed"]);

export interface Tracing extends Traces {
  /** Looks whether `run` is over, and then sends it; never throws, never waits. */
  rested(run: string): void;
  /** Sends a run now. @throws {Failure} of exit code 2 when no collector is named */
  push(run: string): Promise<boolean>;
  close(): Promise<void>;
}

export function createTracing(log: EventLog, env: NodeJS.ProcessEnv, warn: (line: string) => void): Tracing {
  const traces = createTraces(log);
  const collector = collectorOf(env);
  const sent = new Map<string, number>();
  const sending = new Set<Promise<void>>();
  const stop = new AbortController();

  async function send(run: string): Promise<void> {
    const events = await log.read(run);
    const last = events.at(-1);
    if (!collector || !last || !OVER.has(last.event.type) || sent.get(run) === last.seq) return;
    sent.set(run, last.seq);
    await push(collector, await traces.trace(run, { alone: true, content: collector.content }), stop.signal);
  }

  return {
    ...traces,
    rested: (run) => {
      if (!collector) return;
      const work = send(run)
        .catch((error: unknown) => {
          if (!stop.signal.aborted) warn(`trace of ${run}: ${error instanceof Error ? error.message : String(error)}`);
        })
        .finally(() => sending.delete(work));
      sending.add(work);
    },
    push: async (run) => {
      if (!collector) return false;
      await push(collector, await traces.trace(run, { content: collector.content }));
      return true;
    },
    close: async () => {
      stop.abort();
      await Promise.all(sending);
    },
  };
}
