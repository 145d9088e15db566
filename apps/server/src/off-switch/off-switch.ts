/**
 * The off switch. A stop is a latch on disk and in memory first; then the work under it is cut off; then, when the
 * database answers, the logs of the runs say so. It needs nothing from a mind, and nothing from the database.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { FENCE_MS } from "@candor/agent";
import { EVERY_RUN, Latches, latchFolder, type Stop, watchFolder } from "@candor/oversight";
import { badInput, Failure } from "../failure.ts";
import type { Supervisor } from "../supervisor.ts";
import { knownRun } from "./known-run.ts";
import { Lineage } from "./lineage.ts";
import { isBeyond, type StopStore, stopEvery, stopTree } from "./stop-tree.ts";

const STOP_FILE = "STOP file";
const BY = "operator";
/** Between two tries at a database that does not answer. */
const RETRY_MS = 500;

export interface Held {
  /** The runs whose work was cut off here. */
  cut: string[];
  /** The runs that it ended, once their logs say so; undefined when this process closed before. */
  recorded: Promise<string[] | undefined>;
}

export interface OffSwitchOptions {
  home: string;
  store: StopStore;
  supervisor: Supervisor;
}

export class OffSwitch {
  /** The file that a person lays down to stop everything. */
  readonly path: string;
  readonly latches: Latches;
  readonly #options: OffSwitchOptions;
  readonly #lineage: Lineage;
  readonly #recordings = new Map<string, Promise<string[] | undefined>>();
  readonly #closing = new AbortController();
  #ends: (() => void)[] = [];
  #fileSeen = false;
  #sweeps = 0;

  constructor(options: OffSwitchOptions) {
    this.#options = options;
    this.path = join(options.home, "STOP");
    this.latches = new Latches(latchFolder(options.home));
    this.#lineage = new Lineage(options.store.log);
  }

  /**
   * Stops a run and everything below it, or {@link EVERY_RUN}. When this returns nothing under it begins to act, in this
   * process or after it; stopping twice is no error.
   */
  stop(target: string, reason: string, by: string): Held {
    return this.#hold(this.#latch({ target, reason, by }));
  }

  /** As {@link stop}, where `word` writes into the target's log what ended it. The stop holds before that, and if it fails. */
  async stopBy(target: string, reason: string, by: string, word: () => Promise<unknown>): Promise<Held> {
    const stop = this.#latch({ target, reason, by });
    this.#options.supervisor.abortLatched(target);
    let held: Held;
    try {
      await word();
    } finally {
      held = this.#hold(stop);
    }
    return held;
  }

  #latch(stop: Pick<Stop, "target" | "reason" | "by">): Pick<Stop, "target" | "reason" | "by"> {
    try {
      this.latches.set({ ...stop, at: Date.now() });
    } catch (error) {
      // It holds in memory, and the log will say it too.
      complain("The stop could not be written to disk", error);
    }
    return this.latches.of(stop.target) ?? stop;
  }

  /** Whether a stop holds for `run`: asked in the same turn in which anything begins to act. */
  isStopped(run: string): boolean {
    if (!this.#over(this.#lineage.known(run))) return false;
    this.#look();
    return true;
  }

  /** Does `work` on a run and its ancestors, unless a stop holds: then the run's log is made to say so. */
  async admit(run: string, work: (chain: [string, ...string[]]) => Promise<void>): Promise<void> {
    const chain = await this.#lineage.of(run);
    for (const target of chain) await this.#heedResume(target);
    const stop = this.#over(chain);
    if (stop) await stopTree(this.#options.store, run, stop);
    else await work(chain);
  }

  /** Begins a run by `append`. A sweep that fell between the look and the append takes it along. */
  async begin(run: string, append: () => Promise<unknown>): Promise<void> {
    this.refuse();
    const sweeps = this.#sweeps;
    await append();
    if (this.#sweeps !== sweeps) await stopTree(this.#options.store, run, { reason: "stopped as it began", by: BY });
  }

  /** @throws Failure while every run is stopped */
  refuse(): void {
    if (existsSync(this.path))
      throw new Failure(`the off switch is on: while ${this.path} exists, no run starts or resumes`, {
        hint: `Remove the file first: rm ${this.path}`,
      });
    const stop = this.latches.over([]);
    if (stop)
      throw new Failure(`the off switch is on: every run is being stopped (${stop.reason})`, {
        hint: "Try again in a moment: runs start again once the log of each says that it was stopped.",
      });
  }

  /** @returns what lets go of the stop of `run`  @throws Failure when a stop above it holds as well */
  async releaser(run: string): Promise<() => void> {
    this.refuse();
    const [, ...ancestors] = await this.#lineage.of(run);
    const above = this.latches.over(ancestors);
    if (above) throw badInput(`run ${run} was stopped with ${above.target}`, `candor resume ${above.target}`);
    await this.#recordings.get(run);
    return () => {
      if (this.latches.over([run])?.target === run) this.latches.clear(run);
    };
  }

  /** Lets go of a stop that a person has taken back at another server: its file is gone, and the run's log says so. */
  async #heedResume(target: string): Promise<void> {
    if (!this.latches.isLifted(target)) return;
    const words = (await this.#options.store.log.read(target)).filter(
      ({ event }) => event.type === "run.stopped" || event.type === "run.resumed",
    );
    if (words.at(-1)?.event.type === "run.resumed") this.latches.clear(target);
  }

  /** The target that is meant. Asks the database only where the folders of this machine do not tell. */
  async resolve(text: string): Promise<string> {
    const { home, store, supervisor } = this.#options;
    if (text === EVERY_RUN) return text;
    if (supervisor.isWorking(text)) return text;
    return knownRun(home, text) ?? store.runs.resolve(text);
  }

  forget(run: string): void {
    this.#lineage.forget(run);
    if (this.latches.of(run)) this.latches.clear(run);
  }

  /** Takes in what was laid down while nobody was here, makes the logs say it, and watches from then on. */
  async watch(): Promise<void> {
    this.#look();
    for (const stop of this.latches.list()) this.#hold(stop);
    await Promise.all(this.#recordings.values());
    const look = () => this.#look();
    this.#ends = [watchFolder(this.#options.home, look), watchFolder(this.latches.folder, look)];
  }

  end(): void {
    this.#closing.abort();
    for (const end of this.#ends) end();
  }

  #over(chain: readonly string[]): Pick<Stop, "target" | "reason" | "by"> | undefined {
    if (existsSync(this.path)) return { target: EVERY_RUN, reason: STOP_FILE, by: BY };
    return this.latches.over(chain);
  }

  /** Takes in the STOP file and the latches that others laid down. */
  #look(): void {
    const there = existsSync(this.path);
    const appeared = there && !this.#fileSeen;
    this.#fileSeen = there;
    if (appeared) this.stop(EVERY_RUN, STOP_FILE, BY);
    for (const stop of this.latches.takeIn()) this.#hold(stop);
    this.latches.answer();
  }

  #hold(stop: Pick<Stop, "target" | "reason" | "by">): Held {
    const { target } = stop;
    if (target === EVERY_RUN) this.#sweeps++;
    const cut = this.#options.supervisor.abortLatched(target);
    let recorded = this.#recordings.get(target);
    if (!recorded) {
      recorded = this.#record(stop, new Set(cut)).finally(() => this.#recordings.delete(target));
      this.#recordings.set(target, recorded);
    }
    return { cut, recorded };
  }

  async #record(
    { target, reason, by }: Pick<Stop, "target" | "reason" | "by">,
    cut: ReadonlySet<string>,
  ): Promise<string[] | undefined> {
    const { store } = this.#options;
    while (!this.#closing.signal.aborted) {
      try {
        const every = target === EVERY_RUN;
        const stopped = await (every ? stopEvery(store, { reason, by }) : stopTree(store, target, { reason, by }));
        // Others may be at work on them: what they began to allow before they could read the stop has begun by then.
        if (store.kind === "server" && stopped.some((run) => !cut.has(run))) await sleep(FENCE_MS);
        if (every) this.latches.clear(EVERY_RUN);
        // What is finished cannot go on.
        else if (stopped.length === 0 && (await this.#isFinished(target))) this.latches.clear(target);
        return stopped;
      } catch (error) {
        if (target !== EVERY_RUN && (await isBeyond(store, target, error).catch(() => false))) return [];
        await sleep(RETRY_MS, undefined, { signal: this.#closing.signal }).catch(() => undefined);
      }
    }
    return undefined;
  }

  async #isFinished(run: string): Promise<boolean> {
    const events = await this.#options.store.log.read(run);
    return events.some(({ event }) => event.type === "run.finished");
  }
}

const complain = (what: string, error: unknown): void =>
  void process.stderr.write(`${what}: ${error instanceof Error ? error.message : String(error)}\n`);
