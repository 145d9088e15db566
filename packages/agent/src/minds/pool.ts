/** A few processes in which minds decide. Any of them serves any run, and none is kept for one. */
import { fileURLToPath } from "node:url";
import type { Decision, MindConfig } from "@candor/store";
import type { InferenceRequest, InferenceResult, View } from "../mind.ts";
import { excerpt } from "./answers.ts";
import { isolationHere, mindCommand } from "./isolation.ts";
import { MindError } from "./mind-error.ts";
import { MindProcess } from "./mind-process.ts";

export interface MindPoolOptions {
  /** Processes at most, 1 to 4; 2 when absent. */
  size?: number;
  /** Module that the processes run; Candor's own minds when absent. It may read files of `readable` and of minds only. */
  entry?: string;
  readable?: readonly string[];
  /**
   * A process is replaced after so many decisions; 500 when absent. With 1, every decision has a process of its own,
   * and a mind can hold on to nothing at all, at some 50 ms a decision.
   */
  recycleAfter?: number;
  /** Milliseconds without work after which the processes end; 30,000 when absent. */
  idleMs?: number;
}

interface DecideOptions {
  /** Aborting kills the process and rejects with the signal's reason. */
  signal: AbortSignal;
  /** For the mind's own thinking: waiting for a free process and for inference does not count. */
  timeoutMs: number;
}

export interface MindPool {
  /** What is in force, for `candor doctor` and the run's first event. */
  readonly isolation: string;
  /** Processes alive. */
  readonly processes: number;
  /**
   * Asks a mind.
   * @param infer makes the mind's calls to a language model; what it throws reaches the mind as an error it may handle
   * @throws {MindError} when it crashed, hung, threw, or answered something that is not a decision
   */
  decide(
    config: MindConfig,
    view: View,
    infer: (request: InferenceRequest) => Promise<InferenceResult>,
    options: DecideOptions,
  ): Promise<Decision>;
  /** Ends every process; decisions under way fail. */
  close(): Promise<void>;
}

/** Calls to a language model in one decision, at most. */
const MOST_CALLS = 8;
const LARGEST_POOL = 4;

interface Job {
  config: MindConfig;
  view: View;
  infer: (request: InferenceRequest) => Promise<InferenceResult>;
  options: DecideOptions;
  resolve: (decision: Decision) => void;
  reject: (error: unknown) => void;
}

/**
 * @example
 * const pool = createMindPool();
 * const decision = await pool.decide({ kind: "scout" }, view, infer, { signal, timeoutMs: 10_000 });
 */
export function createMindPool(options: MindPoolOptions = {}): MindPool {
  return new Pool(options);
}

class Pool implements MindPool {
  readonly isolation: string;
  readonly #size: number;
  readonly #recycleAfter: number;
  readonly #idleMs: number;
  readonly #command: readonly [string, ...string[]];
  readonly #idle: MindProcess[] = [];
  readonly #all = new Set<MindProcess>();
  readonly #queue: Job[] = [];
  #timer: NodeJS.Timeout | undefined;
  #ids = 0;
  #closed = false;
  readonly #onExit = (): void => {
    for (const process of this.#all) process.kill(closing());
  };

  constructor(options: MindPoolOptions) {
    this.#size = Math.min(LARGEST_POOL, Math.max(1, Math.floor(options.size ?? 2)));
    this.#recycleAfter = Math.max(1, options.recycleAfter ?? 500);
    this.#idleMs = options.idleMs ?? 30_000;
    const isolation = isolationHere();
    this.isolation = isolation.summary;
    const entry = options.entry ?? fileURLToPath(new URL("./entry.ts", import.meta.url));
    this.#command = mindCommand(isolation, entry, [], options.readable ?? []);
    process.on("exit", this.#onExit);
  }

  get processes(): number {
    return this.#all.size;
  }

  decide(
    config: MindConfig,
    view: View,
    infer: (request: InferenceRequest) => Promise<InferenceResult>,
    options: DecideOptions,
  ): Promise<Decision> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(closing());
      if (options.signal.aborted) return reject(options.signal.reason);
      const job: Job = { config, view, infer, options, resolve, reject };
      const unqueue = (): void => {
        const at = this.#queue.indexOf(job);
        if (at < 0) return;
        this.#queue.splice(at, 1);
        reject(options.signal.reason);
      };
      options.signal.addEventListener("abort", unqueue, { once: true });
      const settled = (): void => options.signal.removeEventListener("abort", unqueue);
      job.resolve = (decision) => {
        settled();
        resolve(decision);
      };
      job.reject = (error) => {
        settled();
        reject(error);
      };
      this.#queue.push(job);
      this.#next();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    process.off("exit", this.#onExit);
    for (const job of this.#queue.splice(0)) job.reject(closing());
    const all = [...this.#all];
    for (const process of all) process.kill(closing());
    await Promise.all(all.map((process) => process.exited()));
  }

  #next(): void {
    clearTimeout(this.#timer);
    while (this.#queue.length > 0) {
      const free = this.#idle.pop() ?? (this.#all.size < this.#size ? this.#start() : undefined);
      if (!free) return;
      if (free.dead) continue;
      const job = this.#queue.shift();
      if (job) this.#serve(free, job);
    }
    if (this.#idle.length === 0 || this.#idle.length < this.#all.size) return;
    this.#timer = setTimeout(() => {
      for (const process of this.#idle.splice(0)) process.kill(closing());
    }, this.#idleMs);
    this.#timer.unref();
  }

  #start(): MindProcess {
    const process = new MindProcess(this.#command);
    this.#all.add(process);
    // Forgets a process that dies while nobody is asking it anything.
    process.listener = this.#resting(process);
    return process;
  }

  #resting(process: MindProcess) {
    return {
      answer: () => process.kill(new MindError("invalid", "The mind spoke without being asked.")),
      gone: () => this.#forget(process),
    };
  }

  #forget(process: MindProcess): void {
    this.#all.delete(process);
    const at = this.#idle.indexOf(process);
    if (at >= 0) this.#idle.splice(at, 1);
  }

  #serve(process: MindProcess, job: Job): void {
    const id = ++this.#ids;
    const { signal } = job.options;
    const clock = new Stopwatch(job.options.timeoutMs, () => {
      process.kill(new MindError("timeout", `The mind took more than ${job.options.timeoutMs} ms and was ended.`));
    });
    let calls = 0;
    process.served += 1;
    process.hold(true);

    const abort = (): void => process.kill(new MindError("unavailable", "The decision was called off."));
    signal.addEventListener("abort", abort, { once: true });

    const settle = (): void => {
      clock.stop();
      signal.removeEventListener("abort", abort);
      process.listener = this.#resting(process);
      if (!process.dead) {
        process.hold(false);
        if (process.served >= this.#recycleAfter) process.kill(closing());
        else this.#idle.push(process);
      }
    };
    const fail = (error: unknown): void => {
      settle();
      job.reject(error);
      // Not in this turn: when a thousand runs are stopped at once, none of them is to be given a fresh process first.
      queueMicrotask(() => this.#next());
    };

    process.listener = {
      gone: (error) => {
        this.#forget(process);
        fail(signal.aborted ? signal.reason : error);
      },
      answer: (answer) => {
        if (answer.id !== id) {
          process.kill(new MindError("invalid", "The mind answered a question of another decision."));
        } else if (answer.type === "decided") {
          settle();
          job.resolve(answer.decision);
          this.#next();
        } else if (answer.type === "failed") {
          fail(new MindError("failed", excerpt(answer.reason, 500) || "The mind failed without a reason."));
        } else if (++calls > MOST_CALLS) {
          process.kill(
            new MindError("invalid", `The mind asked a language model more than ${MOST_CALLS} times in one decision.`),
          );
        } else {
          clock.pause();
          // `infer` is the warden's; whether it throws at once or later is the same to the mind.
          Promise.resolve(answer.request)
            .then(job.infer)
            .then(
              (result) => process.send({ type: "inferred", id, call: answer.call, result }),
              (error: unknown) => {
                const reason = error instanceof Error ? error.message : String(error);
                process.send({ type: "not inferred", id, call: answer.call, reason });
              },
            )
            .finally(() => clock.resume());
        }
      },
    };
    process.ready.then(
      () => {
        clock.resume();
        process.send({ type: "decide", id, config: job.config, view: job.view });
      },
      () => undefined,
    );
  }
}

/** Counts down while it runs, and may run several times over. Pauses nest. */
class Stopwatch {
  #left: number;
  #since = 0;
  #pauses = 1;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  readonly #ring: () => void;

  /** Stands still until resumed. */
  constructor(ms: number, ring: () => void) {
    this.#left = ms;
    this.#ring = ring;
  }

  pause(): void {
    if (this.#pauses++ > 0) return;
    clearTimeout(this.#timer);
    this.#left -= performance.now() - this.#since;
  }

  resume(): void {
    if (this.#stopped || --this.#pauses > 0) return;
    this.#since = performance.now();
    this.#timer = setTimeout(this.#ring, Math.max(0, this.#left));
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }
}

function closing(): MindError {
  return new MindError("unavailable", "The pool of minds is closed.");
}
