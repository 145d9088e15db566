/** Dates in a text, in whatever order of day, month and year. */

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const MONTH = "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\\.?";
const DAY = "(\\d{1,2})(?:st|nd|rd|th)?";

const YEAR_FIRST = /(?<!\d)(\d{4})[-/. ]?(\d{1,2})[-/. ]?(\d{1,2})(?!\d)/g;
const YEAR_LAST = /(?<!\d)(\d{1,2})[-/. ]{1,2}(\d{1,2})[-/. ]{1,2}(\d{4})(?!\d)/g;
const DAY_MONTH = new RegExp(`${DAY}(?:\\s+of)?[-\\s]+${MONTH}[-,\\s]+(\\d{4})`, "gi");
const MONTH_DAY = new RegExp(`${MONTH}\\s+${DAY},?\\s+(\\d{4})`, "gi");

/** ISO forms of every date in `text`; of `03/04/1985` both readings. */
export function datesIn(text: string): Set<string> {
  const dates = new Set<string>();
  const add = (year: string | undefined, month: number, day: string | number | undefined): void => {
    const date = new Date(Date.UTC(Number(year), month - 1, Number(day)));
    if (date.getUTCMonth() + 1 === month && date.getUTCDate() === Number(day))
      dates.add(date.toISOString().slice(0, 10));
  };
  const monthOf = (name: string | undefined): number => MONTHS.indexOf((name ?? "").slice(0, 3).toLowerCase()) + 1;
  for (const [, year, month, day] of text.matchAll(YEAR_FIRST)) add(year, Number(month), day);
  for (const [, one, two, year] of text.matchAll(YEAR_LAST)) {
    add(year, Number(two), one);
    add(year, Number(one), two);
  }
  for (const [, day, month, year] of text.matchAll(DAY_MONTH)) add(year, monthOf(month), day);
  for (const [, month, day, year] of text.matchAll(MONTH_DAY)) add(year, monthOf(month), day);
  return dates;
}
