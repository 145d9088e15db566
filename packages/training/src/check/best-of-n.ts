/** Best of n: what choosing by a proxy does to what was meant, without choosing (Gao, Schulman and Hilton 2022, arXiv 2210.10760). */

/** Nats between the best of n and one draw: log n - (n - 1) / n. */
export const bestOfKl = (n: number): number => Math.log(n) - (n - 1) / n;

/**
 * The expected value of whichever of n draws the proxy likes best, over all choices of n from what was drawn (Nakano et al. 2021,
 * arXiv 2112.09332, appendix I): unbiased, and of the least variance.
 * @param proxies and what each draw is worth, in the same order
 * @param sizes each no more than the draws
 */
export function bestOfN(proxies: readonly number[], worths: readonly number[], sizes: readonly number[]): number[] {
  const count = proxies.length;
  const order = proxies.map((_, n) => n).toSorted((a, b) => (proxies[a] as number) - (proxies[b] as number) || a - b);
  const sorted = order.map((n) => worths[n] as number);
  return sizes.map((size) => {
    // The chance that draw i, counted from the worst, is the best of the chosen: C(i, size - 1) / C(count, size).
    let chance = size / count;
    let sum = 0;
    for (let i = count - 1; i >= size - 1; i--) {
      sum += chance * (sorted[i] as number);
      chance *= (i - size + 1) / i;
    }
    return sum;
  });
}

export type Form = "bon" | "rl";

export interface OveroptimisationFit {
  /** `bon`: R(d) = d (alpha - beta d). `rl`: R(d) = d (alpha - beta log d). d is the root of the KL. */
  form: Form;
  alpha: number;
  beta: number;
  rSquared: number;
  /** Nats at which more choosing makes it worse; `undefined` where it never does. */
  turningPointKl: number | undefined;
}

export interface Point {
  kl: number;
  /** From 0 at a KL of 0. */
  reward: number;
}

/** By least squares, which are linear in alpha and beta. Points near 0, where the second form is steep without end, tell little. */
export function fitOveroptimisation(points: readonly Point[], form: Form): OveroptimisationFit {
  const some = points.filter(({ kl }) => kl > 0);
  const bend = (d: number): number => (form === "bon" ? d * d : d * Math.log(d));
  let [aa, ab, bb, ay, by] = [0, 0, 0, 0, 0];
  for (const { kl, reward } of some) {
    const d = Math.sqrt(kl);
    const [a, b] = [d, -bend(d)];
    aa += a * a;
    ab += a * b;
    bb += b * b;
    ay += a * reward;
    by += b * reward;
  }
  const determinant = aa * bb - ab * ab;
  const alpha = (bb * ay - ab * by) / determinant;
  const beta = (aa * by - ab * ay) / determinant;
  const mean = some.reduce((sum, { reward }) => sum + reward, 0) / some.length;
  const told = (kl: number): number => Math.sqrt(kl) * alpha - bend(Math.sqrt(kl)) * beta;
  const residual = some.reduce((sum, { kl, reward }) => sum + (reward - told(kl)) ** 2, 0);
  const whole = some.reduce((sum, { reward }) => sum + (reward - mean) ** 2, 0);
  const turns = beta > 0 ? (form === "bon" ? alpha / (2 * beta) : Math.exp(alpha / beta - 1)) : undefined;
  return {
    ...{ form, alpha, beta, rSquared: 1 - residual / whole },
    turningPointKl: turns !== undefined && turns > 0 ? turns ** 2 : undefined,
  };
}
