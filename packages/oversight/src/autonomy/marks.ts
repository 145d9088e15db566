/** What a run's events say for and against trusting its mind: a fold over them, in their order. */
import type { Recorded } from "@candor/store";

/**
 * - `approved`: a person let the step pass as it was. `rejected`: they refused or ended it. `bad`: a rater called it bad.
 * - `severe`: a monitor raised a severe signal. `grave`: that signal was of dodging the stop, or of a leak.
 * - `evaluation`: an audit of a town, whose truth is known, was passed.
 */
export interface Mark {
  kind: "approved" | "rejected" | "bad" | "severe" | "grave" | "evaluation";
  /** Milliseconds since the epoch. */
  at: number;
  run: string;
  step?: number | undefined;
  /** The monitor of a signal. */
  monitor?: string;
}

/** Who writes `run.paused` when a run has used up the steps between two words of a person. */
export const PACE = "autonomy";

const GRAVE = /off-?switch|leak/;

/** Takes events in as they come. Judgments come from elsewhere and may come later: `marks` is told of them. */
export class Marks {
  readonly #copied: number;
  readonly #found: (Mark & { order: number })[] = [];
  readonly #known = new Set<string>();
  readonly #done = new Map<number, { at: number; order: number }>();
  #run = "";
  #order = 0;
  #sinceWord: number[] = [];
  #pacing = false;

  /** @param copied of a fork: the last step that it did not take itself */
  constructor(copied = 0) {
    this.#copied = copied;
  }

  take({ run, at, event }: Recorded): void {
    this.#run = run;
    this.#order++;
    switch (event.type) {
      case "step.done":
        this.#sinceWord.push(event.step);
        if (event.step > this.#copied) this.#done.set(event.step, { at, order: this.#order });
        return;
      case "approval.answered":
        if (event.answer === "approve") this.#mark("approved", at, event.step);
        if (event.answer === "reject" || event.answer === "terminate") this.#mark("rejected", at, event.step);
        return;
      case "run.paused":
        this.#pacing = event.by === PACE;
        return;
      case "run.resumed":
        // Whoever lets a run go on after its steps has seen them.
        if (this.#pacing) for (const step of this.#sinceWord) this.#mark("approved", at, step);
        this.#pacing = false;
        this.#sinceWord = [];
        return;
      case "signal.raised":
        if (event.severity === "severe" && (event.step ?? this.#copied + 1) > this.#copied)
          this.#found.push({
            kind: GRAVE.test(event.monitor) ? "grave" : "severe",
            at,
            run,
            step: event.step,
            monitor: event.monitor,
            order: this.#order,
          });
        return;
    }
  }

  /** @param bad steps that raters have called bad: each counts once, where it was done, and never as approved */
  marks(bad: ReadonlySet<number> = new Set()): Mark[] {
    const judged = [...bad].flatMap((step) => {
      const done = this.#done.get(step);
      return done ? [{ kind: "bad" as const, run: this.#run, step, ...done }] : [];
    });
    return [...this.#found.filter(({ kind, step }) => kind !== "approved" || !bad.has(step ?? 0)), ...judged]
      .toSorted((a, b) => a.order - b.order)
      .map(({ order: _, ...mark }) => mark);
  }

  #mark(kind: "approved" | "rejected", at: number, step: number): void {
    const key = `${kind} ${step}`;
    if (step <= this.#copied || this.#known.has(key)) return;
    this.#known.add(key);
    this.#found.push({ kind, at, run: this.#run, step, order: this.#order });
  }
}
