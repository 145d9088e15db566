/** Words, names and addresses, as the planner compares them. */

/** Lower case, without accents, punctuation as spaces. */
export function fold(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/** Folded text without its spaces. */
export const compact = (text: string): string => text.replace(/ /g, "");

/** Whether `phrase` stands in `text`, at word borders; both folded. */
export function mentions(text: string, phrase: string): boolean {
  return phrase !== "" && ` ${text} `.includes(` ${phrase} `);
}

/** The address as a key: no fragment, no tracking parameters, no trailing slash, `www.` and the scheme left out. */
export function addressKey(address: string): string {
  const url = parseUrl(address);
  if (!url) return address.trim();
  const query = [...url.searchParams]
    .filter(([name]) => !/^(utm_|fbclid$|gclid$|ref$|source$)/.test(name))
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join("&");
  const path = url.pathname.replace(/\/(index\.html?)?$/, "");
  return `${url.host.replace(/^www\./, "")}${path}${query && `?${query}`}`;
}

/** Letters and digits mixed, such as the hash of a commit. */
const HASH = /(?<=\/)(?=[a-z\d]*\d)(?=[a-z\d]*[a-z])[a-z\d]{6,}(?=[/.]|$)/gi;

/** Numbers, dates and hashes out, so that the pages of a calendar or a list look alike. */
export function template(address: string): string {
  const url = parseUrl(address);
  if (!url) return address;
  const names = [...url.searchParams.keys()].sort().join("&");
  return `${url.host}${url.pathname.replace(HASH, "#").replace(/\d+/g, "#")}?${names}`;
}

export function parseUrl(address: string): URL | undefined {
  const url = URL.parse(address);
  return url && (url.protocol === "http:" || url.protocol === "https:") ? url : undefined;
}

/** `host` of an http address, as the warden writes it in views; empty for anything else. */
export function hostOf(address: string): string {
  return parseUrl(address)?.host ?? "";
}

/** The readable part of an address, folded. */
export function pathWords(address: string): string {
  const url = parseUrl(address);
  if (!url) return "";
  let path = url.pathname + url.search;
  try {
    path = decodeURIComponent(path);
  } catch {
    // A stray percent sign: the path as it stands.
  }
  return fold(path);
}

/** FNV-1a over a text: the draw that breaks ties, the same for the same seed. Between 0 and 1. */
export function draw(seed: number, text: string): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash / 2 ** 32;
}

/** `1 page`, `2 pages`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
