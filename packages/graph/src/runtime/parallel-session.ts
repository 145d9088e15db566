/** A parallel program at work, each part in a thread of its own. */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Spec } from "../compile.ts";
import type { Data } from "../dtype.ts";
import type { ParallelProgram } from "../parallel.ts";
import { sameShape } from "../shape.ts";
import { Meeting } from "./meeting.ts";
import { bytesIn, room } from "./native.ts";
import type { Part, PartReply, Turn } from "./parallel-worker.ts";
import {
  type Feed,
  type Feeds,
  mustBeInputs,
  SessionError,
  type SessionOptions,
  type StatefulSession,
  type Values,
  write,
} from "./program-runner.ts";
import { Turns } from "./turns.ts";

export class ParallelSession implements StatefulSession {
  readonly program: ParallelProgram;
  readonly #memory: Readonly<Record<string, Data>>;
  readonly #state: SharedState;
  readonly #held = new Set<string>();
  readonly #meeting: Meeting;
  readonly #workers: readonly Worker[];
  /** Of those who wait for a thread. */
  readonly #endings = new Set<(error: SessionError) => void>();
  #ended: SessionError | undefined;

  private constructor(program: ParallelProgram, threads: number, sharing: ParallelSession | undefined) {
    this.program = program;
    const { inputs, outputs, between, state, stages } = program;
    const count = stages[0]?.length ?? 0;
    this.#memory = mapped({ ...inputs, ...outputs, ...between }, room);
    this.#state = sharing?.stateFor(program) ?? {
      buffers: mapped(state, (spec) => [room(spec), room(spec)] as const),
      turn: 0,
      turns: new Turns(),
    };
    this.#meeting = new Meeting(count);
    this.#workers = Array.from({ length: count }, (_, n) => {
      const part: Part = {
        programs: stages.map((stage) => stage[n]).filter((each) => each !== undefined),
        threads: Math.max(1, Math.floor(threads / count)),
        meeting: this.#meeting.memory,
        count,
        memory: this.#memory,
        state: this.#state.buffers,
      };
      const worker = new Worker(new URL("./parallel-worker.ts", import.meta.url), {
        workerData: part,
        // It makes next to no objects.
        resourceLimits: { maxYoungGenerationSizeMb: 2 },
      });
      // Asked or not; the others must not wait for it.
      worker.on("error", ({ message }) => this.#end(new SessionError(`a thread of the session failed: ${message}`)));
      worker.once("exit", () => {
        this.#end(new SessionError("a thread of the session has ended"));
        this.#meeting.end();
      });
      return worker;
    });
  }

  /**
   * @param options `threads` are divided among the parts; `sharing` is a session whose state this one moves, too: programs for
   * batches of another shape
   */
  static async create(
    program: ParallelProgram,
    { threads = availableParallelism(), sharing }: SessionOptions & { sharing?: ParallelSession | undefined } = {},
  ): Promise<ParallelSession> {
    const session = new ParallelSession(program, threads, sharing);
    try {
      await session.#all();
      return session;
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  /** The state, for a session that shares it. @throws {SessionError} when its program has another one */
  protected stateFor({ state }: ParallelProgram): SharedState {
    const own = this.program.state;
    const same = (a: Record<string, Spec>, b: Record<string, Spec>): boolean =>
      Object.entries(a).every(
        ([name, { shape, dtype }]) => b[name]?.dtype === dtype && sameShape(b[name].shape, shape),
      );
    if (!same(own, state) || !same(state, own))
      throw new SessionError("the session that is to share has another state");
    return this.#state;
  }

  /** Bytes held for inputs, outputs, both copies of the state and what stages leave each other. */
  get bytes(): number {
    const { inputs, outputs, between, state } = this.program;
    return bytesIn(inputs, outputs, between, state, state);
  }

  /** @returns the outputs, in memory that the next run overwrites */
  run(feeds: Feeds = {}): Promise<Values> {
    return this.#inTurn(async () => {
      const { inputs, outputs } = this.program;
      mustBeInputs(feeds, Object.keys(inputs));
      for (const [name, spec] of Object.entries(inputs))
        if (feeds[name] !== undefined || !this.#held.has(name))
          write(name, spec, this.#memory[name] as Data, feeds[name]);
      this.#meeting.reset();
      const done = this.#all();
      for (const worker of this.#workers) worker.postMessage(this.#state.turn);
      await done;
      this.#state.turn = this.#state.turn === 0 ? 1 : 0;
      return mapped(outputs, (_, name) => this.#memory[name] as Data);
    });
  }

  hold(values: Feeds): Promise<void> {
    return this.#inTurn(async () => {
      const { inputs } = this.program;
      mustBeInputs(values, Object.keys(inputs));
      for (const [name, value] of Object.entries(values)) {
        // mustBeInputs has seen that it is there.
        write(name, inputs[name] as ParallelProgram["inputs"][string], this.#memory[name] as Data, value);
        this.#held.add(name);
      }
    });
  }

  /** A copy of a state's present value. */
  state(name: string): Promise<Data> {
    return this.#inTurn(async () => this.#slot(name)[this.#state.turn].slice());
  }

  setState(name: string, values: Feed): Promise<void> {
    return this.#inTurn(async () => {
      const slot = this.#slot(name);
      // #slot has seen that it is there.
      write(name, this.program.state[name] as ParallelProgram["state"][string], slot[this.#state.turn], values);
    });
  }

  /** Whoever waits is told at once; the threads end with the stage that they are at. */
  async cancel(): Promise<void> {
    this.#end(new SessionError("the session was cancelled"));
    await this.#exit();
  }

  async close(): Promise<void> {
    await this.#state.turns.settled();
    this.#end(new SessionError("the session has ended"));
    await this.#exit();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #end(error: SessionError): void {
    this.#ended ??= error;
    this.#meeting.abandon();
    for (const end of this.#endings) end(this.#ended);
  }

  async #exit(): Promise<void> {
    await Promise.all(
      this.#workers.map(
        (worker) =>
          new Promise<void>((resolve) => {
            if (worker.threadId === -1) return resolve();
            worker.ref();
            worker.once("exit", () => resolve());
            worker.postMessage("exit");
          }),
      ),
    );
  }

  /** The same turns for all sessions that share a state. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.#state.turns.take(async () => {
      if (this.#ended) throw this.#ended;
      return work();
    });
  }

  /** Waits for one answer of every thread. */
  async #all(): Promise<void> {
    const replies = this.#workers.map(
      (worker) =>
        new Promise<PartReply>((resolve, reject) => {
          const settle = (): void => {
            worker.off("message", heard);
            this.#endings.delete(failed);
            worker.unref();
          };
          const heard = (reply: PartReply): void => {
            settle();
            resolve(reply);
          };
          const failed = (error: Error): void => {
            settle();
            reject(error);
          };
          worker.on("message", heard);
          this.#endings.add(failed);
          worker.ref();
        }),
    );
    const failed = (await Promise.all(replies)).find(({ error }) => error !== undefined);
    if (failed) throw new SessionError(`the run failed: ${failed.error}`);
  }

  #slot(name: string): readonly [Data, Data] {
    const slot = this.#state.buffers[name];
    if (!slot) throw new SessionError(`there is no state ${name}`);
    return slot;
  }
}

/** What several sessions may move, one after the other. */
interface SharedState {
  buffers: Readonly<Record<string, readonly [Data, Data]>>;
  /** Which of the two holds the present values. */
  turn: Turn;
  turns: Turns;
}

const mapped = <From, To>(given: Readonly<Record<string, From>>, to: (value: From, name: string) => To) =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [name, to(value, name)]));
