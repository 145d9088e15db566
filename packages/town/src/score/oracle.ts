/** How few pages would have done, had one known where to look. */

import { robotsRules } from "./robots.ts";
import type { TownTruth } from "./truth.ts";
import { canonicalUrl } from "./urls.ts";

/** Greedy set cover of the operator's reachable facts by pages that robots.txt permits; at least 1. */
export function oraclePages(town: Pick<TownTruth, "facts" | "hosts">): number {
  const allowed = robotsRules(town.hosts);
  const permitted = (url: string): boolean => {
    if (!URL.canParse(url)) return true;
    const { hostname, pathname, search } = new URL(url);
    return allowed(hostname, pathname + search, "*");
  };
  const shownBy = new Map<string, Set<string>>();
  for (const fact of town.facts) {
    if (fact.owner !== "operator" || !fact.reachable) continue;
    const permittedUrls = fact.urls.filter(permitted);
    for (const url of permittedUrls.length > 0 ? permittedUrls : fact.urls) {
      const page = canonicalUrl(url);
      shownBy.set(page, (shownBy.get(page) ?? new Set()).add(fact.id));
    }
  }
  const left = new Set([...shownBy.values()].flatMap((facts) => [...facts]));
  let pages = 0;
  while (left.size > 0) {
    const [best] = [...shownBy.values()]
      .map((facts) => [...facts].filter((fact) => left.has(fact)))
      .sort((a, b) => b.length - a.length);
    for (const fact of best ?? []) left.delete(fact);
    pages += 1;
  }
  return Math.max(1, pages);
}
