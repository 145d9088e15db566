/** What is to be started again and again. The database holds the next due time; whoever sees it first fires. */

import type { Database } from "../database/database.ts";
import { and, asc, eq, lte } from "../database/drizzle.ts";
import { schedules as table } from "../database/schema.ts";
import { StoreError } from "../errors.ts";
import type { KeyRing } from "../keys/keyring.ts";
import { runIdFor } from "../run-id.ts";

export interface Schedule {
  id: string;
  everyMs: number;
  /** Milliseconds since the epoch. */
  nextAt: number;
  payload: unknown;
}

/** A schedule whose time has come. */
export interface Due {
  id: string;
  /** The time it was due, in milliseconds since the epoch; times missed while nobody was at work fire once. */
  at: number;
  payload: unknown;
  /** Name for the run to start: the same whenever this due time fires again, so that it starts only once. */
  run: string;
}

export class Schedules {
  readonly #database: Database;
  readonly #keys: KeyRing;

  constructor(database: Database, keys: KeyRing) {
    this.#database = database;
    this.#keys = keys;
  }

  async set(id: string, everyMs: number, payload: unknown, nextAt: number): Promise<void> {
    if (!/^[\w.:-]{1,80}$/.test(id)) {
      throw new StoreError(
        "engine",
        `${JSON.stringify(id)} cannot be the name of a schedule.`,
        "Letters, digits, dots, colons, dashes and underscores, 80 at most.",
        { code: 2 },
      );
    }
    if (!Number.isSafeInteger(everyMs) || everyMs <= 0 || !Number.isSafeInteger(nextAt)) {
      throw new StoreError(
        "engine",
        `Every ${everyMs} ms is no interval.`,
        "Give a whole number of milliseconds above 0.",
        { code: 2 },
      );
    }
    const sealed = this.#keys.seal(Buffer.from(JSON.stringify(payload ?? null)), purpose(id));
    const values = { everyMs, nextAt, payload: sealed };
    await this.#database.orm
      .insert(table)
      .values({ id, ...values })
      .onConflictDoUpdate({ target: table.id, set: values });
  }

  async remove(id: string): Promise<boolean> {
    const gone = await this.#database.orm.delete(table).where(eq(table.id, id)).returning({ id: table.id });
    return gone.length > 0;
  }

  async list(): Promise<Schedule[]> {
    const rows = await this.#database.orm.select().from(table).orderBy(asc(table.nextAt), asc(table.id));
    return rows.map((row) => this.#open(row));
  }

  /** Ids and due times that have come. */
  async due(now: number): Promise<{ id: string; at: number }[]> {
    return this.#database.orm.select({ id: table.id, at: table.nextAt }).from(table).where(lte(table.nextAt, now));
  }

  /** When the next one is due, or undefined when there is none. */
  async next(): Promise<number | undefined> {
    const [row] = await this.#database.orm.select({ at: table.nextAt }).from(table).orderBy(asc(table.nextAt)).limit(1);
    return row?.at;
  }

  /** Moves a schedule past `now`, unless somebody did so already; intervals stay anchored to the first due time. */
  async advance(id: string, at: number, now: number): Promise<void> {
    const [row] = await this.#database.orm.select({ everyMs: table.everyMs }).from(table).where(eq(table.id, id));
    if (!row) return;
    const missed = Math.floor(Math.max(0, now - at) / row.everyMs);
    await this.#database.orm
      .update(table)
      .set({ nextAt: at + (missed + 1) * row.everyMs })
      .where(and(eq(table.id, id), eq(table.nextAt, at)));
  }

  /** Undefined when it was unscheduled meanwhile. */
  async open(id: string, at: number): Promise<Due | undefined> {
    const [row] = await this.#database.orm.select().from(table).where(eq(table.id, id));
    return row && { id, at, payload: this.#open(row).payload, run: runIdFor(at, id) };
  }

  #open(row: typeof table.$inferSelect): Schedule {
    const plain = this.#keys.unseal(row.payload, purpose(row.id));
    if (!plain) {
      throw new StoreError(
        "key missing",
        `The schedule ${row.id} does not open with this key ring.`,
        "Set CANDOR_KEYRING to the folder that the workers share, or unschedule it.",
      );
    }
    return {
      id: row.id,
      everyMs: row.everyMs,
      nextAt: row.nextAt,
      payload: JSON.parse(Buffer.from(plain).toString("utf8")),
    };
  }
}

function purpose(id: string): string {
  return `schedule ${id}`;
}
