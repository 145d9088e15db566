/** The event log as the rest of Candor sees it. */
import type { Recorded, RunEvent } from "./events.ts";

/** Somebody else appended to the run first: the writer must fold again. */
export class Conflict extends Error {
  override name = "Conflict";
}

export interface EventLog {
  /**
   * Appends `events` in one transaction, after the event numbered `after` (0 for a new run).
   * @throws {Conflict} when the run's last event is not `after`
   */
  append(run: string, after: number, events: readonly RunEvent[]): Promise<Recorded[]>;
  /** Events of a run with `seq > after`, in order; only the first `most` of them when that is given. */
  read(run: string, after?: number, most?: number): Promise<Recorded[]>;
  /** Calls `listener` for each event appended through this process or another, until the returned function is called. */
  subscribe(run: string, listener: (event: Recorded) => void): () => void;
}
