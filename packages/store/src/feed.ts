/** Hands each event to those who listen to its run: in order, once, whichever process appended it. */
import { Client } from "pg";
import type { Database } from "./database/database.ts";
import type { Recorded } from "./events.ts";

/** The channel on which a server tells other processes of new events: `RUN FIRST LAST`. */
export const CHANNEL = "candor_events";
const RECONNECT_MS = 1_000;

type Listener = (event: Recorded) => void;

interface Channel {
  listeners: Set<Listener>;
  /** Number of the last event that was handed out; undefined until the first. */
  delivered: number | undefined;
  /** Fetching what came in between; deliveries queue behind it. */
  work: Promise<void>;
}

export class Feed {
  readonly #database: Database;
  readonly #read: (run: string, after: number) => Promise<Recorded[]>;
  readonly #channels = new Map<string, Channel>();
  #client: Client | undefined;
  #closed = false;

  constructor(database: Database, read: (run: string, after: number) => Promise<Recorded[]>) {
    this.#database = database;
    this.#read = read;
  }

  subscribe(run: string, listener: Listener): () => void {
    let channel = this.#channels.get(run);
    if (!channel) {
      channel = { listeners: new Set(), delivered: undefined, work: Promise.resolve() };
      this.#channels.set(run, channel);
    }
    // A listener given twice is called twice.
    const own: Listener = (event) => listener(event);
    channel.listeners.add(own);
    if (this.#database.kind === "server" && !this.#client) this.#listen();
    return () => {
      channel.listeners.delete(own);
      if (channel.listeners.size === 0 && this.#channels.get(run) === channel) this.#channels.delete(run);
    };
  }

  /** Events that this process has just appended. */
  appended(run: string, events: readonly Recorded[]): void {
    const channel = this.#channels.get(run);
    const first = events[0]?.seq;
    if (!channel || first === undefined) return;
    channel.delivered ??= first - 1;
    if (channel.delivered === first - 1) this.#deliver(channel, events);
    else this.#catchUp(run, channel);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#channels.clear();
    await this.#client?.end().catch(() => undefined);
  }

  #deliver(channel: Channel, events: readonly Recorded[]): void {
    for (const event of events) {
      if (event.seq <= (channel.delivered ?? 0)) continue;
      channel.delivered = event.seq;
      for (const listener of [...channel.listeners]) {
        try {
          listener(event);
        } catch (error) {
          // One listener's fault is not the writer's, nor the other listeners'.
          process.emitWarning(error instanceof Error ? error : String(error));
        }
      }
    }
  }

  #catchUp(run: string, channel: Channel): void {
    channel.work = channel.work
      .then(async () => {
        if (channel.listeners.size > 0) this.#deliver(channel, await this.#read(run, channel.delivered ?? 0));
      })
      // A database that is down, or a run that was just erased: the next notice or reconnection asks again.
      .catch(() => undefined);
  }

  #listen(): void {
    const client = new Client({ ...this.#database.pool.options, application_name: "candor feed" });
    this.#client = client;
    client.on("notification", ({ payload }) => this.#noticed(payload ?? ""));
    const lost = () => {
      if (this.#closed || this.#client !== client) return;
      client.removeAllListeners("end");
      client.end().catch(() => undefined);
      setTimeout(() => {
        if (!this.#closed && this.#client === client) this.#listen();
      }, RECONNECT_MS).unref();
    };
    client.on("error", lost);
    client.on("end", lost);
    client
      .connect()
      .then(() => client.query(`listen ${CHANNEL}`))
      .then(() => {
        // What was appended while nobody listened.
        for (const [run, channel] of this.#channels) if (channel.delivered !== undefined) this.#catchUp(run, channel);
      })
      .catch(lost);
  }

  #noticed(payload: string): void {
    const [run = "", first = "", last = ""] = payload.split(" ");
    const channel = this.#channels.get(run);
    if (!channel) return;
    channel.delivered ??= Number(first) - 1;
    if (channel.delivered < Number(last)) this.#catchUp(run, channel);
  }
}
