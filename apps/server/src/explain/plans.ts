/**
 * Explanations and comparisons of runs. They are worked out in a thread of their own: a long run takes seconds to study,
 * and whoever wants to stop a run does not wait for that.
 */
import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { Comparison, Explanation } from "@candor/explain";
import type { Recorded } from "@candor/store";
import type { About, FromThread, ToThread, Window } from "./study-protocol.ts";

/** A run as it lies in the log, and who it was about. */
export interface Source {
  events: readonly Recorded[];
  about: About;
}

/** Events sent at once: copying more would hold the server up. */
const PART = 250;
/** The text of pages is not needed, only its beginning for what a mind was shown of past steps. */
const TEXT = 200;
const MOST_HELD = 24;
const MOST_CHILDREN = 20;
/** A thread without questions for so long ends, with all it held. */
const IDLE_MS = 120_000;

export class Plans {
  readonly #read: (run: string) => Promise<Source>;
  /** Events of each run that the thread has, and what it was told of the operator; the run asked for longest ago first. */
  readonly #held = new Map<string, { events: number; about: string }>();
  readonly #waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  #worker: Worker | undefined;
  #next = 0;
  #queue: Promise<unknown> = Promise.resolve();
  #idle: NodeJS.Timeout | undefined;

  constructor(read: (run: string) => Promise<Source>) {
    this.#read = read;
  }

  explain(run: string, window: Window): Promise<Explanation> {
    return this.#study([run], window) as Promise<Explanation>;
  }

  compare(a: string, b: string, window: Window): Promise<Comparison> {
    return this.#study([a, b], window) as Promise<Comparison>;
  }

  /** Lets go of what is in memory of a run. */
  forget(run: string): void {
    if (this.#held.delete(run)) this.#post({ type: "forget", run });
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#ended(new Error("the server is closing"));
    await worker?.terminate();
  }

  /** One question after another, so that what the thread holds is what was sent. */
  #study([a = "", b]: string[], window: Window): Promise<unknown> {
    const answer = this.#queue.then(async () => {
      clearTimeout(this.#idle);
      const runs = b === undefined || a === b ? [a] : [a, b];
      for (const run of runs) await this.#deliver(run);
      this.#makeRoom(runs);
      const id = this.#next++;
      const result = new Promise<unknown>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
      this.#post({ type: "study", id, a, ...(b !== undefined && { b }), window });
      return result.finally(() => this.#rest());
    });
    this.#queue = answer.catch(() => {});
    return answer;
  }

  async #deliver(run: string): Promise<void> {
    const family = [run];
    for (const next of family) {
      const source = await this.#read(next).catch((error: unknown) => {
        // A child that was announced and not begun, or is erased, has no log; the run that was asked for must have one.
        if (next === run) throw error;
        return undefined;
      });
      if (!source) continue;
      await this.#send(next, source);
      for (const { event } of source.events)
        if (event.type === "child.started" && family.length < MOST_CHILDREN) family.push(event.run);
    }
  }

  async #send(run: string, { events, about }: Source): Promise<void> {
    const before = this.#held.get(run) ?? { events: 0, about: "" };
    const now = JSON.stringify(about);
    if (now !== before.about) this.#post({ type: "about", run, about });
    for (let from = before.events; from < events.length; from += PART) {
      this.#post({ type: "events", run, events: events.slice(from, from + PART).map(shortened) });
      await setImmediate();
    }
    this.#held.delete(run);
    this.#held.set(run, { events: events.length, about: now });
  }

  #makeRoom(needed: string[]): void {
    for (const run of this.#held.keys()) {
      if (this.#held.size <= MOST_HELD) return;
      if (!needed.includes(run)) this.forget(run);
    }
  }

  #post(message: ToThread): void {
    this.#worker ??= this.#begin();
    this.#worker.postMessage(message);
  }

  #begin(): Worker {
    const worker = new Worker(new URL("./study-thread.ts", import.meta.url));
    worker.unref();
    worker.on("message", (message: FromThread) => {
      const waiting = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if (message.type === "studied") waiting?.resolve(message.result);
      else waiting?.reject(new Error(message.reason));
    });
    worker.on("error", (error: Error) => this.#ended(error));
    worker.on("exit", () => {
      if (this.#worker === worker) this.#ended(new Error("the studying thread has ended"));
    });
    return worker;
  }

  #rest(): void {
    this.#idle = setTimeout(() => {
      const worker = this.#worker;
      this.#ended(new Error("the studying thread was idle"));
      void worker?.terminate();
    }, IDLE_MS);
    this.#idle.unref();
  }

  #ended(error: Error): void {
    this.#worker = undefined;
    this.#held.clear();
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

function shortened(recorded: Recorded): Recorded {
  const { event } = recorded;
  if (event.type !== "step.done" || event.observation.text.length <= TEXT) return recorded;
  return {
    ...recorded,
    event: { ...event, observation: { ...event.observation, text: event.observation.text.slice(0, TEXT) } },
  };
}
