/** Counts what the runs do, from outside: an HTTP server that their one tool asks as fast as it can. */
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { monotonic } from "./stop-protocol.ts";

interface Seen {
  hits: number;
  /** When the last one arrived. */
  last: number;
  /** Those that came after the barrier. */
  after: number;
  closed: boolean;
  woken: () => void;
}

export class Observer {
  readonly #server = createServer((incoming, response) => {
    const [, what = "", run = ""] = (incoming.url ?? "").split("/");
    const tree = run.split("-")[0] ?? "";
    if (what === "hit") this.#hit(tree);
    else this.#of(tree).closed = true;
    response.end();
  });
  readonly #trees = new Map<string, Seen>();

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Resolves when the tree has hit `count` times. */
  async until(tree: string, count: number): Promise<void> {
    const seen = this.#of(tree);
    while (seen.hits < count)
      await new Promise<void>((resolve) => {
        seen.woken = resolve;
      });
  }

  /**
   * From here on every hit of the tree counts as one that came after its stop. A request over a connection of its own, so that
   * whatever was on its way in the machine's buffers before it is read before it.
   */
  async barrier(tree: string): Promise<{ last: number }> {
    const { port } = this.#server.address() as AddressInfo;
    await new Promise<void>((resolve, reject) => {
      request({ port, host: "127.0.0.1", path: `/barrier/${tree}`, agent: false }, (response) =>
        response.resume().once("end", resolve),
      )
        .once("error", reject)
        .end();
    });
    return { last: this.#of(tree).last };
  }

  /** Hits after their barriers, of all trees so far. */
  get after(): number {
    return [...this.#trees.values()].reduce((sum, { after }) => sum + after, 0);
  }

  #hit(tree: string): void {
    const seen = this.#of(tree);
    if (seen.closed) {
      seen.after++;
      return;
    }
    seen.hits++;
    seen.last = monotonic();
    seen.woken();
  }

  #of(tree: string): Seen {
    let seen = this.#trees.get(tree);
    if (!seen) {
      seen = { hits: 0, last: 0, after: 0, closed: false, woken: () => {} };
      this.#trees.set(tree, seen);
    }
    return seen;
  }
}
