/** Brings the schema up to date: plain SQL files, applied in order, all in one transaction. */
import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import type { Pool } from "pg";
import { StoreError } from "../errors.ts";

const FOLDER = fileURLToPath(new URL("../../migrations/", import.meta.url));
/** Any constant: two processes that migrate at once take turns on it. */
const LOCK = 7_206_145_001;

interface Migration {
  version: number;
  name: string;
  sql: string;
}

export function migrations(): Migration[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith(".sql"))
    .sort()
    .map((file) => ({
      version: Number.parseInt(file, 10),
      name: basename(file, ".sql"),
      sql: readFileSync(`${FOLDER}${file}`, "utf8"),
    }));
}

/** @throws {StoreError} `newer schema` when a later Candor made the database */
export async function migrate(pool: Pool, where: string): Promise<void> {
  const all = migrations();
  const newest = all.at(-1)?.version ?? 0;
  const current = await schemaVersion(pool);
  if (current > newest) throw newer(where, current, newest);
  if (current === newest) return;
  const client = await pool.connect();
  try {
    await client.query("begin");
    await client.query("select pg_advisory_xact_lock($1)", [LOCK]);
    await client.query("create schema if not exists candor");
    await client.query(
      "create table if not exists candor.schema_version (version integer primary key, name text not null, applied_at timestamptz not null default now())",
    );
    // Asked again under the lock: another process may just have done it.
    const { rows } = await client.query<{ version: number }>("select version from candor.schema_version");
    const done = new Set(rows.map((row) => row.version));
    for (const migration of all.filter(({ version }) => !done.has(version))) {
      await client.query(migration.sql);
      await client.query("insert into candor.schema_version (version, name) values ($1, $2)", [
        migration.version,
        migration.name,
      ]);
    }
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

/** 0 for an empty database. */
async function schemaVersion(pool: Pool): Promise<number> {
  const { rows: there } = await pool.query<{ there: boolean }>(
    "select to_regclass('candor.schema_version') is not null as there",
  );
  if (!there[0]?.there) return 0;
  const { rows } = await pool.query<{ version: number | null }>(
    "select max(version) as version from candor.schema_version",
  );
  return rows[0]?.version ?? 0;
}

function newer(where: string, current: number, newest: number): StoreError {
  return new StoreError(
    "newer schema",
    `The database at ${where} has schema ${current}; this Candor knows up to ${newest}.`,
    "Update Candor, or use another CANDOR_HOME or DATABASE_URL.",
  );
}
