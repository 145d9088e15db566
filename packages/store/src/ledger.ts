/**
 * Facts that belong to no single run: judgments of raters, standing permissions, remedies that were done. Append-only;
 * two writers never lose each other's fact, since each is one insert.
 */
import type { Database } from "./database/database.ts";
import { and, asc, eq, gt, inArray, sql } from "./database/drizzle.ts";
import { ledger as table } from "./database/schema.ts";
import { StoreError } from "./errors.ts";
import type { KeyRing } from "./keys/keyring.ts";

/** A fact as it lies in the ledger. `id` rises; `at` is milliseconds since the epoch. */
export interface Fact {
  id: number;
  at: number;
  /** The run it speaks of, or several parted by spaces; it goes when one of them is erased. */
  run: string | undefined;
  /** As it was appended; whoever reads a stream parses it by that stream's schema. */
  value: unknown;
}

export interface Ledger {
  /** Durable when it resolves. @throws {StoreError} `bad stream` */
  append(stream: string, value: unknown, options?: { run?: string | readonly string[] }): Promise<Fact>;
  /** In the order of their ids. */
  read(stream: string, options?: { after?: number; run?: string; ids?: readonly number[] }): Promise<Fact[]>;
  /**
   * The ids of a stream's facts. Whoever keeps a stream in memory compares by these what is new and what was forgotten:
   * of facts that several write at once, a later id may be there before an earlier one.
   */
  ids(stream: string): Promise<number[]>;
  /** Removes every fact about a run, in all streams. */
  forget(run: string): Promise<void>;
}

export function createLedger(database: Database, keys: KeyRing): Ledger {
  const { orm } = database;
  return {
    append: async (stream, value, options = {}) => {
      const run = options.run === undefined ? undefined : [options.run].flat().join(" ") || undefined;
      if (!/^[\w.:-]{1,80}$/.test(stream)) {
        throw new StoreError(
          "bad stream",
          `${JSON.stringify(stream)} cannot be the name of a stream.`,
          "Letters, digits, dots, colons, dashes and underscores, 80 at most.",
          { code: 2 },
        );
      }
      const at = Date.now();
      const payload = keys.seal(Buffer.from(JSON.stringify(value ?? null)), purpose(stream));
      const [row] = await orm
        .insert(table)
        .values({ stream, run: run ?? null, at, payload })
        .returning({ id: table.id });
      return { id: row?.id ?? 0, at, run, value };
    },
    ids: async (stream) => {
      const rows = await orm
        .select({ id: table.id })
        .from(table)
        .where(eq(table.stream, stream))
        .orderBy(asc(table.id));
      return rows.map(({ id }) => id);
    },
    read: async (stream, { after = 0, run, ids } = {}) => {
      const rows = await orm
        .select()
        .from(table)
        .where(
          and(
            eq(table.stream, stream),
            gt(table.id, after),
            run === undefined ? undefined : speaksOf(run),
            ids && inArray(table.id, [...ids]),
          ),
        )
        .orderBy(asc(table.id));
      return rows.map((row) => {
        const plain = keys.unseal(row.payload, purpose(stream));
        if (!plain) {
          throw new StoreError(
            "key missing",
            `What was noted as ${stream} does not open with this key ring.`,
            "Set CANDOR_KEYRING to the folder that the workers share.",
          );
        }
        const value: unknown = JSON.parse(Buffer.from(plain).toString("utf8"));
        return { id: row.id, at: row.at, run: row.run ?? undefined, value };
      });
    },
    forget: async (run) => {
      await orm.delete(table).where(speaksOf(run));
    },
  };
}

/** Names of runs hold no spaces. */
const speaksOf = (run: string) => sql`${run} = any(string_to_array(${table.run}, ' '))`;

const purpose = (stream: string): string => `ledger ${stream}`;
