/** A program at work in a web worker. */
import type { Program } from "../compile.ts";
import { Conversation } from "./conversation.ts";
import { SessionError, type SessionOptions } from "./program-runner.ts";
import { RemoteSession } from "./remote-session.ts";

export class Session extends RemoteSession {
  readonly #worker: Worker;

  private constructor(program: Program) {
    const worker = new Worker(new URL("./browser-worker.ts", import.meta.url), { type: "module" });
    super(program, new Conversation((message) => worker.postMessage(message)));
    this.#worker = worker;
    worker.addEventListener("message", ({ data }) => this.conversation.hear(data));
    worker.addEventListener("error", ({ message }) =>
      this.conversation.end(new SessionError(`the session's thread failed: ${message}`)),
    );
  }

  static create(program: Program, options: SessionOptions = {}): Promise<Session> {
    return new Session(program).load(options);
  }

  /** In the middle of a run too: a browser ends a worker where it stands. */
  async cancel(): Promise<void> {
    this.#end("the session was cancelled");
  }

  async close(): Promise<void> {
    this.#end("the session has ended");
  }

  #end(why: string): void {
    this.conversation.end(new SessionError(why));
    this.#worker.terminate();
  }
}
