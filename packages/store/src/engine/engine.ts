/** Who works on which run, and when: a queue, recovery after a crash, and schedules. What was done is the log's to say. */
import type { Database } from "../database/database.ts";
import { explained, StoreError } from "../errors.ts";
import type { KeyRing } from "../keys/keyring.ts";
import { checkRunId } from "../run-id.ts";
import { Dispatcher } from "./dispatcher.ts";
import { type Due, type Schedule, Schedules } from "./schedules.ts";

/**
 * Works on a run until it is over, waits for somebody, or `signal` aborts. It folds the run's events first, so that
 * being called again, after a crash or for nothing, does no harm.
 */
export type RunHandler = (run: string, signal: AbortSignal) => Promise<void>;

export interface EngineOptions {
  /** Runs that this process works on at once; the others wait in the queue. Default 64. */
  concurrency?: number;
  /**
   * Whether to go on with the runs that a dead process was at work on; default true. On a server this goes on for
   * as long as the engine runs. `false` on the embedded store leaves them until somebody enqueues them.
   */
  recover?: boolean;
  /** Called once per due time of each schedule, again only when a process died meanwhile: start `due.run` in it. */
  onDue?: (due: Due) => Promise<void>;
  /** What a handler threw; the run is then left alone until it is enqueued again. */
  onError?: (run: string, error: unknown) => void;
}

export interface Engine {
  start(handler: RunHandler, options?: EngineOptions): Promise<void>;
  /**
   * Sees to it that the handler is called for `run` after this moment. While the run is being worked on this waits
   * for its turn, at most once; a run is worked on by one worker at a time.
   */
  enqueue(run: string): Promise<void>;
  /** The runs that this process is at work on. */
  working(): string[];
  /** Fires every `everyMs` from `firstAt` (default: one interval from now) on, until it is unscheduled; replaces one of the same id. */
  schedule(id: string, everyMs: number, payload: unknown, firstAt?: number): Promise<void>;
  /** True when there was one. */
  unschedule(id: string): Promise<boolean>;
  schedules(): Promise<Schedule[]>;
  /** Aborts what it is at work on, waits for it, and leaves it to whoever starts next. */
  stop(): Promise<void>;
}

export function createEngine(database: Database, keys: KeyRing): Engine {
  const schedules = new Schedules(database, keys);
  let dispatcher: Dispatcher | undefined;
  const started = () => {
    if (!dispatcher) {
      throw new StoreError(
        "engine",
        "The engine of this store is not started.",
        "Start it first, or talk to `candor serve`.",
      );
    }
    return dispatcher;
  };
  return {
    start: (handler, options = {}) =>
      explained(database, async () => {
        if (dispatcher) throw new StoreError("engine", "The engine is started already.", "Stop it first.");
        dispatcher = new Dispatcher(database, schedules, handler, options);
        try {
          await dispatcher.start();
        } catch (error) {
          dispatcher = undefined;
          throw error;
        }
      }),
    enqueue: (run) =>
      explained(database, async () => {
        checkRunId(run);
        await started().enqueue(run);
      }),
    working: () => dispatcher?.working() ?? [],
    schedule: (id, everyMs, payload, firstAt) =>
      explained(database, () => schedules.set(id, everyMs, payload, firstAt ?? Date.now() + everyMs)),
    unschedule: (id) => explained(database, () => schedules.remove(id)),
    schedules: () => explained(database, () => schedules.list()),
    stop: async () => {
      const stopping = dispatcher;
      dispatcher = undefined;
      await stopping?.stop();
    },
  };
}
