/** Agreement between all raters, by discipline, and of each with the known answers. */
import type { Item } from "../fold.ts";
import type { Verdict } from "../subject.ts";
import { alphaOf, count } from "./alpha.ts";
import { type BootstrapOptions, bootstrap, type Interval } from "./bootstrap.ts";
import { type Figure, given, percentAgreement, type Unit, undefinedBecause } from "./figure.ts";
import { cohenKappa, fleissKappa } from "./kappa.ts";

export interface Agreement {
  /** Items with a rating, and with two or more. */
  items: number;
  shared: number;
  raters: string[];
  percent: Figure;
  /** Krippendorff's, nominal. */
  alpha: Figure;
  /** 95 % of the alphas of items drawn anew; null where there are too few items for one. */
  interval: Interval | null;
  /** Fleiss', over the items that have `ratings` ratings, the most common number of two or more. */
  fleiss: Figure & { items: number; ratings: number };
  /** Cohen's, for each two raters with items in common. */
  cohen: ({ raters: [string, string]; items: number } & Figure)[];
}

/** Overall, and among what was said for each discipline. */
export interface TaskAgreement extends Agreement {
  byDiscipline: ({ discipline: string } & Agreement)[];
}

export interface AgreementReport {
  /** Good or bad. Apart from the other: categories that cannot be mistaken for one another would flatter any figure. */
  rated: TaskAgreement;
  /** The better of two. */
  compared: TaskAgreement;
  gold: { rater: string; items: number; right: number; share: number }[];
}

export function agreementReport(items: Iterable<Item>, options: BootstrapOptions = {}): AgreementReport {
  const all = [...items].filter(({ judgments }) => judgments.size > 0);
  const of = (pair: boolean) => all.filter(({ subject }) => (subject.kind === "pair") === pair);
  return {
    rated: taskAgreement(of(false), options),
    compared: taskAgreement(of(true), options),
    gold: goldScores(all),
  };
}

function taskAgreement(items: readonly Item[], options: BootstrapOptions): TaskAgreement {
  const disciplines = new Set(
    items.flatMap(({ judgments }) => [...judgments.values()].map(({ discipline }) => discipline)),
  );
  disciplines.delete("");
  return {
    ...agreementOf(items, () => true, options),
    byDiscipline: [...disciplines].sort().map((discipline) => ({
      discipline,
      ...agreementOf(items, (of) => of === discipline, options),
    })),
  };
}

function agreementOf(
  items: readonly Item[],
  counts: (discipline: string) => boolean,
  options: BootstrapOptions,
): Agreement {
  const said = items
    .map(({ judgments }) => new Map([...judgments].filter(([, { discipline }]) => counts(discipline))))
    .filter((judgments) => judgments.size > 0);
  const raters = [...new Set(said.flatMap((judgments) => [...judgments.keys()]))].sort();
  const units: Unit<Verdict>[] = said.map((judgments) => raters.map((rater) => judgments.get(rater)?.verdict));
  const shared = units.filter((unit) => given(unit).length >= 2);
  const counted = count(shared);
  const alphaFor = (times: readonly number[]) => alphaOf(counted, times, "nominal");
  return {
    items: units.length,
    shared: shared.length,
    raters,
    percent: percentAgreement(units),
    alpha: alphaFor(counted.times),
    interval: (shared.length >= 2 && bootstrap(counted.times, alphaFor, options)) || null,
    fleiss: fleissOf(shared),
    cohen: raters.flatMap((a, i) =>
      raters.slice(i + 1).flatMap((b, j) => {
        const both = units.flatMap((unit): [Verdict, Verdict][] => {
          const x = unit[i];
          const y = unit[i + 1 + j];
          return x && y ? [[x, y]] : [];
        });
        return both.length > 0 ? [{ raters: [a, b] as [string, string], items: both.length, ...cohenKappa(both) }] : [];
      }),
    ),
  };
}

function fleissOf(shared: readonly Unit<Verdict>[]): Agreement["fleiss"] {
  const byNumber = Map.groupBy(shared, (unit) => given(unit).length);
  const [most] = [...byNumber].toSorted((x, y) => y[1].length - x[1].length || y[0] - x[0]);
  if (!most) return { ...undefinedBecause("no item was judged by two raters"), items: 0, ratings: 0 };
  const [ratings, units] = most;
  const categories = [...new Set(units.flatMap((unit) => given(unit)))];
  const counts = units.map((unit) => categories.map((category) => unit.filter((v) => v === category).length));
  return { ...fleissKappa(counts), items: units.length, ratings };
}

function goldScores(items: readonly Item[]): AgreementReport["gold"] {
  const scores = new Map<string, { items: number; right: number }>();
  for (const { gold, judgments } of items) {
    if (!gold) continue;
    for (const { rater, verdict } of judgments.values()) {
      const score = scores.get(rater) ?? { items: 0, right: 0 };
      scores.set(rater, { items: score.items + 1, right: score.right + (verdict === gold ? 1 : 0) });
    }
  }
  return [...scores]
    .map(([rater, { items, right }]) => ({ rater, items, right, share: right / items }))
    .sort((x, y) => (x.rater < y.rater ? -1 : 1));
}
