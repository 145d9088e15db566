/** Says when a run cannot be saved by going on. */
import { TrainingError } from "../training-error.ts";

const FACTOR = 3;
const PATIENCE = 100;

export class Divergence {
  #least = Number.POSITIVE_INFINITY;
  #above = 0;

  /** @throws {TrainingError} for a loss that is no number, or that was three times the least for a hundred steps */
  check(step: number, loss: number): void {
    if (!Number.isFinite(loss)) throw new TrainingError(`The loss is ${loss} at step ${step}`, ADVICE);
    this.#least = Math.min(this.#least, loss);
    this.#above = loss > FACTOR * this.#least ? this.#above + 1 : 0;
    if (this.#above < PATIENCE) return;
    throw new TrainingError(
      `The loss is ${loss.toFixed(3)} at step ${step} and was ${this.#least.toFixed(3)}: it has diverged`,
      ADVICE,
    );
  }
}

const ADVICE = "Lower rate.peak (try a third), or give more warm-up; the last checkpoint is kept.";
