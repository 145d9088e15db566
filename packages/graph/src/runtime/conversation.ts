/** What a session asked its thread, until the answers come. */
import { SessionError } from "./program-runner.ts";
import type { Message, Reply, Request } from "./protocol.ts";

export class Conversation {
  readonly #post: (message: Message) => void;
  readonly #waiting = new Map<number, { resolve: (reply: Reply) => void; reject: (error: Error) => void }>();
  #count = 0;
  #ended: Error | undefined;

  constructor(post: (message: Message) => void) {
    this.#post = post;
  }

  get ended(): boolean {
    return this.#ended !== undefined;
  }

  get waits(): boolean {
    return this.#waiting.size > 0;
  }

  ask(request: Request): Promise<Reply> {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = this.#count++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#post({ id, request });
    });
  }

  hear(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (reply.error === undefined) waiting?.resolve(reply);
    else waiting?.reject(new SessionError(reply.error));
  }

  /** Rejects what waits and whatever is asked later; the first reason stays. */
  end(error: Error): void {
    this.#ended ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
  }
}
