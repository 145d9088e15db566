/** A log in memory, behind a wire that can be cut: while it is, nothing comes back, as from a database that is gone. */
import { Conflict, type EventLog, type Recorded, type RunEvent } from "@candor/store";

export class CuttableLog implements EventLog {
  readonly #runs = new Map<string, Recorded[]>();
  readonly #listeners = new Map<string, Set<(event: Recorded) => void>>();
  #wire: PromiseWithResolvers<void> | undefined;

  cut(): void {
    this.#wire ??= Promise.withResolvers();
  }

  mend(): void {
    this.#wire?.resolve();
    this.#wire = undefined;
  }

  async append(run: string, after: number, events: readonly RunEvent[]): Promise<Recorded[]> {
    await this.#wire?.promise;
    const all = this.#runs.get(run) ?? [];
    if (all.length !== after) throw new Conflict(`${run} is at ${all.length}, not ${after}`);
    const recorded = events.map((event, n) => ({ run, seq: after + n + 1, at: Date.now(), hash: "", event }));
    all.push(...recorded);
    this.#runs.set(run, all);
    for (const event of recorded) for (const listener of this.#listeners.get(run) ?? []) listener(event);
    return recorded;
  }

  async read(run: string, after = 0): Promise<Recorded[]> {
    await this.#wire?.promise;
    return (this.#runs.get(run) ?? []).slice(after);
  }

  subscribe(run: string, listener: (event: Recorded) => void): () => void {
    const listeners = this.#listeners.get(run) ?? new Set();
    this.#listeners.set(run, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(run);
    };
  }

  forget(run: string): void {
    this.#runs.delete(run);
  }
}
