/** What kind of site a lead is on, by all that was seen of it: a record's own address rarely says that it is one. */
import type { Situation } from "../scout/situation.ts";
import { fold, hostOf } from "../scout/words.ts";

/** What sites that look people up say of themselves and of whom they list. */
export const PEOPLE_SEARCH =
  /\b(records?|people called|full profile|who is|find anybody|addresses and phone numbers|phone numbers? and address(es)?|relatives|background checks?|possible associates|is this you|(remove|delete) (my|this|your) (record|profile|info|information|listing)|opt out)\b/;

/** Hosts of which a link, or the beginning of a page that was read, says that they look people up. */
export function peopleSearches({ view }: Pick<Situation, "view">): ReadonlySet<string> {
  const hosts = new Set<string>();
  const own = new Set(view.seeds.sites.map(hostOf));
  const note = (host: string, text: string): void => {
    if (host && !hosts.has(host) && !own.has(host) && PEOPLE_SEARCH.test(fold(text))) hosts.add(host);
  };
  for (const { value, label } of view.leads) note(hostOf(value), label);
  for (const { tool, args, summary } of view.history)
    if (tool === "open" && typeof args.url === "string") note(hostOf(args.url), summary);
  return hosts;
}
