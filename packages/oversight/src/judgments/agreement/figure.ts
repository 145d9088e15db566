/** A figure of agreement, or why there is none. */
export type Figure = { value: number } | { value: null; why: string };

export const figure = (value: number): Figure => ({ value });
export const undefinedBecause = (why: string): Figure => ({ value: null, why });

/** What raters said of one unit: one entry a rater, undefined where a rater said nothing. */
export type Unit<V extends string | number = string | number> = readonly (V | undefined)[];

export const ONE_CATEGORY = "everybody always said the same: there is nothing that chance could be told from";
export const NO_PAIRS = "no item was judged by two raters";

/** The ratings that are there. */
export const given = <V extends string | number>(unit: Unit<V>): V[] => unit.filter((v): v is V => v !== undefined);

/** Share of pairs of raters who said the same, averaged over the units with two ratings or more. */
export function percentAgreement(units: readonly Unit[]): Figure {
  let sum = 0;
  let n = 0;
  for (const unit of units) {
    const said = given(unit);
    if (said.length < 2) continue;
    const counts = new Map<string | number, number>();
    for (const v of said) counts.set(v, (counts.get(v) ?? 0) + 1);
    const agreeing = [...counts.values()].reduce((total, c) => total + c * (c - 1), 0);
    sum += agreeing / (said.length * (said.length - 1));
    n++;
  }
  return n === 0 ? undefinedBecause(NO_PAIRS) : figure(sum / n);
}
