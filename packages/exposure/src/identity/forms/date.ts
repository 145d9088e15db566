/** Calendar dates in text: every common way of writing one, in the languages of European pages. */
import { plainLetters } from "./fold.ts";

const MONTHS: string[] = [
  "january jan januar jänner janvier janv enero ene gennaio gen januari janeiro styczen stycznia tammikuu января янв ianuarie leden ledna",
  "february feb febr februar feber fevrier fevr fev febrero febbraio febbr februari fevereiro luty lutego helmikuu февраля фев unora",
  "march mar maerz marz mrz mars marzo maart mrt marco marec marca maaliskuu марта brezna",
  "april apr avril avr abril abr aprile kwiecien kwietnia huhtikuu апреля апр dubna",
  "may mai mayo maggio mag mei maio maj maja toukokuu мая kvetna",
  "june jun juni juin junio giugno giu junho czerwiec czerwca kesakuu июня июн cervna",
  "july jul juli juillet juil julio luglio lug julho lipiec lipca heinakuu июля июл cervence",
  "august aug aout agosto ago ags augustus augusti sierpien sierpnia elokuu августа авг srpna",
  "september sept sep septembre septiembre settembre set sett setembro wrzesien wrzesnia syyskuu сентября сен zari",
  "october oct oktober okt octobre octubre ottobre ott out outubro oktobre pazdziernik pazdziernika lokakuu октября окт rijna",
  "november nov novembre noviembre novembro listopad listopada marraskuu ноября ноя",
  "december dec dezember dez decembre diciembre dic dicembre dezembro desember grudzien grudnia joulukuu декабря дек prosince",
];
const MONTH_OF = new Map(
  MONTHS.flatMap((list, index) => list.split(" ").map((word): [string, number] => [plainLetters(word), index + 1])),
);

const ORDINALS = new Map(
  (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth " +
    "eighteenth nineteenth twentieth twenty-first twenty-second twenty-third twenty-fourth twenty-fifth twenty-sixth twenty-seventh " +
    "twenty-eighth twenty-ninth thirtieth thirty-first"
  )
    .split(" ")
    .map((word, index): [string, number] => [word, index + 1]),
);
const YEAR_TENS = ["", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const YEAR_UNITS =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(
    " ",
  );

export interface FoundDate {
  start: number;
  end: number;
  /** ISO dates it may mean: `03/12/84` has four readings. Empty where no year is given. */
  readings: string[];
  /** `MM-DD`, where no year is given. */
  day?: string;
}

function iso(year: number, month: number, day: number): string | null {
  if (month < 1 || month > 12 || day < 1 || year < 1000 || year > 2200) return null;
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (day > last) return null;
  return `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

function years(text: string): number[] {
  const value = Number(text.replace(/\D/g, ""));
  return text.replace(/\D/g, "").length === 4 ? [value] : [1900 + value, 2000 + value];
}

function readings(yearText: string, pairs: [month: number, day: number][]): string[] {
  const found = years(yearText).flatMap((year) => pairs.map(([month, day]) => iso(year, month, day)));
  return [...new Set(found.filter((date) => date !== null))];
}

const EDGE = "(?<![\\p{L}\\p{N}])";
const YEAR_FIRST = new RegExp(
  `${EDGE}(\\d{4})\\s?[-/.\\s年년]\\s?(\\d{1,2})\\s?[-/.\\s月월]\\s?(\\d{1,2})(?![\\p{N}])`,
  "gu",
);
const NUMERIC = new RegExp(`${EDGE}(\\d{1,2})\\s?[-/.]\\s?(\\d{1,2})\\s?[-/.]\\s?(\\d{4}|\\d{2})(?![\\p{N}])`, "gu");
const SPACED = new RegExp(`${EDGE}(\\d{1,2}) (\\d{1,2}) ((?:19|20)\\d{2})(?![\\p{N}])`, "gu");
const DAY_MONTH = new RegExp(
  `${EDGE}(\\d{1,2})(?:st|nd|rd|th|er|ème|[ºª°.])?(?:\\s+|-|/|\\.)(?:of\\s+|de\\s+|d'|do\\s+|the\\s+)?(\\p{L}{3,12})(?:[.,]?\\s*(?:[-/]\\s*)?(?:de[l]?\\s+|of\\s+)?['’]?(\\d{4}|\\d{2})(?!\\p{N}))?`,
  "gu",
);
const MONTH_DAY = new RegExp(
  `${EDGE}(\\p{L}{3,12})\\.?[\\s-]+(?:the\\s+)?(\\d{1,2})(?:st|nd|rd|th)?(?!\\p{N})(?:[,.]?[\\s-]*['’]?(\\d{4})(?!\\p{N}))?`,
  "gu",
);
const YEAR_MONTH = new RegExp(`${EDGE}(\\d{4})[\\s,./-]+(\\p{L}{3,12})\\.?[\\s./-]+(\\d{1,2})(?!\\p{N})`, "gu");
const COMPACT = new RegExp(`${EDGE}((?:19|20)\\d{2})([01]\\d)([0-3]\\d)(?=$|[^\\p{N}\\p{L}]|T\\d)`, "gu");
const SPOKEN =
  /(?<!\p{L})(?:(?:the\s+)?(\p{L}+(?:-\p{L}+)?)\s+(?:day\s+)?(?:of\s+)?(\p{L}{3,9})|(\p{L}{3,9})\s+(?:the\s+)?(\p{L}+(?:-\p{L}+)?))(?:,)?\s+(nineteen|twenty)[\s-](?:(?:hundred\s+(?:and\s+)?)|oh[\s-])?(\p{L}+(?:[\s-]\p{L}+)?)/giu;

/**
 * Dates in text, in no order; two may overlap.
 * @param text folded text
 */
export function findDates(text: string): FoundDate[] {
  const found: FoundDate[] = [];
  const add = (match: RegExpExecArray, dates: string[]) => {
    if (dates.length > 0) found.push({ start: match.index, end: match.index + match[0].length, readings: dates });
  };
  if (!/\d/.test(text)) {
    addSpoken(text, found);
    return found;
  }
  for (const match of text.matchAll(YEAR_FIRST)) {
    add(match, readings(match[1] ?? "", [[Number(match[2]), Number(match[3])]]));
  }
  for (const pattern of [NUMERIC, SPACED]) {
    for (const match of text.matchAll(pattern)) {
      const [first, second] = [Number(match[1]), Number(match[2])];
      add(
        match,
        readings(match[3] ?? "", [
          [first, second],
          [second, first],
        ]),
      );
      if ((match[3] ?? "").length === 2) {
        // 84-03-12
        add(match, readings(match[1] ?? "", [[second, Number(match[3])]]));
      }
    }
  }
  for (const match of text.matchAll(COMPACT))
    add(match, readings(match[1] ?? "", [[Number(match[2]), Number(match[3])]]));
  if (/\p{L}{3}/u.test(text)) {
    for (const match of text.matchAll(DAY_MONTH))
      named(match, match[2], match[1], match[3], found, (match[3] ?? "").length);
    for (const match of text.matchAll(MONTH_DAY))
      named(match, match[1], match[2], match[3], found, (match[3] ?? "").length);
    for (const match of text.matchAll(YEAR_MONTH)) named(match, match[2], match[3], match[1], found, 4);
  }
  addSpoken(text, found);
  return found;
}

function named(
  match: RegExpExecArray,
  monthText: string | undefined,
  dayText: string | undefined,
  yearText: string | undefined,
  found: FoundDate[],
  yearLength: number,
): void {
  const month = MONTH_OF.get(plainLetters(monthText ?? ""));
  const day = Number(dayText);
  if (month === undefined || day < 1 || day > 31) return;
  const start = match.index;
  const end = start + match[0].length;
  if (yearText === undefined || yearLength === 0) {
    found.push({ start, end, readings: [], day: `${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}` });
    return;
  }
  const dates = readings(yearText, [[month, day]]);
  if (dates.length > 0) found.push({ start, end, readings: dates });
}

function addSpoken(text: string, found: FoundDate[]): void {
  if (!/nineteen|twenty/i.test(text)) return;
  for (const match of text.matchAll(SPOKEN)) {
    const day = ORDINALS.get((match[1] ?? match[4] ?? "").toLowerCase());
    const month = MONTH_OF.get(plainLetters(match[2] ?? match[3] ?? ""));
    if (day === undefined || month === undefined) continue;
    const words = (match[6] ?? "").toLowerCase().split(/[\s-]/);
    const ten = YEAR_TENS.indexOf(words[0] ?? "") * 10;
    const unit = YEAR_UNITS.indexOf((ten > 0 ? words[1] : words[0]) ?? "");
    const rest = Math.max(ten, 0) + Math.max(unit, 0);
    const date = iso((match[5]?.toLowerCase() === "nineteen" ? 1900 : 2000) + rest, month, day);
    if (date === null) continue;
    const extra = ten > 0 && unit < 0 && words.length > 1 ? (words[1] ?? "").length + 1 : 0;
    found.push({ start: match.index, end: match.index + match[0].length - extra, readings: [date] });
  }
}

/** @returns every ISO date a whole text may mean */
export function dateReadings(text: string): string[] {
  const trimmed = text.trim();
  return [...new Set(findDates(trimmed).flatMap((date) => date.readings))];
}
