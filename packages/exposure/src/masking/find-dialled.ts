/** Finds phone numbers in addresses of pages, where most runs of digits are ids: only those that are written as one dials. */
import { spelledRuns } from "../identity/forms/number-words.ts";
import { type FoundPhone, isIsbn10, lookAlikes } from "./find-phones.ts";
import { findScattered } from "./find-scattered.ts";

const GAP = "[-. _()]{0,2}";
const FORMS: readonly RegExp[] = [
  // With a country code.
  new RegExp(String.raw`(?:\+|(?<![\p{L}\p{N}.])00)[1-9](?:${GAP}\d){7,14}(?!\d)`, "gu"),
  // With the zero that is dialled before an area code.
  new RegExp(String.raw`(?<![\p{N}.]|\p{N}-)0[1-9](?:${GAP}\d){8,9}(?!\d)`, "gu"),
  // American, in its groups.
  /(?<![\p{L}\p{N}-])(?:1[-. ])?\(?[2-9]\d\d\)?[-. ]{1,2}[2-9]\d\d[-. ]\d{4}(?![\p{L}\p{N}]|-\d)/gu,
  // Where the address says what it is.
  /(?<=(?:phone|telefon|tel|mobile|cell|call(?:er)?|number|numero|nummer|dial|sms|whatsapp|fax|reverse|lookup)[-_a-z]{0,12}[/=.:-]{1,2})\+?(?:1[-. ])?\d(?:[-. ]?\d){6,14}(?![\p{L}\p{N}])/giu,
];

/** @param text an address, or a part of one, decoded and folded */
export function findDialled(text: string): FoundPhone[] {
  const digits = lookAlikes(text);
  const found: FoundPhone[] = [];
  for (const form of FORMS) {
    for (const match of digits.matchAll(form)) {
      const said = match[0].replace(/\D/g, "");
      if (/^\d{10}$/.test(match[0]) && isIsbn10(said)) continue;
      found.push({ start: match.index, end: match.index + match[0].length, digits: said });
    }
  }
  const spelled = spelledRuns(digits).filter((run) => run.words >= 3 && run.digits.length >= 7);
  return [...found, ...spelled, ...findScattered(digits)];
}
