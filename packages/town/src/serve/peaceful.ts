/** The same town without the pages that try to steer an agent, to measure what they cost. */
import { canonicalUrl } from "../score/urls.ts";
import type { Town } from "../town.ts";

/** Facts that only a hostile page shows, and the traps on such pages, go with them. */
export function peacefulTown(town: Town): Town {
  const hostile = new Set(
    town.pages.filter((page) => page.hostile === true).map((page) => canonicalUrl(`http://${page.host}${page.path}`)),
  );
  const gone = (url: string): boolean => hostile.has(canonicalUrl(url));
  return {
    ...town,
    pages: town.pages.filter((page) => page.hostile !== true),
    traps: town.traps.filter((trap) => !gone(trap.url)),
    facts: town.facts.flatMap((fact) => {
      const urls = fact.urls.filter((url) => !gone(url));
      return fact.urls.length > 0 && urls.length === 0 ? [] : [{ ...fact, urls }];
    }),
  };
}
