/** A program at work in a web worker. */
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

export class Session implements ProgramSession {
  readonly program: Program;
  readonly #worker: Worker;
  readonly #conversation: Conversation;
  #bytes = 0;

  private constructor(program: Program) {
    this.program = program;
    this.#worker = new Worker(new URL("./browser-worker.ts", import.meta.url), { type: "module" });
    this.#conversation = new Conversation((message) => this.#worker.postMessage(message));
    this.#worker.addEventListener("message", ({ data }) => this.#conversation.hear(data));
    this.#worker.addEventListener("error", ({ message }) =>
      this.#conversation.end(new SessionError(`the session's thread failed: ${message}`)),
    );
  }

  static async create(program: Program, options: SessionOptions = {}): Promise<Session> {
    const session = new Session(program);
    try {
      session.#bytes = (await session.#conversation.ask({ type: "load", program, options })).bytes ?? 0;
      return session;
    } catch (error) {
      session.#end("the session has ended");
      throw error;
    }
  }

  get bytes(): number {
    return this.#bytes;
  }

  async run(feeds: Feeds = {}): Promise<Values> {
    return (await this.#conversation.ask({ type: "run", feeds })).values ?? {};
  }

  async state(name: string): Promise<Data> {
    const { values } = await this.#conversation.ask({ type: "state", name });
    const value = values?.[name];
    if (!value) throw new SessionError(`there is no state ${name}`);
    return value;
  }

  async setState(name: string, values: Feed): Promise<void> {
    await this.#conversation.ask({ type: "set state", name, values });
  }

  async bind(memory: Readonly<Record<string, Data>>): Promise<void> {
    mustBeShared(memory);
    await this.#conversation.ask({ type: "bind", memory });
  }

  /** In the middle of a run too: a browser ends a worker where it stands. */
  async cancel(): Promise<void> {
    this.#end("the session was cancelled");
  }

  async close(): Promise<void> {
    this.#end("the session has ended");
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #end(why: string): void {
    this.#conversation.end(new SessionError(why));
    this.#worker.terminate();
  }
}
