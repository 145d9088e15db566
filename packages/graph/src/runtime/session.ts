/** A program at work in a thread of its own. */
import { Worker } from "node:worker_threads";
import type { Program } from "../compile.ts";
import type { Data } from "../dtype.ts";
import { Conversation } from "./conversation.ts";
import {
  type Feed,
  type Feeds,
  mustBeShared,
  type ProgramSession,
  SessionError,
  type SessionOptions,
  type Values,
} from "./program-runner.ts";
import type { Message, Reply } from "./protocol.ts";

export class Session implements ProgramSession {
  readonly program: Program;
  readonly #worker: Worker;
  readonly #conversation: Conversation;
  #bytes = 0;
  readonly #exited: Promise<void>;

  private constructor(program: Program) {
    this.program = program;
    this.#worker = new Worker(new URL("./worker.ts", import.meta.url));
    this.#conversation = new Conversation((message) => {
      this.#worker.ref();
      this.#worker.postMessage(message);
    });
    this.#worker.on("message", (reply: Reply) => {
      this.#conversation.hear(reply);
      if (!this.#conversation.waits && !this.#conversation.ended) this.#worker.unref();
    });
    this.#worker.on("error", (error: Error) => this.#conversation.end(error));
    this.#exited = new Promise((resolve) => {
      this.#worker.on("exit", () => {
        this.#conversation.end(new SessionError("the session has ended"));
        resolve();
      });
    });
    this.#worker.unref();
  }

  static async create(program: Program, options: SessionOptions = {}): Promise<Session> {
    const session = new Session(program);
    try {
      const { bytes } = await session.#conversation.ask({ type: "load", program, options });
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
    const { values } = await this.#conversation.ask({ type: "run", feeds });
    return values ?? {};
  }

  /** A copy of a state's present value. */
  async state(name: string): Promise<Data> {
    const { values } = await this.#conversation.ask({ type: "state", name });
    const value = values?.[name];
    if (!value) throw new SessionError(`there is no state ${name}`);
    return value.slice();
  }

  async setState(name: string, values: Feed): Promise<void> {
    await this.#conversation.ask({ type: "set state", name, values });
  }

  /** @param memory in `SharedArrayBuffer`s: the session reads and writes the caller's own */
  async bind(memory: Readonly<Record<string, Data>>): Promise<void> {
    mustBeShared(memory);
    await this.#conversation.ask({ type: "bind", memory });
  }

  /**
   * Whoever waits is told at once. ONNX Runtime cannot be ended in the middle of a run without taking the process with it, so the
   * thread ends when that run does.
   * @returns when the thread is gone
   */
  async cancel(): Promise<void> {
    this.#conversation.end(new SessionError("the session was cancelled"));
    this.#worker.ref();
    this.#worker.postMessage({ id: -1, request: { type: "exit" } } satisfies Message);
    await this.#exited;
  }

  async close(): Promise<void> {
    if (!this.#conversation.ended) await this.#conversation.ask({ type: "release" }).catch(() => undefined);
    this.#conversation.end(new SessionError("the session has ended"));
    await this.#worker.terminate();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
