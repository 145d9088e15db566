/**
 * What several raters' verdicts say together, and how far each is to be trusted (Dawid and Skene 1979, Applied Statistics 28): each
 * rater has a chance to call good what is good and bad what is bad, and both are learnt with the truth by expectation-maximisation.
 */
export interface RatedItem {
  /** Of each rater who judged it. */
  verdicts: ReadonlyMap<string, boolean>;
}

export interface Reliability {
  /** How often what is good is called good, and what is bad is called bad. */
  sensitivity: number;
  specificity: number;
  /** sensitivity + specificity - 1 (Youden's J): 1 for who is always right, 0 for who answers at random. */
  weight: number;
  judged: number;
}

export interface Consensus {
  /** Of each item: how likely it is good. */
  chances: number[];
  raters: Map<string, Reliability>;
  /** Share of items that are good. */
  prevalence: number;
  iterations: number;
}

/** One good and one bad answer of each kind are assumed of everybody, so that few verdicts make nobody infallible. */
const PRIOR = { right: 2, wrong: 1 };
const MOST = 200;

/** With one rater, or none who judged twice the same item, everybody is about as reliable, and a verdict is what it says. */
export function dawidSkene(items: readonly RatedItem[]): Consensus {
  const names = new Set(items.flatMap(({ verdicts }) => [...verdicts.keys()]));
  // Begins with the majority.
  let chances = items.map(({ verdicts }) => {
    const votes = [...verdicts.values()];
    return votes.filter(Boolean).length / Math.max(1, votes.length);
  });
  let raters = new Map<string, Reliability>();
  let prevalence = 0.5;
  for (let iteration = 1; ; iteration++) {
    raters = new Map(Array.from(names, (name) => [name, reliability(name, items, chances)]));
    prevalence = (chances.reduce((sum, chance) => sum + chance, 0) + 1) / (items.length + 2);
    const next = items.map((item) => chance(item, raters, prevalence));
    const moved = next.reduce((most, value, n) => Math.max(most, Math.abs(value - (chances[n] ?? 0))), 0);
    chances = next;
    if (moved < 1e-6 || iteration === MOST) return { chances, raters, prevalence, iterations: iteration };
  }
}

function reliability(name: string, items: readonly RatedItem[], chances: readonly number[]): Reliability {
  let [goodRight, good, badRight, bad, judged] = [
    PRIOR.right,
    PRIOR.right + PRIOR.wrong,
    PRIOR.right,
    PRIOR.right + PRIOR.wrong,
    0,
  ];
  for (const [n, { verdicts }] of items.entries()) {
    const verdict = verdicts.get(name);
    if (verdict === undefined) continue;
    const isGood = chances[n] as number;
    judged++;
    good += isGood;
    bad += 1 - isGood;
    if (verdict) goodRight += isGood;
    else badRight += 1 - isGood;
  }
  const [sensitivity, specificity] = [goodRight / good, badRight / bad];
  return { sensitivity, specificity, weight: sensitivity + specificity - 1, judged };
}

function chance({ verdicts }: RatedItem, raters: ReadonlyMap<string, Reliability>, prevalence: number): number {
  let odds = Math.log(prevalence / (1 - prevalence));
  for (const [name, verdict] of verdicts) {
    const rater = raters.get(name);
    if (!rater) continue;
    const { sensitivity, specificity } = rater;
    odds += verdict ? Math.log(sensitivity / (1 - specificity)) : Math.log((1 - sensitivity) / specificity);
  }
  return 1 / (1 + Math.exp(-odds));
}

/** Who tells next to nothing: as likely to call a thing good whether it is or not. */
export const atRandom = (raters: ReadonlyMap<string, Reliability>): string[] =>
  [...raters].filter(([, { weight, judged }]) => judged >= 20 && Math.abs(weight) < 0.15).map(([name]) => name);
