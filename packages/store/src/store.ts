/** Opens the store: the event log, the runs in it, and the engine that works on them. */
import { join } from "node:path";
import { Heads } from "./chain/head.ts";
import type { Verification } from "./chain/verify.ts";
import { connectServer, type Database } from "./database/database.ts";
import { openEmbedded } from "./database/embedded.ts";
import { migrate } from "./database/migrate.ts";
import { createEngine, type Engine } from "./engine/engine.ts";
import { explain, StoreError } from "./errors.ts";
import { PostgresLog, unknownRun } from "./event-log.ts";
import { keyFolder, wholePath } from "./keys/key-folder.ts";
import { FolderKeyRing, type KeyRing } from "./keys/keyring.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import type { EventLog } from "./log.ts";
import { checkRunId } from "./run-id.ts";
import { createRuns, type Runs } from "./runs.ts";

export interface StoreOptions {
  /** Folder of the embedded database and of the keys. */
  home: string;
  /** `postgres://user:password@host:5432/database`; without it the embedded database is used. */
  databaseUrl?: string | undefined;
  /**
   * Folder of keys and heads when several workers share them; default: `CANDOR_KEYRING`, then `home`.
   * Or a key ring of another kind, whose heads then lie in `home`.
   */
  keyring?: string | KeyRing | undefined;
  /** Refuses every write: for `candor verify` and the like. */
  readOnly?: boolean;
}

export interface Store extends AsyncDisposable {
  readonly kind: "embedded" | "server";
  /** For messages: a folder, or an address without its password. */
  readonly where: string;
  readonly log: EventLog;
  readonly runs: Runs;
  readonly engine: Engine;
  /** Facts that belong to no single run. */
  readonly ledger: Ledger;
  /** Whether the run's events are all there, in order and unchanged. @throws {StoreError} `unknown run` */
  verify(run: string): Promise<Verification>;
  /**
   * Destroys the run's key: nobody can read its events again, and its chain still verifies. Stop the run first;
   * children are runs of their own. Erasing twice is no error. @throws {StoreError} `unknown run`
   */
  erase(run: string): Promise<void>;
  /** Stops the engine and gives everything back. */
  close(): Promise<void>;
}

/** @throws {StoreError} with a title, a hint and an exit code for everything that a person can meet */
export async function openStore(options: StoreOptions): Promise<Store> {
  // Before anything is made: a folder that will not do is left untouched.
  const home = wholePath(options.home, "The home folder");
  keysOf(options);
  const database = options.databaseUrl ? connectServer(options.databaseUrl) : await openEmbedded(home);
  try {
    await migrate(database.pool, database.where);
    return assemble(database, options);
  } catch (error) {
    await database.close().catch(() => undefined);
    throw database.failure ?? explain(error, database.where);
  }
}

/** A store on a database that is open and migrated. */
export function assemble(database: Database, options: StoreOptions): Store {
  const { folder, ring } = keysOf(options);
  const keys = ring ?? new FolderKeyRing(folder);
  const heads = new Heads(join(folder, "heads"), keys);
  const log = new PostgresLog(database, keys, heads);
  const engine = createEngine(database, keys);
  const ledger = createLedger(database, keys);
  const writable = () => {
    if (options.readOnly) throw readOnly();
  };
  let closing: Promise<void> | undefined;
  const close = async () => {
    await engine.stop();
    await log.close();
    await database.close();
  };
  const store: Store = {
    kind: database.kind,
    where: database.where,
    log: options.readOnly ? readOnlyLog(log, writable) : log,
    runs: createRuns(database, log, keys),
    engine,
    ledger: options.readOnly
      ? { ...ledger, append: () => Promise.reject(readOnly()), forget: () => Promise.reject(readOnly()) }
      : ledger,
    verify: (run) => log.verify(run),
    erase: async (run) => {
      writable();
      checkRunId(run);
      const there = keys.erasedAt(run) !== undefined || heads.read(run) !== "missing" || (await log.exists(run));
      if (!there) throw unknownRun(run);
      keys.destroy(run);
      await ledger.forget(run);
    },
    close: () => {
      closing ??= close();
      return closing;
    },
    [Symbol.asyncDispose]: () => store.close(),
  };
  return store;
}

/** Where heads lie, and keys when they are files. */
function keysOf({ home, keyring }: StoreOptions): { folder: string; ring?: KeyRing } {
  if (keyring === undefined) return { folder: keyFolder(home) };
  return typeof keyring === "string"
    ? { folder: wholePath(keyring, "The folder of keys") }
    : { folder: home, ring: keyring };
}

const readOnly = (): StoreError =>
  new StoreError("read only", "This store was opened for reading only.", "Open it for writing.");

function readOnlyLog(log: EventLog, writable: () => void): EventLog {
  return {
    append: async () => {
      writable();
      return [];
    },
    read: (run, after, most) => log.read(run, after, most),
    subscribe: (run, listener) => log.subscribe(run, listener),
  };
}
