/** The steps that raters have called bad. */
import type { Item, Judgments } from "../judgments/fold.ts";

/**
 * One rater's word is enough against a step, since a level is given for steps that nobody objects to; who settles a dispute has the
 * last word.
 * @returns steps by run
 */
export function badSteps({ items }: Judgments): Map<string, Set<number>> {
  const bad = new Map<string, Set<number>>();
  for (const item of items.values()) {
    const { subject } = item;
    if (subject.kind !== "step" || !isBad(item)) continue;
    bad.set(subject.run, (bad.get(subject.run) ?? new Set()).add(subject.step));
  }
  return bad;
}

function isBad({ adjudicated, gold, judgments }: Item): boolean {
  const settled = adjudicated?.verdict ?? gold;
  return settled ? settled === "bad" : [...judgments.values()].some(({ verdict }) => verdict === "bad");
}
