/** From rewards to advantages: how much better a text, or a token, was than could be expected. Pure functions on numbers. */

export interface GaeOptions {
  gamma: number;
  lam: number;
}

/**
 * Generalised advantage estimation (Schulman et al. 2015, arXiv 1506.02438) of one text.
 * @param rewards of each token
 * @param values before each token, by the value model; after the last it is 0
 */
export function generalisedAdvantages(
  rewards: ArrayLike<number>,
  values: ArrayLike<number>,
  { gamma, lam }: GaeOptions,
): { advantages: Float64Array; returns: Float64Array } {
  const advantages = new Float64Array(rewards.length);
  const returns = new Float64Array(rewards.length);
  let following = 0;
  for (let t = rewards.length - 1; t >= 0; t--) {
    const value = values[t] as number;
    const next = t + 1 < rewards.length ? (values[t + 1] as number) : 0;
    following = (rewards[t] as number) + gamma * next - value + gamma * lam * following;
    advantages[t] = following;
    returns[t] = following + value;
  }
  return { advantages, returns };
}

/** Rewards of a text's tokens: a penalty for each token's distance to the reference, and the score at the last. */
export function penalisedRewards(
  told: ArrayLike<number>,
  reference: ArrayLike<number>,
  score: number,
  coefficient: number,
  estimator: "k1" | "k3" = "k1",
): Float64Array {
  const rewards = new Float64Array(told.length);
  for (let t = 0; t < told.length; t++) {
    const away = (reference[t] as number) - (told[t] as number);
    rewards[t] = -coefficient * (estimator === "k1" ? -away : Math.exp(away) - 1 - away);
  }
  if (rewards.length > 0) rewards[rewards.length - 1] = (rewards[rewards.length - 1] as number) + score;
  return rewards;
}

/** All numbers of several rows to variance 1, and to mean 0 unless their mean is to stay (TRL's `masked_whiten`). */
export function whitened(rows: readonly ArrayLike<number>[], { shiftMean = true } = {}): Float64Array[] {
  const all = rows.flatMap((row) => Array.from(row));
  const mean = meanOf(all);
  // Bessel's correction, as in TRL.
  const variance = all.reduce((sum, x) => sum + (x - mean) ** 2, 0) / Math.max(1, all.length - 1);
  const scale = 1 / Math.sqrt(variance + 1e-8);
  return rows.map((row) => Float64Array.from(row, (x) => (x - mean) * scale + (shiftMean ? 0 : mean)));
}

/**
 * Of each text against the others that answer the same prompt, which follow each other.
 * @param scale by the spread of the group, of the whole batch, or not at all (Dr. GRPO)
 */
export function groupAdvantages(
  rewards: readonly number[],
  group: number,
  scale: "group" | "batch" | "none",
): number[] {
  const spread = (values: readonly number[]): number => {
    const mean = meanOf(values);
    const squares = values.reduce((sum, x) => sum + (x - mean) ** 2, 0);
    return Math.sqrt(squares / Math.max(1, values.length - 1));
  };
  const whole = spread(rewards);
  return groupsOf(rewards, group).flatMap((own) => {
    const mean = meanOf(own);
    const by = scale === "none" ? 1 : (scale === "group" ? spread(own) : whole) + 1e-4;
    return own.map((reward) => (reward - mean) / by);
  });
}

/** Of each text against the mean of the others that answer the same prompt (Kool et al. 2019). */
export function leaveOneOutAdvantages(rewards: readonly number[], group: number): number[] {
  return groupsOf(rewards, group).flatMap((own) => {
    const sum = own.reduce((a, b) => a + b, 0);
    return own.map((reward) => reward - (sum - reward) / (own.length - 1));
  });
}

/** Groups all of whose texts have the same reward: they teach nothing. */
export const frozenGroups = (rewards: readonly number[], group: number): number => {
  const groups = groupsOf(rewards, group);
  return groups.filter((own) => own.every((reward) => Math.abs(reward - (own[0] ?? 0)) < 1e-8)).length / groups.length;
};

function groupsOf(values: readonly number[], size: number): number[][] {
  return Array.from({ length: values.length / size }, (_, n) => values.slice(n * size, (n + 1) * size));
}

export const sumOf = (row: ArrayLike<number>): number => Array.from(row).reduce((sum, x) => sum + x, 0);

export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, x) => sum + x, 0) / Math.max(1, values.length);

/** Holds the distance to the reference near a target (Ziegler et al. 2019, arXiv 1909.08593, section 2.2). */
export class AdaptiveKl {
  coefficient: number;
  readonly #target: number;
  readonly #horizon: number;

  constructor(coefficient: number, target: number, horizon: number) {
    this.coefficient = coefficient;
    this.#target = target;
    this.#horizon = horizon;
  }

  /** @param texts written since it was last told */
  update(kl: number, texts: number): void {
    const error = Math.min(0.2, Math.max(-0.2, kl / this.#target - 1));
    this.coefficient *= 1 + (error * texts) / this.#horizon;
  }
}
