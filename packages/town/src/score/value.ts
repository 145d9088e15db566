/** When two values of a kind are the same thing, however they are written. */
import type { FactKind } from "../town.ts";
import { datesIn } from "./dates.ts";
import { hostAndPath } from "./urls.ts";

/** Words in lower case without accents and punctuation, one space between. */
export function words(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/['’]/g, "")
    .replace(/&/g, " and ")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

const joined = (text: string): string => words(text).replaceAll(" ", "");

/** Digits of every script as 0 to 9. */
export function westernDigits(text: string): string {
  return text.normalize("NFKC").replace(/(?![0-9])\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    // Each script has its ten digits in a row.
    let value = 0;
    while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value += 1;
    return String(value);
  });
}

export function phoneDigits(text: string): string {
  return westernDigits(text).replace(/\D/g, "").replace(/^00/, "");
}

/** International and national forms of one number are the same. */
function samePhone(a: string, b: string): boolean {
  const [x, y] = [phoneDigits(a), phoneDigits(b)];
  if (x === y) return x.length > 0;
  const [short, long] = x.length < y.length ? [x, y] : [y, x];
  const national = short.replace(/^0+/, "");
  return national.length >= 7 && long.length - national.length <= 3 && long.endsWith(national);
}

const LEGAL_FORMS =
  /( (and co|co|company|corp|corporation|inc|incorporated|llc|llp|lp|ltd|limited|plc|pty|gmbh|ag|kg|ohg|ug|se|sa|sas|sarl|srl|spa|bv|nv|as|asa|ab|oy|aps|group|holding|holdings))+$/;

function employer(name: string): string {
  // "N.V." and "S. A." are written with points; by then they are single letters with spaces between.
  const plain = words(name)
    .replace(/\b(\p{L}) (?=\p{L}\b)/gu, "$1")
    .replace(/^the /, "");
  return plain.replace(LEGAL_FORMS, "").replaceAll(" ", "") || plain;
}

function username(text: string): string {
  const trimmed = text.trim().toLowerCase().replace(/^@/, "");
  const at = trimmed.lastIndexOf("@");
  const host = trimmed
    .slice(at + 1)
    .replace(/^https?:\/\//, "")
    .replace(/^www\./, "")
    .replace(/[/:].*$/, "");
  return `${trimmed.slice(0, Math.max(0, at))}@${host}`;
}

const STREET_WORDS: Record<string, string> = {
  st: "street",
  rd: "road",
  ave: "avenue",
  av: "avenue",
  ln: "lane",
  dr: "drive",
  ct: "court",
  pl: "place",
  sq: "square",
  blvd: "boulevard",
  apt: "apartment",
  str: "strasse",
};

export function addressWords(text: string): string {
  return words(text)
    .split(" ")
    .map((word) => STREET_WORDS[word] ?? word)
    .join(" ");
}

/** The part of an address that says which house: up to the first comma that has a number before it. */
export function houseWords(address: string): string {
  const parts = address.split(/,|\n/);
  const upTo = parts.findIndex((part) => /\d/.test(part)) + 1;
  return addressWords((upTo > 0 ? parts.slice(0, upTo) : parts).join(" "));
}

function sameAddress(a: string, b: string): boolean {
  const [x, y] = [addressWords(a), addressWords(b)];
  if (x === y) return x !== "";
  const [short, long] = x.length < y.length ? [x, y] : [y, x];
  return /\d/.test(short) && short.includes(" ") && `${long} `.startsWith(`${short} `);
}

const POSITION = /^\s*(-?\d+(?:\.\d+)?)\s*[,;\s]\s*(-?\d+(?:\.\d+)?)\s*$/;

function position(text: string): [latitude: number, longitude: number] | null {
  const match = POSITION.exec(text);
  return match === null ? null : [Number(match[1]), Number(match[2])];
}

const EARTH_RADIUS_KM = 6371;

/** Great-circle distance of two positions in degrees. */
function kilometres(a: [number, number], b: [number, number]): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const [north, east] = [radians(b[0] - a[0]), radians(b[1] - a[1])];
  const h = Math.sin(north / 2) ** 2 + Math.cos(radians(a[0])) * Math.cos(radians(b[0])) * Math.sin(east / 2) ** 2;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** Positions up to a kilometre apart, or the same place name; `Wrenport` is `Wrenport, Norland`. */
function sameLocation(a: string, b: string): boolean {
  const [here, there] = [position(a), position(b)];
  if (here !== null && there !== null) return kilometres(here, there) <= 1;
  if (here !== null || there !== null) return false;
  if (joined(a) === joined(b)) return joined(a) !== "";
  const [x, y] = [a.split(","), b.split(",")];
  return (x.length === 1 || y.length === 1) && joined(x[0] ?? "") !== "" && joined(x[0] ?? "") === joined(y[0] ?? "");
}

/** `name at host dot org` and `name [at] host [dot] org` as `name@host.org`; lower case, no spaces. */
export function plainEmail(text: string): string {
  return text
    .toLowerCase()
    .replace(/\s*[[({<]\s*(?:at|@)\s*[\])}>]\s*|\s+at\s+|\s*@\s*/g, "@")
    .replace(/\s*[[({<]\s*(?:dot|\.)\s*[\])}>]\s*|\s+dot\s+/g, ".")
    .trim();
}

export function sameValue(kind: FactKind, a: string, b: string): boolean {
  switch (kind) {
    case "phone":
      return samePhone(a, b);
    case "e-mail":
      return plainEmail(a) === plainEmail(b);
    case "address":
      return sameAddress(a, b);
    case "birth date": {
      const there = datesIn(b);
      return [...datesIn(a)].some((date) => there.has(date));
    }
    case "employer":
      return employer(a) === employer(b) && employer(a) !== "";
    case "username":
      return username(a) === username(b);
    case "photo":
      return hostAndPath(a) === hostAndPath(b);
    case "location":
      return sameLocation(a, b);
    case "school":
      return joined(a.replace(/^\s*the\s+/i, "")) === joined(b.replace(/^\s*the\s+/i, "")) && joined(a) !== "";
    case "interest":
      return joined(a) === joined(b) && joined(a) !== "";
  }
}
