/**
 * Says which workers are alive, without clocks or heartbeats: each holds a lock of its database session for as long as
 * it lives. A process that dies, even by kill -9, loses the session and with it the lock; whoever then gets the lock
 * may take its runs over.
 */
import { createHash } from "node:crypto";
import { Client, type ClientConfig } from "pg";

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
    const { rows } = await this.#client.query<{ got: boolean }>("select pg_try_advisory_lock($1) as got", [
      lockOf(worker),
    ]);
    if (!rows[0]?.got) return;
    try {
      await work();
    } finally {
      await this.#client.query("select pg_advisory_unlock($1)", [lockOf(worker)]);
    }
  }

  async release(): Promise<void> {
    this.#over = true;
    await this.#client.end().catch(() => undefined);
  }
}

/** A lock is a number: 63 bits of the name's hash. */
function lockOf(worker: string): string {
  const hash = createHash("sha256").update(`candor worker ${worker}`).digest();
  return (hash.readBigUInt64BE(0) >> 1n).toString();
}
