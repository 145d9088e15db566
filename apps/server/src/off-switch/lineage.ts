/** Which runs a run descends from. It never changes, so each is looked up once. */
import type { EventLog } from "@candor/store";

export class Lineage {
  readonly #log: Pick<EventLog, "read">;
  readonly #parents = new Map<string, string | undefined>();

  constructor(log: Pick<EventLog, "read">) {
    this.#log = log;
  }

  /** The run itself and its ancestors, nearest first. */
  async of(run: string): Promise<[string, ...string[]]> {
    if (!this.#parents.has(run)) {
      const first = (await this.#log.read(run))[0]?.event;
      if (!first) return [run];
      this.#parents.set(run, first.type === "run.started" ? first.parent?.run : undefined);
    }
    const parent = this.#parents.get(run);
    return parent === undefined ? [run] : [run, ...(await this.of(parent))];
  }

  /** As far as it is known without asking. */
  known(run: string): [string, ...string[]] {
    const parent = this.#parents.get(run);
    return parent === undefined ? [run] : [run, ...this.known(parent)];
  }

  forget(run: string): void {
    this.#parents.delete(run);
  }
}
