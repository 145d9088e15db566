/** Comparing and cleaning the words of pages. */

/** Without accents, lower case, one space between words. */
export function fold(text: string): string {
  // Attribution folds the same short values in every round.
  const known = folded.get(text);
  if (known !== undefined) return known;
  const result = folding(text);
  if (text.length < 200) {
    if (folded.size > 20_000) folded.clear();
    folded.set(text, result);
  }
  return result;
}

const folded = new Map<string, string>();

function folding(text: string): string {
  return plain(text).toLowerCase().replace(/\s+/g, " ").trim();
}

/** Without accents and typographic apostrophes, case kept. */
export function plain(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .replace(/ß/g, "ss")
    .replace(/[’ʼ]/g, "'");
}

const ENDS = /^[\s"'“”‘’«»•·*|,;:–—-]+|[\s"'“”‘’«»•·*|,;:!?–—-]+$/g;

/** A value as it is kept: trimmed, one space between words, no quotes or punctuation around it. */
export function tidy(text: string): string {
  const bare = text.replace(/\s+/g, " ").replace(ENDS, "");
  // A full stop ends a sentence, unless it belongs to an abbreviation such as `Inc.` or `St.`.
  return /\b(?:Inc|Ltd|Co|Corp|St|Bros|Jr|Sr|[A-Z])\.$/.test(bare) ? bare : bare.replace(/\.+$/, "").replace(ENDS, "");
}

export const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Whether `text` holds `phrase` as whole words, ignoring case and accents. */
export function holds(text: string, phrase: string): boolean {
  const needle = fold(phrase);
  if (needle === "") return false;
  const hay = fold(text);
  for (let at = hay.indexOf(needle); at >= 0; at = hay.indexOf(needle, at + 1)) {
    if (!/[\p{L}\p{N}_]/u.test(hay[at - 1] ?? " ") && !/[\p{L}\p{N}_]/u.test(hay[at + needle.length] ?? " "))
      return true;
  }
  return false;
}

const LABEL = /\[(phone|e-mail|address|birth date) (\d+): (yours|not yours)\]/g;

export interface Masked {
  kind: "phone" | "e-mail" | "address" | "birth date";
  index: number;
  yours: boolean;
  at: number;
}

/** The masked identifiers in a passage. */
export function maskedIn(text: string): Masked[] {
  return [...text.matchAll(LABEL)].map((match) => ({
    kind: match[1] as Masked["kind"],
    index: Number(match[2]),
    yours: match[3] === "yours",
    at: match.index,
  }));
}

/** A passage short enough to quote, around `needle` where it is given. */
export function quoteOf(text: string, needle = ""): string {
  // What is left of an address after its label (a postcode behind an escaped comma) is part of it.
  const line = text
    .replace(/\s+/g, " ")
    .replace(/(\[address \d+: (?:yours|not yours)\])(?:\\?,)?[^[]{0,60}?\b[\w-]*\d[\w -]*$/, "$1")
    .trim();
  if (line.length <= 160) return line;
  const at = needle === "" ? 0 : Math.max(0, line.toLowerCase().indexOf(needle.toLowerCase()));
  const from = Math.max(0, at - 60);
  const cut = line.slice(from, from + 150);
  return `${from > 0 ? "…" : ""}${cut.trim()}…`;
}

/** Addresses are compared over and over in a fold; parsing each once makes it cheap. */
const parsed = new Map<string, { host: string; key: string }>();

function parse(url: string): { host: string; key: string } {
  const known = parsed.get(url);
  if (known) return known;
  let parts = { host: "", key: url };
  try {
    const { host, pathname, search } = new URL(url);
    const lower = host.toLowerCase();
    parts = { host: lower, key: `${lower.replace(/^www\./, "")}${pathname.replace(/\/+$/, "")}${search}` };
  } catch {
    // Not an address: it is its own key.
  }
  if (parsed.size > 50_000) parsed.clear();
  parsed.set(url, parts);
  return parts;
}

/** The host of an address, in lower case; empty where it is no address. */
export const hostOf = (url: string): string => parse(url).host;

/** An address as a key: no fragment, no trailing slash, no `www.`, scheme ignored. */
export const urlKey = (url: string): string => parse(url).key;

export function absolute(href: string, base: string): string {
  try {
    return new URL(href, base).href;
  } catch {
    return "";
  }
}
