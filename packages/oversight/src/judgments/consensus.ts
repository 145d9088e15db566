/** What is held of an item when several have judged it. */
import type { Item } from "./fold.ts";
import type { Verdict } from "./subject.ts";

export interface Consensus {
  verdict: Verdict;
  /** An adjudicator's word goes before a known answer, that before the majority of the raters. */
  from: "adjudication" | "gold" | "majority";
  for: number;
  against: number;
}

/** Whether raters have said different things of it. */
export const isDisputed = (item: Item): boolean =>
  new Set([...item.judgments.values()].map(({ verdict }) => verdict)).size > 1;

/**
 * @param discipline only what was said for it counts; adjudication and gold count for all
 * @returns undefined for a tie, or for fewer raters than `minRaters` with nobody's settling word
 */
export function consensus(
  item: Item,
  { minRaters = 1, discipline }: { minRaters?: number; discipline?: string | undefined } = {},
): Consensus | undefined {
  const said = [...item.judgments.values()].filter((j) => discipline === undefined || j.discipline === discipline);
  if (said.length === 0) return undefined;
  const counts = new Map<Verdict, number>();
  for (const { verdict } of said) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  const settled = item.adjudicated?.verdict ?? item.gold;
  if (settled) {
    const agree = counts.get(settled) ?? 0;
    const from = item.adjudicated ? "adjudication" : "gold";
    return { verdict: settled, from, for: agree, against: said.length - agree };
  }
  if (said.length < minRaters) return undefined;
  const [most, next] = [...counts].toSorted((x, y) => y[1] - x[1]);
  if (!most || most[1] === next?.[1]) return undefined;
  return { verdict: most[0], from: "majority", for: most[1], against: said.length - most[1] };
}
