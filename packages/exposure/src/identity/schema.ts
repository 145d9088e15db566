/** Who the operator is: what the agent may know of them, and what only the vault does. */
import { z } from "zod";
import { addressParts } from "./forms/address.ts";
import { dateReadings, findDates } from "./forms/date.ts";
import { isEmail, lowerCaseEmail } from "./forms/email.ts";
import { fold } from "./forms/fold.ts";
import { toE164 } from "./forms/phone.ts";

/** A fault in the operator's identity that a person can mend. Its message never holds a sealed value. */
export class IdentityError extends Error {
  override name = "IdentityError";
}

const line = z.string().trim().min(1).max(200);

/** What the agent may use: searched for, shown to the mind, kept in the clear. */
export const IdentitySeeds = z.strictObject({
  names: z.array(line).max(20).default([]),
  usernames: z
    .array(line.regex(/^@?[^\s@]+$/, "a username has no spaces"))
    .max(50)
    .default([]),
  city: line.optional(),
  employer: line.optional(),
  sites: z.array(line).max(50).default([]),
});
export type IdentitySeeds = z.infer<typeof IdentitySeeds>;

/** What the vault alone knows. Normalised: E.164, lower case, one line, ISO date. */
export const Sealed = z.strictObject({
  phones: z.array(line).max(20).default([]),
  emails: z.array(line).max(20).default([]),
  addresses: z.array(line).max(20).default([]),
  birthDates: z.array(line).max(5).default([]),
});
export type Sealed = z.infer<typeof Sealed>;

export const IdentityInput = z.strictObject({
  seeds: IdentitySeeds.prefault({}),
  sealed: Sealed.prefault({}),
});
export interface Identity {
  seeds: IdentitySeeds;
  sealed: Sealed;
}

/** The kinds of identifier that are sealed, as findings name them. */
export type SealedKind = "phone" | "e-mail" | "address" | "birth date";

/** @returns the region of a locale, e.g. `GB` of `en-GB` */
export function countryOfLocale(locale: string = Intl.DateTimeFormat().resolvedOptions().locale): string | undefined {
  try {
    return new Intl.Locale(locale).region;
  } catch {
    return undefined;
  }
}

/**
 * Checks and normalises what a person typed.
 * @param input JSON of the form {@link IdentityInput}
 * @param options.country ISO country that phone numbers without `+` are in; default: the locale's
 * @throws {IdentityError} one line that says what is wrong, without the value
 */
export function parseIdentity(input: unknown, options: { country?: string } = {}): Identity {
  const parsed = IdentityInput.safeParse(input);
  if (!parsed.success) throw new IdentityError(describe(parsed.error));
  const { seeds, sealed } = parsed.data;
  const country = options.country?.toUpperCase() ?? countryOfLocale();
  return {
    seeds: {
      ...seeds,
      names: distinct(seeds.names.map((name) => name.replace(/\s+/g, " "))),
      usernames: distinct(seeds.usernames.map((name) => name.replace(/^@/, ""))),
      sites: distinct(seeds.sites.map(siteAddress)),
    },
    sealed: {
      phones: distinct(sealed.phones.map((text) => phone(text, country))),
      emails: distinct(sealed.emails.map(email)),
      addresses: distinct(sealed.addresses.map(address)),
      birthDates: distinct(sealed.birthDates.map(birthDate)),
    },
  };
}

function distinct(values: string[]): string[] {
  return [...new Set(values)];
}

/** Zod's own messages may quote the input; these name the place only. */
function describe(error: z.ZodError): string {
  const issue = error.issues[0];
  const where = issue?.path.join(".") ?? "";
  const place = where === "" ? "The identity" : `"${where}" of the identity`;
  if (issue?.code === "unrecognized_keys") {
    return `${place} has a key that Candor does not know: ${issue.keys.join(", ").slice(0, 80)}. Known: seeds, sealed.`;
  }
  if (issue?.code === "too_big") return `${place} is too long.`;
  if (issue?.code === "too_small") return `${place} is empty.`;
  if (issue?.code === "invalid_type")
    return `${place} must be ${issue.expected === "array" ? "a list" : issue.expected === "object" ? "an object" : `a ${issue.expected}`}.`;
  return `${place} is not valid${where.includes("usernames") ? ": a username has no spaces" : ""}.`;
}

function phone(text: string, country: string | undefined): string {
  const number = toE164(text, country);
  if (number !== null) return number;
  const end = fold(text).text.replace(/\D/g, "").slice(-2);
  const hint =
    country === undefined
      ? "give it with its country code, e.g. +44 …"
      : `give it with its country code, or as dialled in ${country}`;
  throw new IdentityError(
    `The phone number ending in ${end === "" ? "(no digits)" : end} is not a valid number: ${hint}.`,
  );
}

function email(text: string, index: number): string {
  const address = lowerCaseEmail(text);
  if (!isEmail(address))
    throw new IdentityError(`E-mail address ${index + 1} is not a valid address: it must look like name@host.org.`);
  return address;
}

function address(text: string, index: number): string {
  const tidy = text.replace(/\s+/g, " ");
  if (addressParts(tidy).street.length === 0) {
    throw new IdentityError(
      `Street address ${index + 1} has no street in it: write street, house number, postcode and place.`,
    );
  }
  return tidy;
}

function birthDate(text: string, index: number): string {
  const folded = fold(text).text;
  const readings = dateReadings(folded).filter(
    (date) => date >= "1880-01-01" && date <= new Date().toISOString().slice(0, 10),
  );
  const named = findDates(folded).some((date) => date.readings.length === 1);
  const [only, ...others] = readings;
  if (only === undefined) {
    throw new IdentityError(`Birth date ${index + 1} is not a date: write it as year-month-day, e.g. 1984-03-12.`);
  }
  if (others.length > 0 && !named) {
    throw new IdentityError(
      `Birth date ${index + 1} can be read in two ways: write it as year-month-day, e.g. 1984-03-12.`,
    );
  }
  return only;
}

function siteAddress(text: string): string {
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  try {
    const url = new URL(address);
    if (url.protocol !== "http:" && url.protocol !== "https:") throw new TypeError("not http");
    url.hash = "";
    return url.href;
  } catch {
    throw new IdentityError(`"${text}" is not the address of a web page.`);
  }
}
