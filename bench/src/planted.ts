/** Looks for identifiers of other people in everything that Candor keeps, in the forms they may take. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Town } from "@candor/town";

/** What others' pages show of them, prepared for the search. */
export interface Planted {
  /** Digits without country code, at least nine. */
  phones: Set<string>;
  emails: Set<string>;
  /** Street and house number, lower case. */
  streets: Set<string>;
  streetForm: RegExp;
  /** ISO dates. */
  birthDates: Set<string>;
}

export function plantedIn(town: Town): Planted {
  const values = (kind: string) =>
    town.facts.filter((f) => f.owner !== "operator" && f.kind === kind).map((f) => f.value);
  const own = new Set(town.facts.filter((f) => f.owner === "operator").map((f) => f.value));
  const { sealed } = town.persona;
  const ownStreets = new Set(sealed.addresses.map(streetOf));
  const streets = new Set(
    values("address")
      .map(streetOf)
      .filter((street) => street && !ownStreets.has(street)),
  );
  const types = new Set([...streets].map((street) => street.split(" ").at(-1) ?? ""));
  return {
    phones: new Set(values("phone").map(lastDigits)),
    emails: new Set(
      values("e-mail")
        .filter((value) => !own.has(value))
        .map((value) => value.toLowerCase()),
    ),
    streets,
    streetForm: new RegExp(`\\b\\d{1,3} [a-z]+ (?:${[...types].filter(Boolean).join("|")})\\b`, "gi"),
    birthDates: new Set(values("birth date")),
  };
}

const streetOf = (address: string): string => (address.split(",")[0] ?? "").toLowerCase().trim();
const lastDigits = (text: string): string => text.replace(/\D/g, "").slice(-9);

/** Names where each identifier lies: in `texts`, and in the bytes of every file under `folder`. */
export function keptIn(planted: Planted, texts: { where: string; text: string }[], folder: string): string[] {
  const found = texts.flatMap(({ where, text }) =>
    inText(planted, text, true).map((what) => `${what} in ${where}: ${around(text, what)}`),
  );
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    // Dates are too common among random bytes and in the database's own tables to say anything there.
    for (const what of inText(planted, readFileSync(path).toString("latin1"), false))
      found.push(`${what} in ${relative(folder, path)}`);
  }
  return found;
}

function around(text: string, what: string): string {
  const at = text.indexOf(what.replace(/^(?:phone|e-mail|address|birth date) /, ""));
  return text.slice(Math.max(0, at - 80), at + 80).replace(/\s+/g, " ");
}

const MONTHS = "january february march april may june july august september october november december".split(" ");

function inText(planted: Planted, raw: string, dates: boolean): string[] {
  const text = raw.includes("%40") ? raw.replaceAll("%40", "@") : raw;
  const found: string[] = [];
  for (const [digits] of text.matchAll(/\+?\d(?:[ ().\-/]{0,2}\d){8,14}/g)) {
    const plain = digits.replace(/\D/g, "");
    for (let end = 9; end <= plain.length; end++)
      if (planted.phones.has(plain.slice(end - 9, end))) found.push(`phone ${digits}`);
  }
  for (const [address] of text.matchAll(/[\w.+-]{2,64}(?:@|\s?\[?\(?at\)?\]?\s?)[\w-]{2,40}\s?\.\s?[a-z]{2,9}/gi)) {
    const plain = address.toLowerCase().replace(/\s|[[\]()]/g, "");
    if (planted.emails.has(plain) || planted.emails.has(plain.replace(/(?<=\w)at(?=[\w-]+\.\w+$)/, "@")))
      found.push(`e-mail ${address}`);
  }
  for (const [street] of text.matchAll(planted.streetForm))
    if (planted.streets.has(street.toLowerCase())) found.push(`address ${street}`);
  if (dates) {
    for (const [date] of text.matchAll(/\b(?:19|20)\d\d-\d\d-\d\d\b/g))
      if (planted.birthDates.has(date)) found.push(`birth date ${date}`);
    for (const [whole, day = "", month = "", year] of text.matchAll(
      /\b(\d{1,2})(?:st|nd|rd|th)? ([A-Z][a-z]{2,8}),? ((?:19|20)\d\d)\b/g,
    )) {
      const number = MONTHS.findIndex((name) => name.startsWith(month.toLowerCase().slice(0, 3))) + 1;
      const date = `${year}-${String(number).padStart(2, "0")}-${day.padStart(2, "0")}`;
      if (planted.birthDates.has(date)) found.push(`birth date ${whole}`);
    }
  }
  return [...new Set(found)];
}
