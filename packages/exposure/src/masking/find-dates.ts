/** Finds dates of birth: dates that are announced as one. The operator's own are found without being announced. */
import { type FoundDate, findDates } from "../identity/forms/date.ts";

const CUE_BEFORE =
  /(?:birth(?:day|date)?\b|\bborn\b|\bd\.?\s?o\.?\s?b\b|\bb-?day\b|\bgeb(?:oren|\.)|geburts\p{L}*|\bn[ée]e?\s+(?:le|en|à)\b|naissance|nacid[oa]|nacimiento|\bnat[oa]\b|nascita|geboortedatum|nascid[oa]|nascimento|\bfödd?\b|\bfødt\b|fødselsdag|urodz\p{L}*|\(\s?b\.|(?<![\p{L}\p{N}*])\*(?!\*)|(?<!\p{L})[♈🎂🎉])[^\n]{0,48}\n?[^\n]{0,3}$/iu;
const CUE_AFTER =
  /^[^\n.;]{0,24}\b(?:birthday|birth\s?date|date of birth|geburtstag|anniversaire|cumpleaños|compleanno|was born|is when \w+ was born)\b/i;
/** Another event between the cue and the date takes it: `born in Leeds, married 3 May 2010`. */
const OTHER_EVENT =
  /\b(?:died|dies|married|joined|since|updated|posted|published|founded|graduated|hired|started|moved|until|opened|expires|issued|visited)\b/i;
/** Nobody born before is alive. */
const FIRST_YEAR = "1900";

export interface FoundBirthDate extends FoundDate {
  own: number | null;
}

/**
 * @param text folded text
 * @param cued the text stands where a date of birth is expected
 * @param ownIndex index of the operator's birth date among the readings, or null
 */
export function findBirthDates(
  text: string,
  cued: boolean,
  ownIndex: (readings: readonly string[], day: string | undefined) => number | null,
): FoundBirthDate[] {
  const found: FoundBirthDate[] = [];
  for (const date of findDates(text)) {
    const own = date.readings.length > 0 ? ownIndex(date.readings, undefined) : null;
    if (own !== null) {
      found.push({ ...date, own });
      continue;
    }
    if (date.readings.length > 0 && date.readings.every((reading) => reading < FIRST_YEAR)) continue;
    if (!cued && !announced(text, date)) continue;
    found.push({ ...date, own: ownIndex(date.readings, date.day) });
  }
  return found;
}

function announced(text: string, date: FoundDate): boolean {
  const before = text.slice(Math.max(0, date.start - 80), date.start);
  const cue = CUE_BEFORE.exec(before);
  if (cue !== null && !OTHER_EVENT.test(cue[0])) return true;
  return CUE_AFTER.test(text.slice(date.end, date.end + 50));
}
