/** A PostgreSQL that answers, wherever it runs: everything above this file is the same SQL for both kinds. */
import type { NodePgDatabase } from "drizzle-orm/node-postgres";
import { Pool } from "pg";
import { StoreError } from "../errors.ts";
import { drizzle } from "./drizzle.ts";

export interface Database {
  readonly kind: "embedded" | "server";
  /** For messages: a folder, or an address without its password. */
  readonly where: string;
  readonly pool: Pool;
  readonly orm: NodePgDatabase;
  /** What ended the embedded database: it answers nothing any more, and must be opened again. */
  readonly failure: StoreError | undefined;
  close(): Promise<void>;
}

/** @throws {StoreError} when the address is none; whether somebody answers shows with the first query */
export function connectServer(databaseUrl: string): Database {
  const where = withoutPassword(databaseUrl);
  const pool = new Pool({
    connectionString: databaseUrl,
    max: 10,
    connectionTimeoutMillis: 10_000,
    application_name: "candor",
  });
  // An idle connection that breaks is replaced at the next query, which then says what is wrong.
  pool.on("error", () => undefined);
  return { kind: "server", where, pool, orm: drizzle(pool), failure: undefined, close: () => pool.end() };
}

function withoutPassword(databaseUrl: string): string {
  const url = URL.canParse(databaseUrl) ? new URL(databaseUrl) : undefined;
  if (!url || !/^postgres(ql)?:$/.test(url.protocol)) {
    throw new StoreError(
      "database refused",
      "DATABASE_URL is not a PostgreSQL address.",
      "It looks like postgres://user:password@host:5432/database.",
      { code: 2 },
    );
  }
  return `${url.host}${url.pathname}`;
}
