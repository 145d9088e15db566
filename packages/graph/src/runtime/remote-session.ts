/** A program at work in another thread, whichever kind of thread that is. */
import type { Program } from "../compile.ts";
import type { Data } from "../dtype.ts";
import type { Conversation } from "./conversation.ts";
import {
  type Feed,
  type Feeds,
  mustBeShared,
  type ProgramSession,
  SessionError,
  type SessionOptions,
  type Values,
} from "./program-runner.ts";
import type { Reply, Request } from "./protocol.ts";
import { Turns } from "./turns.ts";

export abstract class RemoteSession implements ProgramSession {
  readonly program: Program;
  protected readonly conversation: Conversation;
  readonly #turns = new Turns();
  #bytes = 0;

  protected constructor(program: Program, conversation: Conversation) {
    this.program = program;
    this.conversation = conversation;
  }

  /** Bytes held for inputs, outputs and state. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Loads the program, or ends the thread. */
  protected async load(options: SessionOptions): Promise<this> {
    try {
      const { bytes } = await this.conversation.ask({ type: "load", program: this.program, options });
      this.#bytes = bytes ?? 0;
      return this;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /**
   * @returns the outputs; in memory shared with the session, where there is such memory: the next run overwrites it, which begins no sooner
   * than whoever waits for this one has come to their next `await`
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

  async hold(values: Feeds): Promise<void> {
    await this.#ask({ type: "hold", values });
  }

  /** @param memory in `SharedArrayBuffer`s: the session reads and writes the caller's own */
  async bind(memory: Readonly<Record<string, Data>>): Promise<void> {
    mustBeShared(memory);
    await this.#ask({ type: "bind", memory });
  }

  #ask(request: Request): Promise<Reply> {
    return this.#turns.take(() => this.conversation.ask(request));
  }

  abstract cancel(): Promise<void>;
  abstract close(): Promise<void>;

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
