/** What a person typed into the search box. */
import { fold } from "./visible-text.ts";

export interface Query {
  /** Folded words of the whole query, phrases included. */
  words: string[];
  /** Folded phrases that a result must hold: quoted, or a word with marks inside such as `ada.quill`. */
  phrases: string[];
  /** Folded words and phrases that a result must not hold. */
  without: string[];
  /** `site:host` operators; a result is on one of them. */
  sites: string[];
  /** Folded unquoted part, which ranks higher where it stands together. */
  together: string;
}

const QUERY_LIMIT = 500;

/** @example parseQuery('"Ada Quill" Wrenport -chess site:mugbook.example') */
export function parseQuery(query: string): Query {
  const parsed: Query = { words: [], phrases: [], without: [], sites: [], together: " " };
  const loose: string[] = [];
  for (const match of query.slice(0, QUERY_LIMIT).matchAll(/(-?)(?:["“”„]([^"“”„]*)["“”„]?|(\S+))/gu)) {
    const [, minus = "", quoted, bare = ""] = match;
    const site = /^site:(?:https?:\/\/)?([^/\s]+)/i.exec(bare)?.[1];
    if (site !== undefined && minus === "") {
      parsed.sites.push(site.toLowerCase());
      continue;
    }
    const folded = fold(quoted ?? bare);
    const words = folded.trim().split(" ").filter(Boolean);
    if (words.length === 0 || (quoted === undefined && /^(AND|OR)$/.test(bare))) continue;
    if (minus === "-") {
      parsed.without.push(folded);
      continue;
    }
    parsed.words.push(...words);
    if (quoted !== undefined || words.length > 1) parsed.phrases.push(folded);
    else loose.push(...words);
  }
  parsed.words = [...new Set(parsed.words)];
  if (loose.length > 1) parsed.together = ` ${loose.join(" ")} `;
  return parsed;
}
