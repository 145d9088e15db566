/** The same town without its adversaries, to measure what they cost. */
import type { Town } from "../town.ts";

/** Drops hostile pages, what only they show, and their traps. The operator's facts all stand on peaceful pages too. */
export function peaceful(town: Town): Town {
  const hostile = new Set(
    town.pages.filter((page) => page.hostile === true).map((page) => `http://${page.host}${page.path}`),
  );
  return {
    ...town,
    pages: town.pages.filter((page) => page.hostile !== true),
    traps: town.traps.filter((trap) => !hostile.has(trap.url)),
    facts: town.facts
      .map((fact) => ({ ...fact, urls: fact.urls.filter((url) => !hostile.has(url)) }))
      .filter((fact) => fact.urls.length > 0),
  };
}
