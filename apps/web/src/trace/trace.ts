/**
 * A run as the page shows it: a fold over its events, taken in as they come. What an event changes is replaced, never
 * written into, so that only the rows that changed are drawn again.
 */
import type { EventOf, Recorded, RunEvent, RunView } from "@candor/server";

export type Signal = EventOf<"signal.raised"> & { readonly seq: number };
export type Observation = EventOf<"step.done">["observation"];
type Answered = EventOf<"approval.answered"> & { readonly seq: number };

export interface StepEntry {
  readonly kind: "step";
  readonly step: number;
  readonly at: number;
  /** With a person's arguments where they changed them. */
  readonly decision: EventOf<"step.proposed">["decision"];
  /** What else was proposed, best first, where people's judgments chose among several. */
  readonly considered?: NonNullable<EventOf<"step.proposed">["considered"]>;
  readonly verdict?: EventOf<"step.judged">["verdict"];
  readonly argsHash?: string;
  /** Every word of a person on it, in order. */
  readonly answers: readonly Answered[];
  readonly signals: readonly Signal[];
  readonly observation?: Observation;
  /** The effect was about to happen and nobody knows whether it did. */
  readonly unsure?: boolean;
  /** Milliseconds and US dollars of mind and tool. */
  readonly ms: number;
  readonly usd: number;
}

/** Whatever else happened, between two steps. */
export interface NoteEntry {
  readonly kind: "note";
  readonly seq: number;
  readonly at: number;
  readonly event: EventOf<NoteType>;
}

export type Entry = StepEntry | NoteEntry;

export interface Child {
  readonly run: string;
  readonly step: number;
  readonly goal: string;
  /** `running` until its end was reported. */
  readonly status: string;
  readonly result: string;
  readonly steps: number;
}

export interface Spent {
  tokens: number;
  usd: number;
  pages: number;
  ms: number;
}

const NOTES = [
  "mind.failed",
  "operator.said",
  "child.started",
  "child.finished",
  "autonomy.changed",
  "run.paused",
  "run.resumed",
  "run.stopped",
  "run.finished",
  "run.failed",
] as const;
type NoteType = (typeof NOTES)[number];
const isNote = (event: RunEvent): event is EventOf<NoteType> => (NOTES as readonly string[]).includes(event.type);

/** What the events alone say; whether somebody is at work on the run, only the server knows. */
export type TraceStatus = Exclude<RunView["status"], "interrupted">;

const OVER: ReadonlySet<TraceStatus> = new Set(["stopped", "finished", "failed"]);

export class Trace {
  readonly run: string;
  started: EventOf<"run.started"> | undefined;
  startedAt = 0;
  lastAt = 0;
  /** Number of the last event. */
  seq = 0;
  readonly entries: Entry[] = [];
  readonly signals: Signal[] = [];
  readonly children = new Map<string, Child>();
  status: TraceStatus = "running";
  reason = "";
  summary = "";
  steps = 0;
  readonly spent: Spent = { tokens: 0, usd: 0, pages: 0, ms: 0 };
  /** Step number to its place in `entries`. */
  readonly #places = new Map<number, number>();

  constructor(run: string) {
    this.run = run;
  }

  get isOver(): boolean {
    return OVER.has(this.status);
  }

  /** The step that a person is asked about. */
  get question(): StepEntry | undefined {
    if (this.isOver) return undefined;
    const last = this.step(this.steps);
    return last && awaitsPerson(last) ? last : undefined;
  }

  step(number: number): StepEntry | undefined {
    const entry = this.entries[this.#places.get(number) ?? -1];
    return entry?.kind === "step" ? entry : undefined;
  }

  /** Where a step lies in `entries`; -1 when there is none. */
  placeOf(step: number): number {
    return this.#places.get(step) ?? -1;
  }

  take({ seq, at, event }: Recorded): void {
    // A stream that was resumed may repeat its last event.
    if (seq <= this.seq) return;
    this.seq = seq;
    this.lastAt = at;
    switch (event.type) {
      case "run.started":
        this.started = event;
        this.startedAt = at;
        return;
      case "step.proposed":
        this.#spend(event.cost);
        this.steps = Math.max(this.steps, event.step);
        this.#places.set(event.step, this.entries.length);
        this.entries.push({
          kind: "step",
          step: event.step,
          at,
          decision: event.decision,
          ...(event.considered && { considered: event.considered }),
          answers: [],
          signals: [],
          ms: event.cost.ms ?? 0,
          usd: event.cost.usd ?? 0,
        });
        this.status = "running";
        return;
      case "step.judged":
        this.#change(event.step, () => ({ verdict: event.verdict, argsHash: event.argsHash }));
        if (this.question) this.#rest("waiting", event.verdict.reason);
        return;
      case "approval.answered":
        this.#answered({ ...event, seq });
        return;
      case "step.intended":
        return;
      case "step.done":
        this.#spend(event.observation.cost);
        this.#change(event.step, ({ ms, usd }) => ({
          observation: event.observation,
          unsure: false,
          ms: ms + (event.observation.cost.ms ?? 0),
          usd: usd + (event.observation.cost.usd ?? 0),
        }));
        if (this.status === "waiting") this.status = "running";
        return;
      case "signal.raised":
        this.#signal({ ...event, seq });
        return;
      case "finding.judged":
        return;
      default:
        this.#note(seq, at, event);
    }
  }

  #note(seq: number, at: number, event: RunEvent): void {
    if (!isNote(event)) return;
    this.entries.push({ kind: "note", seq, at, event });
    if (event.type === "mind.failed") this.#spend(event.cost);
    else if (event.type === "child.started")
      this.children.set(event.run, {
        run: event.run,
        step: event.step,
        goal: event.goal,
        status: "running",
        result: "",
        steps: 0,
      });
    else if (event.type === "child.finished") {
      const { run, step, status, result, steps, cost } = event;
      this.children.set(run, { run, step, goal: this.children.get(run)?.goal ?? "", status, result, steps });
      this.#spend(cost);
    } else if (event.type === "run.paused") this.#rest("paused", event.reason);
    else if (event.type === "run.stopped") this.#rest("stopped", event.reason);
    else if (event.type === "run.failed") this.#rest("failed", event.reason);
    else if (event.type === "run.resumed") {
      this.#rest("running", "");
      // What it had asked before it was stopped, it asks still.
      const { question } = this;
      if (question) this.#rest("waiting", question.verdict?.reason ?? "");
    } else if (event.type === "run.finished") {
      this.#rest("finished", event.reason);
      this.summary = event.summary;
    }
  }

  #signal(signal: Signal): void {
    this.signals.push(signal);
    if (signal.step !== undefined)
      this.#change(signal.step, ({ signals }) => ({
        signals: [...signals, signal],
        ...(signal.monitor === "unknown-outcome" && { unsure: true }),
      }));
    if (this.question) this.#rest("waiting", signal.reason);
  }

  #answered(event: Answered): void {
    const step = this.step(event.step);
    // An answer to other arguments than these counts for nothing.
    if (!step || step.argsHash !== event.argsHash || !awaitsPerson(step)) return;
    this.#change(event.step, ({ answers, decision }) => ({
      answers: [...answers, event],
      ...(event.answer !== "escalate" && { unsure: false }),
      ...(event.answer === "modify" && event.args && { decision: { ...decision, args: event.args } }),
    }));
    if (event.answer === "terminate") this.#rest("stopped", event.message || "ended when it asked");
    else if (event.answer !== "escalate" && this.status === "waiting") this.#rest("running", "");
  }

  #rest(status: TraceStatus, reason: string): void {
    this.status = status;
    this.reason = reason;
  }

  #change(number: number, change: (entry: StepEntry) => Partial<StepEntry>): void {
    const entry = this.step(number);
    if (entry) this.entries[this.placeOf(number)] = { ...entry, ...change(entry) };
  }

  #spend({ tokens = 0, usd = 0, pages = 0, ms = 0 }: Partial<Spent>): void {
    this.spent.tokens += tokens;
    this.spent.usd += usd;
    this.spent.pages += pages;
    this.spent.ms += ms;
  }
}

/** The last word on a step that settles it. A yes to other arguments than these is none. */
export const settled = (step: StepEntry): Answered | undefined =>
  step.answers.findLast(
    ({ answer, argsHash }) => answer !== "escalate" && (answer !== "approve" || argsHash === step.argsHash),
  );

function awaitsPerson(step: StepEntry): boolean {
  if (step.observation) return false;
  return step.unsure === true || (step.verdict?.outcome === "ask" && settled(step) === undefined);
}
