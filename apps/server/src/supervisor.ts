/**
 * Which runs are being worked on in this process, and how to stop them at once.
 * A wake-up during work is not lost: the run is looked at again before it is let go.
 */
import type { Outcome, Warden } from "@candor/agent";
import { EVERY_RUN } from "@candor/oversight";

interface Working {
  /** The run and its ancestors. */
  chain: readonly string[];
  controller: AbortController;
  /** Its abort is decided, and comes within this turn of the event loop or the next. */
  cut: boolean;
  again: boolean;
  done: Promise<void>;
}

/** One for all: to abort a thousand runs is not to make a thousand stack traces. */
const CUT_OFF = new Error("The work was cut off.");

export class Supervisor {
  readonly #working = new Map<string, Working>();
  readonly #warden: Warden;
  readonly #failed: (run: string, error: unknown) => Promise<void>;

  constructor(warden: Warden, failed: (run: string, error: unknown) => Promise<void>) {
    this.#warden = warden;
    this.#failed = failed;
  }

  /** Works on the first run of `chain` until it ends or has to wait. Joins the work already under way, if any. */
  work(chain: readonly [string, ...string[]], signal?: AbortSignal): Promise<void> {
    const [run] = chain;
    const current = this.#working.get(run);
    if (current) {
      current.again = true;
      return current.done;
    }
    const working: Working = {
      chain,
      controller: new AbortController(),
      cut: false,
      again: false,
      done: Promise.resolve(),
    };
    const abort = () => working.controller.abort(CUT_OFF);
    signal?.addEventListener("abort", abort, { once: true });
    this.#working.set(run, working);
    working.done = this.#loop(run, working).finally(() => signal?.removeEventListener("abort", abort));
    return working.done;
  }

  async #loop(run: string, working: Working): Promise<void> {
    let outcome: Outcome;
    try {
      do {
        working.again = false;
        outcome = await this.#warden.work(run, working.controller.signal);
      } while (working.again && outcome === "waiting");
    } catch (error) {
      await this.#failed(run, error);
    } finally {
      // In the same turn as the last look at `again`, so that no wake-up falls in between.
      this.#working.delete(run);
    }
  }

  /**
   * Cuts off the work on `target` and everything below it, or on every run, now. Nothing a mind or a tool does can delay it.
   * @returns the runs that were at work
   */
  abortUnder(target: string): string[] {
    const cut = this.#cut(target);
    for (const { controller } of cut.values()) controller.abort(CUT_OFF);
    return [...cut.keys()];
  }

  /**
   * As {@link abortUnder}, for what a latch already keeps from beginning anything: only what is under way is aborted now, and
   * the rest in the next turn. A thousand aborts take longer than everything else about a stop.
   */
  abortLatched(target: string): string[] {
    const cut = this.#cut(target);
    const idle: AbortController[] = [];
    for (const [run, { controller }] of cut) {
      if (this.#warden.isActing(run)) controller.abort(CUT_OFF);
      else idle.push(controller);
    }
    if (idle.length > 0)
      setImmediate(() => {
        for (const controller of idle) controller.abort(CUT_OFF);
      });
    return [...cut.keys()];
  }

  #cut(target: string): Map<string, Working> {
    const cut = new Map<string, Working>();
    for (const [run, working] of this.#working) {
      if (working.cut || (target !== EVERY_RUN && !working.chain.includes(target))) continue;
      working.cut = true;
      cut.set(run, working);
    }
    return cut;
  }

  isWorking(run: string): boolean {
    return this.#working.has(run);
  }

  async abortAll(): Promise<void> {
    this.abortUnder(EVERY_RUN);
    await Promise.allSettled([...this.#working.values()].map((w) => w.done));
  }
}
