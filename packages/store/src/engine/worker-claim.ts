/**
 * Says which workers are alive, without clocks or heartbeats: each holds a lock of its database session for as long as
 * it lives. A process that dies, even by kill -9, loses the session and with it the lock; whoever then gets the lock
 * may take its runs over.
 */
import { createHash } from "node:crypto";
import { Client, type ClientConfig } from "pg";

const RETRY_MS = 100;

export class WorkerClaim {
  readonly #client: Client;
  #over = false;

  private constructor(client: Client, lost: () => void) {
    this.#client = client;
    const once = () => {
      if (this.#over) return;
      this.#over = true;
      client.end().catch(() => undefined);
      lost();
    };
    client.on("error", once);
    client.on("end", once);
  }

  /** @param lost called when the session breaks: others may then take the runs, so this worker must let go of them */
  static async take(config: ClientConfig, worker: string, lost: () => void): Promise<WorkerClaim> {
    const client = new Client({ ...config, application_name: "candor worker", keepAlive: true });
    client.on("error", () => undefined);
    await client.connect();
    try {
      // A machine that vanishes without a word is noticed by the server within half a minute.
      await client.query("set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3");
      await client.query("select pg_advisory_lock($1)", [lockOf(worker)]);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    return new WorkerClaim(client, lost);
  }

  /** Does `work` if `worker` is dead, while nobody else does so. */
  async ifDead(worker: string, work: () => Promise<void>): Promise<void> {
    if (!(await this.#try(worker))) return;
    try {
      await work();
    } finally {
      await this.#unlock(worker);
    }
  }

  /** Does `work` while no other worker does work of this name. */
  async alone(name: string, work: () => Promise<void>): Promise<void> {
    // Asked for again and again instead of waited for: a statement that waits would hold up an index that the other
    // worker builds concurrently, and so wait for itself.
    while (!(await this.#try(name))) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    try {
      await work();
    } finally {
      await this.#unlock(name);
    }
  }

  async release(): Promise<void> {
    this.#over = true;
    await this.#client.end().catch(() => undefined);
  }

  async #try(name: string): Promise<boolean> {
    const { rows } = await this.#client.query<{ got: boolean }>("select pg_try_advisory_lock($1) as got", [
      lockOf(name),
    ]);
    return rows[0]?.got === true;
  }

  async #unlock(name: string): Promise<void> {
    await this.#client.query("select pg_advisory_unlock($1)", [lockOf(name)]);
  }
}

/** A lock is a number: 63 bits of the name's hash. */
function lockOf(name: string): string {
  const hash = createHash("sha256").update(`candor worker ${name}`).digest();
  return (hash.readBigUInt64BE(0) >> 1n).toString();
}
