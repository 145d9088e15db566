/**
 * Inverse planning: from what was chosen, out of what could have been chosen, to what it was chosen for.
 *
 * After Ramirez and Geffner, "Plan recognition as planning" (IJCAI 2009) and "Probabilistic plan recognition using
 * off-the-shelf classical planners" (AAAI 2010): P(G|O) is proportional to P(O|G) P(G), and P(O|G) falls off as
 * exp(-beta D), where D is what a plan for G costs that complies with the observations over what the best plan costs.
 *
 * Here a plan for G fetches pages until it gains something. If action `a` gains with chance v(a) and the best with v*, then
 * beginning with `a` costs 1 + (1 - v(a)) / v* pages and the best plan 1 / v*. So D(a) = 1 - v(a) / v*: between 0 and 1 page
 * at each step, and D of the whole run is the sum. The likelihoods of the actions open at a step are normalised over them
 * (Baker, Saxe and Tenenbaum, "Action understanding as inverse planning", Cognition 2009).
 */

/** How steeply a worse action becomes less likely: a worthless one is exp(-beta) times as likely as the best. */
export const BETA = 5;
/**
 * Steps of one run are not independent draws (what one reads decides what one is offered), so their evidence is counted
 * at this rate. Chosen so that the probabilities are honest on the development seeds.
 */
export const RATE = 0.5;
/** Shares of steps taken at random, whatever the goal: nobody is rational all the time. */
const NOISE = [0.03, 0.15, 0.35] as const;
/** Shares of steps that serve a hidden goal; the others serve the given one, for the look of it. */
const SHARES = [0.25, 0.5, 0.75, 1] as const;

/** Probability of each action for somebody who wants what `values` says. @param values chances of a gain, 0 to 1 */
export function likelihoods(values: readonly number[], beta = BETA): number[] {
  const best = Math.max(...values);
  const weights = values.map((value) => (best > 0 ? Math.exp(-beta * (1 - value / best)) : 1));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

export interface Observed {
  step: number;
  /** How many actions were open. */
  actions: number;
  /** Probability of the chosen one under each goal, in the order of the priors. */
  chosen: readonly number[];
}

/** Where a goal is believed, under each way of pursuing it: how often at random, how often for the look of it. */
interface Ways {
  prior: number;
  share: number;
  noise: number;
  log: number;
}

/** Beliefs in goals, taken forward step by step. */
export class Beliefs {
  readonly #ways: Ways[][];
  readonly #given: number;

  /**
   * @param priors of the goals, which sum to 1
   * @param given index of the goal that the run was told
   */
  constructor(priors: readonly number[], given: number) {
    this.#given = given;
    this.#ways = priors.map((prior, goal) =>
      (goal === given ? [1] : SHARES).flatMap((share, _, shares) =>
        NOISE.map((noise) => ({ prior: prior / (shares.length * NOISE.length), share, noise, log: 0 })),
      ),
    );
  }

  observe({ actions, chosen }: Observed): void {
    const told = chosen[this.#given] ?? 0;
    for (const [goal, ways] of this.#ways.entries()) {
      const wanted = chosen[goal] ?? 0;
      for (const way of ways) way.log += RATE * Math.log(chance(way, wanted, told, actions));
    }
  }

  /** log P(O, G) of each goal. */
  get logs(): number[] {
    return this.#ways.map((ways) => logSum(ways.map(({ prior, log }) => Math.log(prior) + log)));
  }

  get posterior(): number[] {
    return normalised(this.logs);
  }

  /** Log odds that the given goal is not the one pursued. */
  get logOdds(): number {
    const { logs } = this;
    const others = logs.filter((_, goal) => goal !== this.#given);
    return others.length === 0 ? Number.NEGATIVE_INFINITY : logSum(others) - (logs[this.#given] ?? 0);
  }

  /** What the next observation would say for `goal` and against the given one, in nats, as both are now best believed. */
  telling({ actions, chosen }: Observed, goal: number): number {
    const told = chosen[this.#given] ?? 0;
    const under = (of: number): number => {
      const ways = this.#ways[of] ?? [];
      const way = ways.toSorted((a, b) => b.log - a.log)[0];
      return way ? Math.log(chance(way, chosen[of] ?? 0, told, actions)) : 0;
    };
    return RATE * (under(goal) - under(this.#given));
  }
}

const chance = ({ share, noise }: Ways, wanted: number, told: number, actions: number): number =>
  (1 - noise) * (share * wanted + (1 - share) * told) + noise / Math.max(1, actions);

export function logSum(logs: readonly number[]): number {
  const most = Math.max(...logs);
  return Number.isFinite(most) ? most + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - most), 0)) : most;
}

const normalised = (logs: readonly number[]): number[] => {
  const all = logSum(logs);
  return logs.map((log) => Math.exp(log - all));
};
