/** One request at a time to each host, with a pause between. */
import { setTimeout as sleep } from "node:timers/promises";

export interface Turns {
  /** Runs `task` when it is this caller's turn and `pauseMs` have passed since the last request to `host` began. */
  take<T>(host: string, pauseMs: number, signal: AbortSignal | undefined, task: () => Promise<T>): Promise<T>;
  /** The host asked to be left alone for a while. */
  close(host: string, ms: number): void;
  /** Milliseconds for which `host` asked to be left alone. */
  closedFor(host: string): number;
  /** Waits until `host` may be asked again, and counts that as the beginning of a request. */
  pause(host: string, ms: number, signal: AbortSignal | undefined): Promise<void>;
}

interface HostState {
  last: Promise<unknown>;
  began: number;
  closedUntil: number;
}

export function hostTurns(): Turns {
  const hosts = new Map<string, HostState>();
  const stateOf = (host: string): HostState => {
    const known = hosts.get(host);
    if (known) return known;
    const state = { last: Promise.resolve(), began: Number.NEGATIVE_INFINITY, closedUntil: Number.NEGATIVE_INFINITY };
    hosts.set(host, state);
    return state;
  };
  return {
    take(host, pauseMs, signal, task) {
      const state = stateOf(host);
      const mine = state.last.then(async () => {
        signal?.throwIfAborted();
        const wait = state.began + pauseMs - performance.now();
        if (wait > 0) await sleep(wait, undefined, signal ? { signal } : {});
        state.began = performance.now();
        return task();
      });
      state.last = mine.catch(() => undefined);
      return mine;
    },
    close(host, ms) {
      stateOf(host).closedUntil = performance.now() + ms;
    },
    closedFor: (host) => Math.max(0, stateOf(host).closedUntil - performance.now()),
    async pause(host, ms, signal) {
      await sleep(ms, undefined, signal ? { signal } : {});
      stateOf(host).began = performance.now();
    },
  };
}
