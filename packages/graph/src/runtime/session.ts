/** A program at work in a thread of its own. */
import { Worker } from "node:worker_threads";
import type { Program } from "../compile.ts";
import { Conversation } from "./conversation.ts";
import { SessionError, type SessionOptions } from "./program-runner.ts";
import type { Message, Reply } from "./protocol.ts";
import { RemoteSession } from "./remote-session.ts";

export class Session extends RemoteSession {
  readonly #worker: Worker;
  readonly #exited: Promise<void>;

  private constructor(program: Program) {
    const worker = new Worker(new URL("./worker.ts", import.meta.url));
    super(
      program,
      new Conversation((message) => {
        worker.ref();
        worker.postMessage(message);
      }),
    );
    this.#worker = worker;
    worker.on("message", (reply: Reply) => {
      this.conversation.hear(reply);
      if (!this.conversation.waits && !this.conversation.ended) worker.unref();
    });
    worker.on("error", (error: Error) => this.conversation.end(error));
    this.#exited = new Promise((resolve) => {
      worker.on("exit", () => {
        this.conversation.end(new SessionError("the session has ended"));
        resolve();
      });
    });
    worker.unref();
  }

  static create(program: Program, options: SessionOptions = {}): Promise<Session> {
    return new Session(program).load(options);
  }

  /**
   * Whoever waits is told at once. ONNX Runtime cannot be ended in the middle of a run without taking the process with it, so the
   * thread ends when that run does.
   * @returns when the thread is gone
   */
  async cancel(): Promise<void> {
    this.conversation.end(new SessionError("the session was cancelled"));
    this.#worker.ref();
    this.#worker.postMessage({ id: -1, request: { type: "exit" } } satisfies Message);
    await this.#exited;
  }

  async close(): Promise<void> {
    if (!this.conversation.ended) await this.conversation.ask({ type: "release" }).catch(() => undefined);
    this.conversation.end(new SessionError("the session has ended"));
    await this.#worker.terminate();
  }
}
