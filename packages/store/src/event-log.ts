/** The event log on PostgreSQL: sealed payloads, a hash chain, and a signed head outside the database. */
import { setImmediate as turn } from "node:timers/promises";
import { context, GENESIS, hashOf, type Row } from "./chain/chain.ts";
import type { Heads } from "./chain/head.ts";
import { type Verification, verifyChain } from "./chain/verify.ts";
import type { Database } from "./database/database.ts";
import { and, asc, eq, gt, inArray } from "./database/drizzle.ts";
import { events as table } from "./database/schema.ts";
import { explained, StoreError } from "./errors.ts";
import { type EventOf, type Recorded, RunEvent } from "./events.ts";
import { CHANNEL, Feed } from "./feed.ts";
import { seal, unseal } from "./keys/cipher.ts";
import type { KeyRing } from "./keys/keyring.ts";
import { Conflict, type EventLog } from "./log.ts";
import { checkRunId } from "./run-id.ts";

/** Statements for this many events are prepared once per connection. */
const PREPARED = 8;
/** Events that are decrypted before everybody else gets a turn: a long run must not keep a stop waiting. */
const OPENED = 250;
/** Ends of chains kept in memory: enough for every run that is being worked on. */
const CACHED_ENDS = 10_000;

interface End {
  seq: number;
  hash: Uint8Array;
}

export class PostgresLog implements EventLog {
  readonly #database: Database;
  readonly #keys: KeyRing;
  readonly #heads: Heads;
  readonly #feed: Feed;
  readonly #ends = new Map<string, End>();

  constructor(database: Database, keys: KeyRing, heads: Heads) {
    this.#database = database;
    this.#keys = keys;
    this.#heads = heads;
    this.#feed = new Feed(database, (run, after) => this.read(run, after));
  }

  async append(run: string, after: number, events: readonly RunEvent[]): Promise<Recorded[]> {
    checkRunId(run);
    if (events.length === 0) return [];
    return explained(this.#database, async () => {
      const parsed = events.map((event) => RunEvent.parse(event));
      const prev = await this.#hashAfter(run, after);
      const key = this.#keyForWriting(run, after);
      const rows = chainOn(run, after, prev, parsed, key);
      await this.#insert(run, after, prev, rows);
      const last = rows.at(-1);
      if (last) {
        this.#remember(run, last);
        this.#heads.write(run, last.seq, last.hash);
      }
      const recorded = rows.map((row, index) => record(row, parsed[index] as RunEvent));
      this.#feed.appended(run, recorded);
      return recorded;
    });
  }

  async read(run: string, after = 0, most?: number): Promise<Recorded[]> {
    checkRunId(run);
    return explained(this.#database, async () => {
      const rows = await this.rows(run, after, most);
      if (rows.length === 0) return [];
      const key = this.#keys.get(run);
      if (!key) throw keyMissing(run);
      const events: Recorded[] = [];
      for (const row of rows) {
        if (events.length > 0 && events.length % OPENED === 0) await turn();
        events.push(record(row, open(row, key)));
      }
      return events;
    });
  }

  subscribe(run: string, listener: (event: Recorded) => void): () => void {
    return this.#feed.subscribe(run, listener);
  }

  /** Checks the run's chain against its signed head; see `verifyChain`. */
  async verify(run: string): Promise<Verification> {
    checkRunId(run);
    return explained(this.#database, async () => {
      // Head first: events that are appended in between then look like a head that lags, not like a cut.
      const head = this.#heads.read(run);
      const rows = await this.rows(run, 0);
      const erased = this.#keys.erasedAt(run) !== undefined;
      if (rows.length === 0 && head === "missing" && !erased) throw unknownRun(run);
      const key = erased ? undefined : this.#keys.get(run);
      if (!key && !erased && rows.length > 0) throw keyMissing(run);
      return verifyChain(rows, head, key);
    });
  }

  /** Rows with `seq > after`, still sealed. */
  rows(run: string, after: number, most?: number): Promise<Row[]> {
    const rows = this.#database.orm
      .select()
      .from(table)
      .where(and(eq(table.run, run), gt(table.seq, after)))
      .orderBy(asc(table.seq));
    return most === undefined ? rows : rows.limit(most);
  }

  async exists(run: string): Promise<boolean> {
    const rows = await this.#database.orm.select({ seq: table.seq }).from(table).where(eq(table.run, run)).limit(1);
    return rows.length > 0;
  }

  /** The first event of each of `runs` that can be read. */
  async firsts(runs: readonly string[]): Promise<Map<string, EventOf<"run.started">>> {
    const found = new Map<string, EventOf<"run.started">>();
    if (runs.length === 0) return found;
    const rows = await this.#database.orm
      .select()
      .from(table)
      .where(and(eq(table.seq, 1), inArray(table.run, [...runs])));
    for (const row of rows) {
      try {
        const key = this.#keys.get(row.run);
        const event = key && open(row, key);
        if (event?.type === "run.started") found.set(row.run, event);
      } catch (error) {
        // Erased or damaged: a list shows the others all the same.
        if (!StoreError.isInstance(error)) throw error;
      }
    }
    return found;
  }

  close(): Promise<void> {
    return this.#feed.close();
  }

  async #hashAfter(run: string, after: number): Promise<Uint8Array> {
    const end = this.#ends.get(run);
    if (end?.seq === after) return end.hash;
    if (end && end.seq > after) throw conflict(run, after);
    if (after === 0) return GENESIS;
    const [row] = await this.#database.orm
      .select({ hash: table.hash })
      .from(table)
      .where(and(eq(table.run, run), eq(table.seq, after)));
    if (!row) throw conflict(run, after);
    return row.hash;
  }

  #keyForWriting(run: string, after: number): Uint8Array {
    const existing = this.#keys.get(run);
    if (existing) return existing;
    if (after > 0) throw keyMissing(run);
    const key = this.#keys.create(run);
    // A head for the empty run, so that a missing head is always a fault and never a crash in between.
    if (this.#heads.read(run) === "missing") this.#heads.write(run, 0, GENESIS);
    return key;
  }

  /** One statement, so one transaction and one round trip; it inserts nothing unless the run ends where the writer thinks. */
  async #insert(run: string, after: number, prev: Uint8Array, rows: readonly Row[]): Promise<void> {
    const values: unknown[] = [run, after, prev, rows[0]?.at];
    const tuples = rows.map((row, index) => {
      const base = values.push(row.type, row.hash, row.payload) - 3;
      const before = index === 0 ? "$3::bytea" : `$${base - 1}`;
      return `(${index + 1}, $${base + 1}::text, ${before}, $${base + 2}::bytea, $${base + 3}::bytea)`;
    });
    const notify =
      this.#database.kind === "server"
        ? `, pg_notify('${CHANNEL}', $1 || ' ' || ($2::int + 1) || ' ' || ($2::int + ${rows.length}))`
        : "";
    const text = `with appended as (
      insert into candor.events (run, seq, at, type, prev, hash, payload)
      select $1::text, $2::int + e.n, $4::bigint, e.type, e.prev, e.hash, e.payload
      from (values ${tuples.join(", ")}) as e (n, type, prev, hash, payload)
      where ($2::int = 0 or exists (select from candor.events where run = $1 and seq = $2::int and hash = $3::bytea))
        and not exists (select from candor.events where run = $1 and seq = $2::int + 1)
      returning 1
    ) select count(*)::int as n${notify} from appended having count(*) > 0`;
    const name = rows.length <= PREPARED ? `append ${rows.length}` : undefined;
    try {
      const { rows: answer } = await this.#database.pool.query<{ n: number }>({
        ...(name ? { name } : {}),
        text,
        values,
      });
      if (answer[0]?.n !== rows.length) throw conflict(run, after);
    } catch (error) {
      this.#ends.delete(run);
      if (error instanceof Error && "code" in error && error.code === "23505") throw conflict(run, after);
      throw error;
    }
  }

  #remember(run: string, end: End): void {
    this.#ends.delete(run);
    this.#ends.set(run, { seq: end.seq, hash: end.hash });
    if (this.#ends.size > CACHED_ENDS) {
      for (const oldest of this.#ends.keys()) {
        this.#ends.delete(oldest);
        break;
      }
    }
  }
}

/** Seals and hashes `events` onto the end of a chain. */
function chainOn(run: string, after: number, end: Uint8Array, events: readonly RunEvent[], key: Uint8Array): Row[] {
  const at = Date.now();
  let prev = end;
  return events.map((event, index) => {
    const place = { run, seq: after + index + 1, at, type: event.type, prev };
    const sealed = { ...place, payload: seal(key, Buffer.from(JSON.stringify(event)), context(place)) };
    const row = { ...sealed, hash: hashOf(sealed) };
    prev = row.hash;
    return row;
  });
}

function open(row: Row, key: Uint8Array): RunEvent {
  const plain = unseal(key, row.payload, context(row));
  const unreadable = (why: string, cause?: unknown) =>
    new StoreError(
      "unreadable event",
      `Event ${row.seq} of run ${row.run} ${why}.`,
      `Run \`candor verify ${row.run}\` to see what happened to it.`,
      { cause },
    );
  if (!plain) throw unreadable("was changed after it was written");
  try {
    return RunEvent.parse(JSON.parse(plain.toString("utf8")));
  } catch (error) {
    throw unreadable("is of a kind that this Candor does not know", error);
  }
}

function record(row: Row, event: RunEvent): Recorded {
  return { run: row.run, seq: row.seq, at: row.at, hash: Buffer.from(row.hash).toString("hex"), event };
}

function conflict(run: string, after: number): Conflict {
  return new Conflict(`Run ${run} does not end with event ${after}: somebody else appended first.`);
}

export function unknownRun(run: string): StoreError {
  return new StoreError("unknown run", `There is no run ${run}.`, "`candor runs` lists them.", { code: 2 });
}

function keyMissing(run: string): StoreError {
  return new StoreError(
    "key missing",
    `The key of run ${run} is not on this machine.`,
    "Set CANDOR_KEYRING to the folder that the workers share, or restore the keys folder from a backup.",
  );
}
