/** What is known of the operator so far: the seeds, and what pages that are surely theirs have added. */
import type { Seeds } from "@candor/agent";
import { type Who, whoIs } from "../extract/names.ts";
import { fold, hostOf, urlKey } from "../extract/words.ts";

/** How a page came to be linked: from which page of the operator's, and in which way. */
export interface Reach {
  from: string;
  how: "me" | "home" | "own" | "account";
}

export interface Known {
  who: Who;
  /** Handles of the operator, folded -> how sure. */
  handles: Map<string, number>;
  /** `handle@host`, folded. */
  accounts: Set<string>;
  /** Folded values by kind. */
  employers: Set<string>;
  places: Set<string>;
  schools: Set<string>;
  interests: Set<string>;
  born: Set<number>;
  /** Hashes and addresses of pictures on pages that are the operator's. */
  pictures: Set<string>;
  /** Page key -> how sure; the pages that are the operator's as a whole. */
  owned: Map<string, number>;
  ownedHosts: Set<string>;
  /** Page key -> the ways in which the operator's pages link to it. */
  reached: Map<string, Reach[]>;
}

export interface Judgments {
  /** `kind value`, folded, that the operator called theirs or not theirs. */
  mine: ReadonlySet<string>;
  notMine: ReadonlySet<string>;
  /** Pages that hold nothing but what was called not theirs. */
  pages: ReadonlySet<string>;
}

export const NO_JUDGMENTS: Judgments = { mine: new Set(), notMine: new Set(), pages: new Set() };

/** A homepage whose host is the operator's own, rather than one account of many on it: `http://ada.example/`. */
export function isOwnHost(url: string): boolean {
  try {
    const { pathname, search } = new URL(url);
    return /^\/(?:index\.\w+)?$/.test(pathname) && search === "";
  } catch {
    return false;
  }
}

export function startingPoint(seeds: Seeds, proven: readonly string[]): Known {
  const handles = seeds.usernames.map((handle) => fold(handle).replace(/^@/, ""));
  const owned = new Map<string, number>();
  for (const site of seeds.sites) owned.set(urlKey(site), 0.9);
  for (const site of proven) owned.set(urlKey(site), 0.99);
  const roots = [...seeds.sites, ...proven].filter(isOwnHost).map(hostOf);
  return {
    who: whoIs(seeds.names, seeds.usernames),
    handles: new Map(handles.map((handle) => [handle, 0.9])),
    accounts: new Set(),
    employers: new Set(seeds.employer ? [firmKey(seeds.employer)] : []),
    places: new Set(seeds.city ? [fold(seeds.city)] : []),
    schools: new Set(),
    interests: new Set(),
    born: new Set(),
    pictures: new Set(),
    owned,
    ownedHosts: new Set(roots),
    reached: new Map(),
  };
}

const LEGAL =
  /[\s,]+(?:ltd|limited|inc|incorporated|llc|l\.l\.c|llp|plc|gmbh|ag|kg|se|sa|s\.a|srl|s\.r\.l|bv|b\.v|nv|ab|oy|as|a\/s|pty|pty ltd|corp|corporation|co|company|holdings?)\.?$/i;

const firms = new Map<string, string>();

/** A firm without its legal form, folded: two spellings of one firm have the same key. */
export function firmKey(name: string): string {
  const known = firms.get(name);
  if (known !== undefined) return known;
  if (firms.size > 5_000) firms.clear();
  const key = withoutForm(name);
  firms.set(name, key);
  return key;
}

function withoutForm(name: string): string {
  let key = fold(name)
    .replace(/^the /, "")
    .replace(/\band\b/g, "&");
  for (let shorter = key.replace(LEGAL, ""); shorter !== key; shorter = key.replace(LEGAL, "")) key = shorter;
  return key.replace(/[.,']/g, "").trim();
}

export const placeKey = (place: string): string => fold(place).split(/\s*,\s*/)[0] ?? "";
