/** Learning rates as pure functions of the step, so that a resumed run needs no state. */
import { TrainingError } from "../training-error.ts";

interface Shared {
  /** The highest rate. */
  readonly peak: number;
  /** Steps of linear warm-up; step 0 already learns, at `peak / warmup`. */
  readonly warmup?: number;
}

/** `steps` is where decay ends; later steps keep the last rate. */
export type Schedule =
  | (Shared & { readonly kind: "constant" })
  | (Shared & { readonly kind: "cosine"; readonly min: number; readonly steps: number })
  | (Shared & { readonly kind: "linear"; readonly min: number; readonly steps: number })
  | (Shared & {
      /** Warm-up, stable, decay (Hu et al. 2024): the peak is held until `decay` steps before the end. */
      readonly kind: "wsd";
      readonly min: number;
      readonly steps: number;
      readonly decay: number;
      readonly shape?: "linear" | "sqrt";
    });

/** Throws a `TrainingError` that names what is wrong. */
export function checkSchedule(schedule: Schedule): void {
  const { peak, warmup = 0 } = schedule;
  if (!(Number.isFinite(peak) && peak > 0))
    throw new TrainingError(`The peak rate must be above 0, not ${peak}`, "Give the highest learning rate, say 1e-3.");
  if (!(Number.isInteger(warmup) && warmup >= 0)) {
    throw new TrainingError(`Warm-up must be a whole number of steps, not ${warmup}`, "Give 0 or more steps.");
  }
  if (schedule.kind === "constant") return;
  const { min, steps } = schedule;
  if (!(min >= 0 && min <= peak))
    throw new TrainingError(
      `The lowest rate must be between 0 and ${peak}, not ${min}`,
      "Give a lowest rate that is not above the peak.",
    );
  const decay = schedule.kind === "wsd" ? schedule.decay : 0;
  if (!(Number.isInteger(decay) && decay >= 0)) {
    throw new TrainingError(`Decay must be a whole number of steps, not ${decay}`, "Give 0 or more steps.");
  }
  if (!(Number.isInteger(steps) && steps >= warmup + decay && steps > warmup)) {
    throw new TrainingError(
      `${steps} steps do not hold ${warmup} of warm-up and ${decay} of decay`,
      "Give more steps, or less of warm-up and decay.",
    );
  }
}

/** The rate of a step, counted from 0. */
export function learningRate(schedule: Schedule, step: number): number {
  const { peak, warmup = 0 } = schedule;
  if (step < warmup) return (peak * (step + 1)) / warmup;
  if (schedule.kind === "constant") return peak;
  const { min, steps } = schedule;
  const from = schedule.kind === "wsd" ? steps - schedule.decay : warmup;
  if (step < from) return peak;
  if (step >= steps) return min;
  const done = (step - from) / (steps - from);
  return min + (peak - min) * remaining(schedule, done);
}

/** How much of the way from the lowest rate to the peak is left, from 1 to 0. */
function remaining(schedule: Exclude<Schedule, { kind: "constant" }>, done: number): number {
  switch (schedule.kind) {
    case "cosine":
      return 0.5 * (1 + Math.cos(Math.PI * done));
    case "linear":
      return 1 - done;
    case "wsd":
      return schedule.shape === "sqrt" ? 1 - Math.sqrt(done) : 1 - done;
  }
}
