/** A run's log and the state folded from it, kept in step; whoever reads along sees every event once, whoever wrote it. */
import { Conflict, type EventLog, type EventOf, type Recorded, type RunEvent } from "@candor/store";
import type { Monitors, Tracer } from "./parts.ts";
import { advance, fold, isOver, type RunState } from "./state.ts";

/** The run ended (stopped by a person, for one) while something was about to be written. */
export class RunOver extends Error {
  override name = "RunOver";
}

/** The log could not be written. The run is cut off, not failed: it goes on when the log can be written again. */
export class LogError extends Error {
  override name = "LogError";
}

/** Who reads along. */
export interface Readers {
  monitors: Monitors;
  tracer: Tracer;
}

export class Journal {
  readonly state: RunState;
  readonly #log: EventLog;
  #readers: Readers | undefined;
  /** What the monitors said of events that are in the log already, and the pause that a severe signal asks for. */
  #owed: RunEvent[] = [];
  /** When the log was last asked for its last word, on the clock of `performance.now()`. */
  confirmedAt = Number.NEGATIVE_INFINITY;

  private constructor(log: EventLog, state: RunState) {
    this.#log = log;
    this.state = state;
  }

  static async open(log: EventLog, run: string): Promise<Journal> {
    return new Journal(log, fold(run, await log.read(run)));
  }

  /** Shows the readers what has happened so far; from here on signals are new, and are recorded. */
  attend(readers: Readers): void {
    for (const event of this.state.events) {
      trace(readers.tracer, event, this.state);
      readers.monitors.observe(event);
    }
    this.#readers = readers;
    // The work may have been cut off between a severe signal and the pause.
    const last = this.state.events.at(-1);
    if (last) this.#heed(last);
  }

  /** Takes in what others have appended: a person's word, an approval, a child's result, a stop. */
  async refresh(): Promise<Recorded[]> {
    const asked = performance.now();
    const fresh = await this.#log.read(this.state.run, this.state.seq);
    this.confirmedAt = asked;
    for (const event of fresh) this.#take(event);
    return fresh;
  }

  /**
   * Appends `events`, however often others write in between, and then what the monitors make of them.
   * With `fresh`, throws {@link Conflict} instead, when what the writer knew is no longer all there is.
   * With `late`, writes what an effect came to even when the run has ended meanwhile.
   * With `unless`, writes nothing when somebody else has made it needless meanwhile.
   * @throws {RunOver} when the run has ended meanwhile
   */
  async append(
    events: readonly RunEvent[],
    options: { fresh?: boolean; late?: boolean; unless?: () => boolean } = {},
  ): Promise<void> {
    for (;;) {
      const asked = performance.now();
      try {
        for (const recorded of await this.#log.append(this.state.run, this.state.seq, events)) this.#take(recorded);
        this.confirmedAt = asked;
        break;
      } catch (error) {
        if (!(error instanceof Conflict))
          throw new LogError(error instanceof Error ? error.message : String(error), { cause: error });
        await this.refresh();
        if (isOver(this.state) && !options.late) throw new RunOver(this.state.reason);
        if (options.fresh) throw error;
        if (options.unless?.()) break;
      }
    }
    await this.settle();
  }

  /** Records what is owed. */
  async settle(): Promise<void> {
    const owed = this.#owed.splice(0);
    if (owed.length > 0) await this.append(owed);
  }

  /** Asks the monitors that take time. True when one of them had something to say, which is recorded. */
  async consult(signal: AbortSignal): Promise<boolean> {
    const raised = (await this.#readers?.monitors.consult?.(signal)) ?? [];
    if (raised.length === 0 || signal.aborted) return false;
    await this.append(raised);
    return true;
  }

  #take(event: Recorded): void {
    advance(this.state, event);
    if (!this.#readers) return;
    trace(this.#readers.tracer, event, this.state);
    this.#owed.push(...this.#readers.monitors.observe(event));
    this.#heed(event);
  }

  #heed({ event }: Recorded): void {
    if (event.type !== "signal.raised" || event.severity !== "severe" || this.state.status !== "running") return;
    const pause: EventOf<"run.paused"> = { type: "run.paused", reason: event.reason, by: `monitor ${event.monitor}` };
    if (!this.#owed.some(({ type }) => type === "run.paused")) this.#owed.push(pause);
  }
}

/** Tells the tracer which text came from where, and what went out. @param state with the event taken in */
export function trace(tracer: Tracer, { event }: Recorded, state: Pick<RunState, "steps">): void {
  if (event.type === "run.started") tracer.add("operator", event.goal);
  if (event.type === "operator.said") tracer.add("operator", event.text);
  if (event.type === "approval.answered" && event.message) tracer.add("operator", event.message);
  if (event.type === "child.finished") tracer.add(`child:${event.run}`, event.result);
  if (event.type !== "step.done") return;
  const { origin, text, leads, status } = event.observation;
  if ((event.effect === "contact" || event.effect === "write") && (status === "ok" || status === "unknown")) {
    const sent = state.steps.findLast(({ step }) => step === event.step);
    if (sent) tracer.sent?.(sent.decision.args);
  }
  tracer.add(origin, text);
  for (const { kind, label, value } of leads) {
    if (kind === "page") tracer.add(origin, label, value);
    else tracer.add(origin, `${label} ${value}`);
  }
}
