/** A run's log and the state folded from it, kept in step. */
import { Conflict, type EventLog, type Recorded, type RunEvent } from "@candor/store";
import type { Monitors } from "./parts.ts";
import { advance, fold, isOver, type RunState } from "./state.ts";

/** The run ended (stopped by a person, for one) while something was about to be written. */
export class RunOver extends Error {
  override name = "RunOver";
}

/** The log could not be written. The run is cut off, not failed: it goes on when the log can be written again. */
export class LogError extends Error {
  override name = "LogError";
}

export class Journal {
  readonly state: RunState;
  readonly #log: EventLog;
  #monitors: Monitors | undefined;

  private constructor(log: EventLog, state: RunState) {
    this.#log = log;
    this.state = state;
  }

  static async open(log: EventLog, run: string): Promise<Journal> {
    return new Journal(log, fold(run, await log.read(run)));
  }

  /** Lets the monitors see what has happened so far, so that from here on their signals are new. */
  watch(monitors: Monitors): void {
    for (const event of this.state.events) monitors.observe(event);
    this.#monitors = monitors;
  }

  /** Takes in what others have appended: a person's word, an approval, a child's result, a stop. */
  async refresh(): Promise<Recorded[]> {
    const fresh = await this.#log.read(this.state.run, this.state.seq);
    for (const event of fresh) this.#take(event);
    return fresh;
  }

  /**
   * Appends `events`, however often others write in between.
   * With `fresh`, throws {@link Conflict} instead, when what the writer knew is no longer all there is.
   * @throws {RunOver} when the run has ended meanwhile
   */
  async append(events: readonly RunEvent[], options: { fresh?: boolean } = {}): Promise<void> {
    for (;;) {
      try {
        const signals = [];
        for (const recorded of await this.#log.append(this.state.run, this.state.seq, events))
          signals.push(...this.#take(recorded));
        if (signals.length > 0) await this.append(signals);
        return;
      } catch (error) {
        if (error instanceof RunOver || error instanceof LogError) throw error;
        if (!(error instanceof Conflict))
          throw new LogError(error instanceof Error ? error.message : String(error), { cause: error });
        await this.refresh();
        if (isOver(this.state)) throw new RunOver(this.state.reason);
        if (options.fresh) throw error;
      }
    }
  }

  #take(event: Recorded): ReturnType<Monitors["observe"]> {
    advance(this.state, event);
    return this.#monitors?.observe(event) ?? [];
  }
}
