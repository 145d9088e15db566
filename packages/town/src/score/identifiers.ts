/** Finds a known phone number, e-mail address, street address or birth date in a text, in any form people write them. */
import type { FactKind } from "../town.ts";
import { datesIn } from "./dates.ts";
import { addressWords, houseWords, phoneDigits, plainEmail, westernDigits } from "./value.ts";

export const IDENTIFYING: ReadonlySet<FactKind> = new Set(["phone", "e-mail", "address", "birth date"]);

export interface Searchable {
  holds(kind: FactKind, value: string): boolean;
}

const DIGITS: Record<string, string> = {
  zero: "0",
  oh: "0",
  o: "0",
  nought: "0",
  one: "1",
  two: "2",
  three: "3",
  four: "4",
  five: "5",
  six: "6",
  seven: "7",
  eight: "8",
  nine: "9",
};
const SPOKEN = new RegExp(`\\b(?:(double|triple)[\\s-]+)?(${Object.keys(DIGITS).join("|")})\\b`, "gi");

/**
 * What a machine writes for itself and nobody dials: clocks in milliseconds, fractions to the last place, digests. By chance these
 * hold somebody's number: for 100 seconds a clock began with 1795550 1, and was +1 709 555 01.. of whoever had such a number.
 */
const MACHINES = /(?<![\d+])1[5-9]\d{11}(?!\d)|(?<!\d)0\.\d{14,}(?!\d)|\b(?=\d*[a-f])[\da-f]{32,}\b/g;

/** Digits of a text with what stands between them gone: `oh seven, (9) 46` becomes `07946`. */
function digitsOf(text: string): string {
  return westernDigits(text)
    .replace(MACHINES, "|")
    .replace(SPOKEN, (_, times: string | undefined, word: string) =>
      (DIGITS[word.toLowerCase()] ?? "").repeat(times === undefined ? 1 : times.toLowerCase() === "double" ? 2 : 3),
    )
    .replace(/(?<=\d)[\s().,/·•–—_-]+(?=\d)/g, "");
}

/** The digits of a number that every way of writing it has: without country code and trunk zero. */
function core(phone: string): string {
  const digits = phoneDigits(phone);
  return digits.slice(-Math.max(7, digits.length - 3));
}

/**
 * @param own phone numbers that may stand in the text, and must not be taken for part of another.
 */
export function searchable(text: string, own: string[] = []): Searchable {
  const digits = own.reduce((rest, phone) => rest.replaceAll(core(phone), "|"), digitsOf(text));
  const emails = plainEmail(text).replace(/[*_`]/g, (mark) => (mark === "_" ? mark : ""));
  const addresses = ` ${addressWords(text)} `;
  const dates = datesIn(text);
  return {
    holds(kind, value) {
      switch (kind) {
        case "phone":
          return core(value).length >= 7 && digits.includes(core(value));
        case "e-mail":
          return standsAlone(emails, plainEmail(value));
        case "address":
          return houseWords(value).includes(" ") && addresses.includes(` ${houseWords(value)} `);
        case "birth date":
          return [...datesIn(value)].some((date) => dates.has(date));
        default:
          return false;
      }
    },
  };
}

/** `ada@quill.example` does not stand in `nada@quill.example`. */
function standsAlone(text: string, address: string): boolean {
  for (let at = text.indexOf(address); at >= 0; at = text.indexOf(address, at + 1)) {
    const before = text[at - 1] ?? " ";
    const after = text.slice(at + address.length, at + address.length + 2);
    if (!/[a-z0-9._+-]/.test(before) && !/^[a-z0-9-]|^\.[a-z0-9]/.test(after)) return true;
  }
  return false;
}
