/** The embedded database: PGlite in a worker thread, reachable only by this process's one connection. */
import { chmodSync, existsSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { Pool } from "pg";
import { diskFull, explain, StoreError } from "../errors.ts";
import { privateFolder } from "../keys/private-file.ts";
import type { Database } from "./database.ts";
import { drizzle } from "./drizzle.ts";
import { lockHome } from "./home-lock.ts";
import { unpackTemplate } from "./template.ts";

/** Where a server of this port listens in a folder: the driver finds a socket by this name. */
const PORT = 5432;
/** A socket's path must fit into 104 bytes on the systems that are strictest. */
const LONGEST_SOCKET_PATH = 100;
/** Alone as it is, PGlite never checkpoints by itself: its write-ahead log would grow until the store is closed. */
const CHECKPOINT_AFTER_BYTES = 32 * 1024 * 1024;
const CHECKPOINT_CHECK_MS = 30_000;

/** @throws {StoreError} `in use`, `embedded database broken`, `disk full`, `not writable` */
export async function openEmbedded(home: string): Promise<Database> {
  try {
    privateFolder(home);
    const unlock = lockHome(home);
    try {
      return await start(home, unlock);
    } catch (error) {
      unlock();
      throw error;
    }
  } catch (error) {
    throw explain(error, home);
  }
}

async function start(home: string, unlock: () => void): Promise<Database> {
  const dataDir = join(home, "db");
  if (!existsSync(join(dataDir, "PG_VERSION"))) await create(home, dataDir);

  const socket = socketFolder(home);
  const path = join(socket.folder, `.s.PGSQL.${PORT}`);
  rmSync(path, { force: true });
  const worker = await startWorker(dataDir, path);
  let failure: StoreError | undefined;
  // PostgreSQL would end itself here; PGlite turns in a circle until its thread is ended.
  const fail = (cause: unknown) => {
    const explained = explain(cause, dataDir);
    failure ??= StoreError.isInstance(explained) ? explained : broken(dataDir, cause);
    void worker.terminate();
  };
  worker.on("error", fail);
  chmodSync(path, 0o600);
  const pool = new Pool({
    host: socket.folder,
    port: PORT,
    user: "postgres",
    database: "postgres",
    max: 1,
    idleTimeoutMillis: 0,
    // All connections share PGlite's one session, where the statements that an earlier one prepared live on.
    verify: (client, done) => {
      client.connection.on("errorMessage", (error: unknown) => {
        if (isPanic(error)) fail(error);
      });
      client.query("deallocate all").then(() => done(), done);
    },
  });
  pool.on("error", () => undefined);
  const stopCheckpoints = checkpointNowAndThen(pool);

  return {
    kind: "embedded",
    where: home,
    pool,
    orm: drizzle(pool),
    get failure() {
      return failure;
    },
    close: async () => {
      stopCheckpoints();
      await pool.end();
      await stopWorker(worker);
      socket.remove();
      unlock();
    },
  };
}

function checkpointNowAndThen(pool: Pool): () => void {
  let from = "0/0";
  const check = async () => {
    const { rows } = await pool.query<{ now: string; grown: number }>(
      "select pg_current_wal_insert_lsn()::text as now, (pg_current_wal_insert_lsn() - $1::pg_lsn)::float8 as grown",
      [from],
    );
    const answer = rows[0];
    if (!answer) return;
    if (from !== "0/0" && answer.grown > CHECKPOINT_AFTER_BYTES) await pool.query("checkpoint");
    if (from === "0/0" || answer.grown > CHECKPOINT_AFTER_BYTES) from = answer.now;
  };
  // A database that is gone says so to whoever writes next.
  const timer = setInterval(() => check().catch(() => undefined), CHECKPOINT_CHECK_MS);
  timer.unref();
  return () => clearInterval(timer);
}

function isPanic(error: unknown): boolean {
  return error instanceof Error && "severity" in error && error.severity === "PANIC";
}

/** Makes the data folder beside its place and moves it there, so that a crash leaves no half of one. */
async function create(home: string, dataDir: string): Promise<void> {
  const draft = join(home, "db.new");
  rmSync(draft, { recursive: true, force: true });
  if (!unpackTemplate(draft)) {
    const { PGlite } = await import("@electric-sql/pglite");
    await (await PGlite.create({ dataDir: draft })).close();
  }
  rmSync(dataDir, { recursive: true, force: true });
  renameSync(draft, dataDir);
}

function socketFolder(home: string): { folder: string; remove: () => void } {
  if (Buffer.byteLength(join(home, `.s.PGSQL.${PORT}`)) <= LONGEST_SOCKET_PATH) {
    return { folder: home, remove: () => rmSync(join(home, `.s.PGSQL.${PORT}`), { force: true }) };
  }
  const folder = mkdtempSync(join(tmpdir(), "candor-"));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

async function startWorker(dataDir: string, socket: string): Promise<Worker> {
  const worker = new Worker(new URL("./pglite-worker.ts", import.meta.url), {
    workerData: { dataDir, socket },
    // PGlite prints what PostgreSQL logs; what matters comes back as errors.
    stdout: true,
    stderr: true,
  });
  await new Promise<void>((resolve, reject) => {
    worker.once("message", () => resolve());
    worker.once("error", (cause) => reject(broken(dataDir, cause)));
    worker.once("exit", () => reject(broken(dataDir, undefined)));
  });
  worker.removeAllListeners("exit");
  worker.removeAllListeners("error");
  return worker;
}

async function stopWorker(worker: Worker): Promise<void> {
  if (worker.threadId === -1) return;
  const exited = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
  worker.postMessage("close");
  await exited;
}

function broken(dataDir: string, cause: unknown): StoreError {
  const reason = cause instanceof Error ? cause.message : String(cause ?? "it ended at once");
  if (/no space left/i.test(reason) || /ENOSPC/.test(reason)) return diskFull(dataDir, cause);
  return new StoreError(
    "embedded database broken",
    `The embedded database in ${dataDir} does not run: ${reason.split("\n")[0]}`,
    "If another version of Candor made it, use that version; otherwise restore the folder from a backup.",
    { cause },
  );
}
