/**
 * Which runs are being worked on in this process, and how to stop them at once.
 * A wake-up during work is not lost: the run is looked at again before it is let go.
 */
import type { Outcome, Warden } from "@candor/agent";

interface Working {
  controller: AbortController;
  again: boolean;
  done: Promise<void>;
}

export class Supervisor {
  readonly #working = new Map<string, Working>();
  readonly #warden: Warden;
  readonly #failed: (run: string, error: unknown) => Promise<void>;

  constructor(warden: Warden, failed: (run: string, error: unknown) => Promise<void>) {
    this.#warden = warden;
    this.#failed = failed;
  }

  /** Works on `run` until it ends or has to wait. Joins the work already under way, if any. */
  work(run: string, signal?: AbortSignal): Promise<void> {
    const current = this.#working.get(run);
    if (current) {
      current.again = true;
      return current.done;
    }
    const working: Working = { controller: new AbortController(), again: false, done: Promise.resolve() };
    const abort = () => working.controller.abort();
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

  /** Cuts off the work on `run` now. Nothing a mind or a tool does can delay it. */
  abort(run: string): void {
    this.#working.get(run)?.controller.abort();
  }

  isWorking(run: string): boolean {
    return this.#working.has(run);
  }

  async abortAll(): Promise<void> {
    for (const working of this.#working.values()) working.controller.abort();
    await Promise.allSettled([...this.#working.values()].map((w) => w.done));
  }
}
