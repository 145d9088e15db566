/** Says when a policy cannot be saved by going on. */
import { TrainingError } from "../training-error.ts";

export interface HealthOptions {
  /** Nats a text that it may be from the reference. */
  kl: number;
  /** Steps in which all texts had one reward. */
  flat: number;
}

const ADVICE = "The last checkpoint is kept: ";

export class Health {
  readonly #most: HealthOptions;
  #flat = 0;

  constructor(most: HealthOptions) {
    this.#most = most;
  }

  /**
   * @param kl nats a text; `undefined` where it was not measured
   * @param scores of the step's texts
   * @throws {TrainingError} for a policy that ran away, and for rewards that tell nothing any more
   */
  check(step: number, kl: number | undefined, scores: readonly number[]): void {
    if (kl !== undefined && !(kl <= this.#most.kl))
      throw new TrainingError(
        `The policy is ${kl.toFixed(1)} nats a text from the reference at step ${step}, more than stop.kl (${this.#most.kl})`,
        `${ADVICE}go on from it with a higher kl_coef or beta, or a lower rate.`,
      );
    const wrong = scores.findIndex((score) => !Number.isFinite(score));
    if (wrong >= 0)
      throw new TrainingError(`A reward is ${scores[wrong]} at step ${step}`, `${ADVICE}check who gives rewards.`);
    const spread = Math.max(...scores) - Math.min(...scores);
    this.#flat = spread < 1e-6 ? this.#flat + 1 : 0;
    if (this.#flat < this.#most.flat) return;
    throw new TrainingError(
      `For ${this.#flat} steps all texts have had the reward ${(scores[0] ?? 0).toFixed(3)}: there is nothing to learn any more`,
      `${ADVICE}the rewards have collapsed, or the policy says one thing alone.`,
    );
  }
}
