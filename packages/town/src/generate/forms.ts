/** The ways people write phone numbers, e-mail addresses, street addresses and dates. */
import { type Country, dialled, international, national } from "./country.ts";
import { type Html, html, raw } from "./html.ts";
import type { Rng } from "./rng.ts";

export interface Address {
  street: string;
  town: string;
  region: string | null;
  postcode: string;
}

export type PhoneForm = "national" | "international" | "dotted" | "spaced" | "words" | "mixed" | "split";
export type EmailForm = "plain" | "words" | "brackets" | "parens" | "entity" | "split";
export type AddressForm = "line" | "lines" | "street";
export type DateForm = "iso" | "long" | "slashed";

/** Forms that no plain pattern finds. */
export const HARD_FORMS: ReadonlySet<string> = new Set(["spaced", "words", "mixed", "split", "brackets", "parens"]);

const DIGIT_WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

export function digitWords(digits: string, zero: string): string {
  return [...digits].map((d) => (d === "0" ? zero : (DIGIT_WORDS[Number(d)] ?? d))).join(" ");
}

export function writePhone(phone: string, form: PhoneForm, rng: Rng): string | Html {
  const groups = national(phone)
    .replace(/[()]/g, "")
    .split(/[\s-]+/);
  switch (form) {
    case "national":
      return national(phone);
    case "international":
      return international(phone);
    case "dotted":
      return groups.join(".");
    case "spaced":
      return [...dialled(phone)].join(" ");
    case "words":
      return digitWords(dialled(phone), rng.pick(["oh", "zero"]));
    case "mixed": {
      const worded = rng.int(0, groups.length - 1);
      return groups.map((group, i) => (i === worded ? digitWords(group, rng.pick(["oh", "zero"])) : group)).join(" ");
    }
    case "split":
      return html`${groups.map((group) => html`<span>${group}</span>`)}`;
  }
}

export function writeEmail(email: string, form: EmailForm): string | Html {
  const [local = "", domain = ""] = email.split("@");
  switch (form) {
    case "plain":
      return email;
    case "words":
      return `${local.replaceAll(".", " dot ")} at ${domain.replaceAll(".", " dot ")}`;
    case "brackets":
      return `${local} [at] ${domain.replaceAll(".", " [dot] ")}`;
    case "parens":
      return `${local}(at)${domain}`;
    case "entity":
      return raw(`${local}&#64;${domain.replaceAll(".", "&#46;")}`);
    case "split":
      return html`<span>${local}</span><span>@</span><span>${domain}</span>`;
  }
}

/** `14 Larkspur Lane, Harrowborough HB3 4QT`, or with the region where the country writes one. */
export function writeAddress(address: Address, form: AddressForm): string | Html {
  const end = [address.region, address.postcode].filter((part) => part !== null).join(" ");
  const separator = address.region === null ? " " : ", ";
  switch (form) {
    case "line":
      return `${address.street}, ${address.town}${separator}${end}`;
    case "lines":
      return html`${address.street}<br>${address.town}${separator}${end}`;
    case "street":
      return `${address.street}, ${address.town}`;
  }
}

export const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** `iso` is `1984-03-14`. */
export function writeDate(iso: string, form: DateForm, country: Country): string {
  const [year = "", month = "", day = ""] = iso.split("-");
  const name = MONTHS[Number(month) - 1] ?? "";
  const dayFirst = country.dates === "day first";
  switch (form) {
    case "iso":
      return iso;
    case "long":
      return dayFirst ? `${Number(day)} ${name} ${year}` : `${name} ${Number(day)}, ${year}`;
    case "slashed":
      return dayFirst ? `${day}/${month}/${year}` : `${month}/${day}/${year}`;
  }
}
