/** The engine on DBOS Transact: one workflow per period of work on a run, and no step of DBOS inside it. */
import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";
import type { DBOSConfig, DBOS as DbosClass } from "@dbos-inc/dbos-sdk";
import type { Database } from "../database/database.ts";
import { StoreError } from "../errors.ts";
import type { EngineOptions, RunHandler } from "./engine.ts";
import type { Schedules } from "./schedules.ts";
import { Slots } from "./slots.ts";
import { WorkerClaim } from "./worker-claim.ts";

type Dbos = typeof DbosClass;

/** The same for every version of Candor: what a period of work does is decided by the log, so that any version may take it over. */
const APPLICATION_VERSION = "candor";
const QUEUE = "candor-runs";
/** An enqueued run waits half of this on average. Measured on PGlite: at 100 ms an idle engine takes 6 % of a core, at 250 ms 3.7 %. */
const POLL_MS = 250;
/** DBOS's own schedules are not used: they know cron expressions only, and Candor repeats by interval. */
const DBOS_SCHEDULES_MS = 60 * 60 * 1000;
const TAKE_OVER_MS = 1_000;
const RECONNECT_MS = 1_000;
const LONGEST_SCHEDULE_WAIT_MS = 5_000;
const DEFAULT_CONCURRENCY = 64;
/** DBOS gives a workflow up after so many recoveries; a run that was killed often is still to be gone on with. */
const RECOVERIES = 1_000_000;
/** Finished periods of work say nothing that the log does not: they go after a day. */
const KEEP_FINISHED_MS = 24 * 60 * 60 * 1000;
const WAITING = ["ENQUEUED", "PENDING"] as const;

/** DBOS is one per process. */
let inUse = false;

const silent: NonNullable<DBOSConfig["logger"]> = {
  info: () => undefined,
  debug: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

export class Dispatcher {
  readonly #database: Database;
  readonly #schedules: Schedules;
  readonly #handler: RunHandler;
  readonly #options: EngineOptions;
  readonly #working = new Map<string, { abort: AbortController; done: Promise<void> }>();
  readonly #timers = new Set<NodeJS.Timeout>();
  /** Workflows of a former process that are not to be gone on with. */
  readonly #dropped = new Set<string>();
  readonly #concurrency: number;
  readonly #slots: Slots;
  /**
   * Leaves the workflow that is running. DBOS takes what is started inside one for a step of it, and on recovery gives back
   * what its first execution started, whatever is asked for then: a wake-up would be lost.
   */
  readonly #outside = AsyncLocalStorage.snapshot();
  #dbos: Dbos | undefined;
  #claim: WorkerClaim | undefined;
  #work: ((run: string) => Promise<void>) | undefined;
  #fire: ((id: string, at: number) => Promise<void>) | undefined;
  /** Nothing is worked on before recovery has decided what is to be. */
  #ready = Promise.withResolvers<void>();
  #worker = "";
  /** False while letting go: what the queue still hands out then stays as it is, for whoever starts next. */
  #accepting = false;
  #stopping = false;
  #relaunching: Promise<void> | undefined;

  constructor(database: Database, schedules: Schedules, handler: RunHandler, options: EngineOptions) {
    this.#database = database;
    this.#schedules = schedules;
    this.#handler = handler;
    this.#options = options;
    this.#concurrency = options.concurrency ?? DEFAULT_CONCURRENCY;
    this.#slots = new Slots(this.#concurrency);
  }

  async start(): Promise<void> {
    if (inUse) throw new StoreError("engine", "Another engine runs in this process.", "Stop it first.");
    inUse = true;
    try {
      await this.#launch();
    } catch (error) {
      await this.#shutdown().catch(() => undefined);
      inUse = false;
      throw error;
    }
  }

  working(): string[] {
    return [...this.#working.keys()];
  }

  async enqueue(run: string): Promise<void> {
    await this.#relaunching;
    const dbos = this.#dbos;
    if (!dbos || !this.#work) throw new StoreError("engine", "The engine is stopping.", "Start it again.");
    const periods = await dbos.listWorkflows({
      workflow_id_prefix: `${run}:`,
      loadInput: false,
      loadOutput: false,
    });
    let newest = 0;
    for (const period of periods) {
      // Whoever takes it up will fold the events that are there by then: that is what is asked for.
      if (period.status === "ENQUEUED") return;
      newest = Math.max(newest, Number(period.workflowID.slice(run.length + 1)) || 0);
    }
    await dbos.startWorkflow(this.#work, {
      workflowID: `${run}:${newest + 1}`,
      queueName: QUEUE,
      enqueueOptions: { queuePartitionKey: run },
    })(run);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#relaunching?.catch(() => undefined);
    await this.#shutdown();
    inUse = false;
  }

  async #launch(): Promise<void> {
    const { DBOS } = await import("@dbos-inc/dbos-sdk");
    this.#ready = Promise.withResolvers<void>();
    this.#worker = `worker-${randomUUID()}`;
    if (this.#database.kind === "server") {
      this.#claim = await WorkerClaim.take(this.#database.pool.options, this.#worker, () => this.#lost());
    }
    DBOS.setConfig({
      name: "candor",
      // Names the database in messages only: the pool is what is used.
      systemDatabaseUrl: "postgres://candor@localhost/candor",
      systemDatabasePool: this.#database.pool,
      systemDatabasePollingConcurrency: 1,
      useListenNotify: false,
      applicationVersion: APPLICATION_VERSION,
      executorID: this.#worker,
      logger: silent,
      maxConcurrentQueueDispatches: 1,
      schedulerPollingIntervalMs: DBOS_SCHEDULES_MS,
    });
    this.#work = DBOS.registerWorkflow((run: string) => this.#period(DBOS.workflowID ?? "", run), {
      name: "work",
      maxRecoveryAttempts: RECOVERIES,
    });
    this.#fire = DBOS.registerWorkflow((id: string, at: number) => this.#due(id, at), {
      name: "due",
      maxRecoveryAttempts: RECOVERIES,
    });
    // Two that make DBOS's tables in an empty database at once would get into each other's way.
    if (this.#claim) await this.#claim.alone("launch", () => DBOS.launch());
    else await DBOS.launch();
    this.#dbos = DBOS;
    await this.#recover(DBOS);
    await DBOS.registerQueue(QUEUE, {
      // At most one period of work per run at any time, over all workers.
      partitionConcurrency: 1,
      // Shared by all workers, who may have other limits: each keeps to its own with its slots.
      workerConcurrency: this.#concurrency,
      minPollingIntervalMs: POLL_MS,
      onConflict: "always_update",
    });
    this.#accepting = true;
    this.#ready.resolve();
    if (this.#claim && this.#options.recover !== false) this.#repeat(TAKE_OVER_MS, () => this.#takeOver(DBOS));
    if (this.#options.onDue) this.#watchSchedules(DBOS);
    this.#repeat(KEEP_FINISHED_MS, () => this.#sweep(DBOS));
    await this.#sweep(DBOS);
  }

  async #shutdown(): Promise<void> {
    this.#accepting = false;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    await this.#letGo("the engine stops");
    this.#work = undefined;
    this.#fire = undefined;
    const dbos = this.#dbos;
    this.#dbos = undefined;
    await dbos?.shutdown({ deregister: true });
    // Last: whoever gets the lock may take the runs over.
    await this.#claim?.release();
    this.#claim = undefined;
  }

  async #letGo(reason: string): Promise<void> {
    const working = [...this.#working.values()];
    for (const { abort } of working) abort.abort(new Error(reason));
    await Promise.allSettled(working.map(({ done }) => done));
  }

  /** One period of work on a run. */
  async #period(workflow: string, run: string): Promise<void> {
    await this.#ready.promise;
    if (this.#dropped.has(workflow)) return;
    const giveBack = await this.#slots.take();
    if (!this.#accepting) {
      giveBack();
      await forever();
    }
    const abort = new AbortController();
    const done = this.#outside(() => this.#handler(run, abort.signal)).catch((error: unknown) => {
      if (!abort.signal.aborted) this.#options.onError?.(run, error);
    });
    this.#working.set(run, { abort, done });
    await done;
    this.#working.delete(run);
    giveBack();
    // Not ended but let go of: the workflow stays as it is in the database, for whoever starts next.
    if (abort.signal.aborted) await forever();
  }

  async #due(id: string, at: number): Promise<void> {
    await this.#ready.promise;
    if (!this.#accepting) await forever();
    const { onDue } = this.#options;
    const due = await this.#schedules.open(id, at);
    if (due)
      await this.#outside(async () => onDue?.(due)).catch((error: unknown) => this.#options.onError?.(due.run, error));
  }

  /** What is left of former processes: on the embedded store they are all dead, on a server their locks tell. */
  async #recover(dbos: Dbos): Promise<void> {
    if (this.#database.kind === "server") {
      if (this.#options.recover !== false) await this.#takeOver(dbos);
      return;
    }
    const left = await dbos.listWorkflows({ status: [...WAITING], loadInput: false, loadOutput: false });
    const ids = (status: string) => left.filter((one) => one.status === status).map((one) => one.workflowID);
    if (this.#options.recover !== false) {
      await resume(dbos, ids("PENDING"));
    } else {
      const all = left.map((one) => one.workflowID);
      for (const id of all) this.#dropped.add(id);
      if (all.length > 0) await dbos.cancelWorkflows(all);
    }
  }

  /** Takes over what dead workers were at work on. */
  async #takeOver(dbos: Dbos): Promise<void> {
    const pending = await dbos.listWorkflows({ status: "PENDING", loadInput: false, loadOutput: false });
    const workers = new Set(pending.map((one) => one.executorId ?? ""));
    workers.delete(this.#worker);
    for (const worker of workers) {
      await this.#claim?.ifDead(worker, async () => {
        // Asked again under the lock: another worker may just have taken them.
        const theirs = await dbos.listWorkflows({
          status: "PENDING",
          executorId: worker,
          loadInput: false,
          loadOutput: false,
        });
        await resume(
          dbos,
          theirs.map((one) => one.workflowID),
        );
      });
    }
  }

  /** The session that held this worker's lock broke: let go of the runs and come back under another name. */
  #lost(): void {
    if (this.#stopping || this.#relaunching) return;
    this.#relaunching = (async () => {
      await this.#shutdown().catch(() => undefined);
      while (!this.#stopping) {
        try {
          await this.#launch();
          return;
        } catch {
          await this.#shutdown().catch(() => undefined);
          await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS));
        }
      }
    })().finally(() => {
      this.#relaunching = undefined;
    });
  }

  #watchSchedules(dbos: Dbos): void {
    const look = async () => {
      const now = Date.now();
      for (const { id, at } of await this.#schedules.due(now)) {
        if (!this.#fire) return;
        // The name makes it fire once, whoever sees it and however often.
        await dbos.startWorkflow(this.#fire, {
          workflowID: `due/${id}/${at}`,
          queueName: QUEUE,
          enqueueOptions: { queuePartitionKey: `due/${id}` },
        })(id, at);
        await this.#schedules.advance(id, at, now);
      }
    };
    const again = async () => {
      await look().catch(() => undefined);
      const next = await this.#schedules.next().catch(() => undefined);
      const wait = Math.min(LONGEST_SCHEDULE_WAIT_MS, Math.max(50, (next ?? Number.POSITIVE_INFINITY) - Date.now()));
      if (this.#dbos === dbos) this.#after(wait, again);
    };
    this.#after(0, again);
  }

  async #sweep(dbos: Dbos): Promise<void> {
    const old = await dbos.listWorkflows({
      status: ["SUCCESS", "ERROR", "CANCELLED"],
      endTime: new Date(Date.now() - KEEP_FINISHED_MS).toISOString(),
      limit: 10_000,
      loadInput: false,
      loadOutput: false,
    });
    if (old.length > 0) await dbos.deleteWorkflows(old.map((one) => one.workflowID));
  }

  #repeat(everyMs: number, work: () => Promise<void>): void {
    const again = async () => {
      // A database that is down will be asked again.
      await work().catch(() => undefined);
      if (this.#dbos) this.#after(everyMs, again);
    };
    this.#after(everyMs, again);
  }

  #after(ms: number, work: () => Promise<void>): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void work();
    }, ms);
    timer.unref();
    this.#timers.add(timer);
  }
}

async function resume(dbos: Dbos, ids: string[]): Promise<void> {
  if (ids.length > 0) await dbos.resumeWorkflows(ids, { queueName: QUEUE });
}

function forever(): Promise<never> {
  return new Promise(() => undefined);
}
