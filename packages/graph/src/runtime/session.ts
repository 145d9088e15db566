/** A program at work in a thread of its own. */
import { Worker } from "node:worker_threads";
import type { Program } from "../compile.ts";
import type { Data } from "../dtype.ts";
import type { Reply, Request } from "./protocol.ts";
import { type Feed, type Feeds, SessionError, type SessionOptions, type Values } from "./runner.ts";

export class Session implements AsyncDisposable {
  readonly program: Program;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, { resolve: (reply: Reply) => void; reject: (error: Error) => void }>();
  #count = 0;
  #bytes = 0;
  #ended: Error | undefined;
  readonly #exited: Promise<void>;

  private constructor(program: Program) {
    this.program = program;
    this.#worker = new Worker(new URL("./worker.ts", import.meta.url));
    this.#worker.on("message", (reply: Reply) => {
      const waiting = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      if (this.#waiting.size === 0 && !this.#ended) this.#worker.unref();
      if (reply.error === undefined) waiting?.resolve(reply);
      else waiting?.reject(new SessionError(reply.error));
    });
    this.#worker.on("error", (error: Error) => this.#end(error));
    this.#exited = new Promise((resolve) => {
      this.#worker.on("exit", () => {
        this.#end(new SessionError("the session has ended"));
        resolve();
      });
    });
    this.#worker.unref();
  }

  static async create(program: Program, options: SessionOptions = {}): Promise<Session> {
    const session = new Session(program);
    try {
      const { bytes } = await session.#ask({ type: "load", program, options });
      session.#bytes = bytes ?? 0;
      return session;
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  /** Bytes held for inputs, outputs and state. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * @returns the outputs, in memory shared with the session: the next run overwrites it
   * @throws {SessionError} for inputs that do not fit, or once the session was closed or cancelled
   */
  async run(feeds: Feeds = {}): Promise<Values> {
    const { values } = await this.#ask({ type: "run", feeds });
    return values ?? {};
  }

  /** A copy of a state's present value. */
  async state(name: string): Promise<Data> {
    const { values } = await this.#ask({ type: "state", name });
    const value = values?.[name];
    if (!value) throw new SessionError(`there is no state ${name}`);
    return value.slice();
  }

  async setState(name: string, values: Feed): Promise<void> {
    await this.#ask({ type: "set state", name, values });
  }

  /** @param memory in `SharedArrayBuffer`s: the session reads and writes the caller's own */
  async bind(memory: Readonly<Record<string, Data>>): Promise<void> {
    for (const [name, data] of Object.entries(memory))
      if (!(data.buffer instanceof SharedArrayBuffer)) throw new SessionError(`${name} is not in shared memory`);
    await this.#ask({ type: "bind", memory });
  }

  /**
   * Whoever waits is told at once. ONNX Runtime cannot be ended in the middle of a run without taking the process with it, so the
   * thread ends when that run does.
   * @returns when the thread is gone
   */
  async cancel(): Promise<void> {
    this.#end(new SessionError("the session was cancelled"));
    this.#worker.ref();
    this.#worker.postMessage({ id: -1, request: { type: "exit" } satisfies Request });
    await this.#exited;
  }

  async close(): Promise<void> {
    if (!this.#ended) await this.#ask({ type: "release" }).catch(() => undefined);
    this.#end(new SessionError("the session has ended"));
    await this.#worker.terminate();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #ask(request: Request): Promise<Reply> {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = this.#count++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.ref();
      this.#worker.postMessage({ id, request });
    });
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
  }
}
