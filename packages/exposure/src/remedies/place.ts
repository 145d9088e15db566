/** What kind of place shows a finding, told from its address, its title and the passage. */

import { hostOf } from "../extract/words.ts";
import type { Exposure, Finding } from "../findings/finding.ts";

export const PLACES = [
  "own site",
  "broker",
  "code host",
  "paste",
  "whois",
  "document",
  "picture",
  "calendar",
  "forum",
  "marketplace",
  "account",
  "organisation",
  "page",
] as const;
export type Place = (typeof PLACES)[number];

const SIGNS: readonly [Place, RegExp][] = [
  ["whois", /whois|registrant|rdap/i],
  ["paste", /paste|dump|leak|combolist|snip(?:board|pet)/i],
  ["calendar", /\.ics\b|\/cal(?:endar)?s?\/|webcal|calendar feed|agenda|'s calendar/i],
  [
    "code host",
    /\.patch\b|\/commits?\/|\bgit(?:hub|lab|ea)?\b|\[PATCH\]|Repositories of|sourcehut|codeberg|bitbucket/i,
  ],
  [
    "broker",
    /people[- ]?search|background check|addresses and phone|people (?:named|called)|\bpossible relatives\b|opt[- ]?out|\d+ found\b|white ?pages|\brelatives:|, \d{2}, \p{Lu}/iu,
  ],
  [
    "marketplace",
    /\/(?:item|listing|ad|offer|product)s?\/|\/(?:seller|shop|store)\/|for sale|classifieds?|collect in person/i,
  ],
  ["forum", /\/(?:t|thread|topic|forum|viewtopic|discussion|posts?)\/|forum|\bwrote\b|\bboard\b/i],
];

export function placeOf(
  finding: Finding,
  url: string,
  exposure: Pick<Exposure, "pages">,
  ownHosts: ReadonlySet<string>,
): Place {
  const host = hostOf(url);
  if (ownHosts.has(host)) return "own site";
  const page = exposure.pages.find((each) => each.url === url);
  const quote = finding.evidence.find((each) => each.url === url)?.quote ?? "";
  if (/\.pdf(?:$|[?#])/i.test(url) || page?.kind === "document") return "document";
  if (/\.(?:jpe?g|png|gif|webp|heic|tiff?)(?:$|[?#])/i.test(url)) return "picture";
  const told = `${url} ${page?.title ?? ""} ${quote}`;
  for (const [place, sign] of SIGNS) if (sign.test(told)) return place;
  if (page?.kind === "directory" && ["phone", "address", "birth date"].includes(finding.kind))
    return /team|staff|people of|members|committee|about/i.test(told) ? "organisation" : "broker";
  if (page?.kind === "profile" || finding.kind === "username") return "account";
  if (/team|staff|people of|newsletter|members|club|society|minutes|class of|news/i.test(told)) return "organisation";
  return "page";
}
