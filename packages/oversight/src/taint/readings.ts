/** What an address says besides its host, read in each way in which text can be put into one. */

import { visible } from "../bait/bait.ts";
import { backwards, rot13 } from "../bait/disguises.ts";

/** Encodings within encodings are undone this often. */
const ROUNDS = 4;
/** More than any text of this length holds, so that no decoys push one out. */
const MOST_READINGS = 20_000;
export const MOST_CHARACTERS = 100_000;
/** Base64 of fewer characters holds no word worth hiding. */
const PART = /[A-Za-z0-9+/_-]{8,}={0,2}/g;
const READABLE = /^[\p{L}\p{N}\p{P}\p{S}\p{Zs}\n\r\t]{4,}$/u;

export interface Readings {
  /** As it stands, percent signs and plus signs undone. */
  plain: string[];
  /** What shows only when base64, hex, rot13, numbers for letters, or writing backwards is undone. */
  hidden: string[];
  /** Of what is hidden, what nobody could have meant otherwise: base64 and hex. Any text can be read backwards. */
  coded: string[];
}

export function readingsOf(url: URL): Readings {
  const parts = [url.username, url.password, ...url.pathname.split("/")];
  const keys: string[] = [];
  const values: string[] = [];
  for (const [key, value] of url.searchParams) {
    keys.push(key);
    values.push(value);
  }
  // Cut into pieces, a text reads on from value to value, or from segment to segment.
  const raw = [
    url.pathname,
    url.search.slice(1),
    url.hash.slice(1),
    url.hostname.split(".").slice(0, -2).join("."),
    ...[parts, keys, values].flatMap((pieces) => [pieces.join(" "), pieces.join("")]),
  ].map((text) => text.slice(0, MOST_CHARACTERS));
  const plain = [...new Set([dataOf(url), ...raw.map((text) => spaced(unescaped(text)))])];
  return { plain, ...undone(raw.map(unescaped)) };
}

/**
 * A text in each way in which it may be meant. `plain`: as it stands, look-alikes of plain letters made plain, characters that
 * show nothing left out, percent signs undone.
 */
export function readingsOfText(text: string): Readings {
  const plain = visible(text.slice(0, MOST_CHARACTERS).normalize("NFKC"));
  const whole = [...new Set([plain, unescaped(plain), decoded(plain)])];
  // Codes are often broken into lines.
  return { plain: whole, ...undone([...whole, plain.replace(/\s+/g, "")]) };
}

/** Path, query, user and password, as words. */
export function dataOf(url: URL): string {
  return spaced(decoded(`${url.username} ${url.password} ${url.pathname} ${url.search}`));
}

const spaced = (text: string): string => text.replace(/[/?&=;|,_+]+/g, " ").trim();

/** Percent-encoding undone as often as it was put on. */
export function unescaped(text: string): string {
  let result = text;
  for (let round = 0; round < 6 && /%[0-9a-f]{2}/i.test(result); round++) {
    const next = result.replace(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll("%", ""), "hex").toString());
    if (next === result) break;
    result = next;
  }
  return result;
}

/** Percent-encoding, and plus signs for spaces, undone. */
export const decoded = (text: string): string => unescaped(text.replaceAll("+", " ")).replaceAll("+", " ");

function undone(texts: readonly string[]): Pick<Readings, "hidden" | "coded"> {
  const turned = texts.flatMap((text) => [rot13(text), backwards(text), ...codes(text)]);
  const coded = decodedIn(texts);
  return { coded, hidden: [...new Set([...coded, ...turned.map(spaced), ...decodedIn(turned)])] };
}

function decodedIn(texts: readonly string[]): string[] {
  const found = new Set<string>();
  let open = [...new Set(texts)];
  for (let round = 0; round < ROUNDS && open.length > 0; round++) {
    open = open.flatMap((text) =>
      [...new Set([...(text.match(PART) ?? []), ...text.split(/[^\w+=-]+/)])].flatMap(inner),
    );
    open = open.filter((text) => !found.has(text)).slice(0, MOST_READINGS);
    for (const text of open) if (found.size < MOST_READINGS) found.add(text);
  }
  return [...found];
}

/** `65-100-97`: letters as their numbers. */
function codes(text: string): string[] {
  const runs = text.match(/(?:\d{2,3}\D{1,2}){3,}\d{2,3}/g) ?? [];
  return runs
    .map((run) => String.fromCharCode(...(run.match(/\d+/g) ?? []).map(Number)))
    .filter((said) => READABLE.test(said));
}

/** What base64 or hex says, if it says anything. */
function inner(part: string): string[] {
  if (part.length < 8) return [];
  const bytes = [
    ...(/^(?:[0-9a-f]{2})+$/i.test(part) ? [Buffer.from(part, "hex")] : []),
    ...(/^[\w+/-]+={0,2}$/.test(part) ? [Buffer.from(part, "base64")] : []),
  ];
  return bytes
    .map((each) => unescaped(each.toString("utf8")))
    .filter((text) => READABLE.test(text) && !text.includes("\ufffd"));
}
