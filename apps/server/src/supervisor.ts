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
    const working: Working = { chain, controller: new AbortController(), again: false, done: Promise.resolve() };
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
    const cut: string[] = [];
    for (const [run, { chain, controller }] of this.#working) {
      if (controller.signal.aborted || (target !== EVERY_RUN && !chain.includes(target))) continue;
      controller.abort(CUT_OFF);
      cut.push(run);
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
