/** Phone numbers: how one is stored, and whether another text says the same one. */
import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from "libphonenumber-js/max";
import { fold } from "./fold.ts";
import { spelledRuns } from "./number-words.ts";

/** @returns E.164, or null where the text is no possible number */
export function toE164(text: string, country: string | undefined): string | null {
  const region = country !== undefined && isSupportedCountry(country) ? (country as CountryCode) : undefined;
  const parsed = parsePhoneNumberFromString(spokenToDigits(text), region);
  return parsed?.isPossible() ? parsed.number : null;
}

/** Digits in words become digits; a plus in front stays. */
export function spokenToDigits(text: string): string {
  const folded = fold(text).text;
  const run = spelledRuns(folded)[0];
  if (run === undefined) return folded;
  return run.plus || /\+\s*$/.test(folded.slice(0, run.start)) ? `+${run.digits}` : run.digits;
}

export interface PhoneForm {
  /** Country calling code, e.g. `44`. */
  code: string;
  /** National significant number, without a leading zero that is only dialled inside the country. */
  national: string;
}

/** @param e164 a number that {@link toE164} gave */
export function phoneForm(e164: string): PhoneForm {
  const parsed = parsePhoneNumberFromString(e164);
  if (parsed === undefined) return { code: "", national: e164.replace(/\D/g, "").replace(/^0+/, "") };
  return { code: parsed.countryCallingCode, national: parsed.nationalNumber };
}

/** What is dialled before a national number, where it is not 0. */
const TRUNK: Record<string, string> = { "1": "1", "7": "8", "36": "06" };

/** Whether a string of digits, in whichever form it is dialled, reaches `form`. A number without its area code is nobody's in particular. */
export function dials(digits: string, form: PhoneForm): boolean {
  const { code, national } = form;
  if (!digits.endsWith(national)) return false;
  const before = digits.slice(0, digits.length - national.length);
  const trunk = TRUNK[code] ?? "0";
  return before === "" || before === trunk || new RegExp(`^(?:00|011|810)?${code}0?$`).test(before);
}
