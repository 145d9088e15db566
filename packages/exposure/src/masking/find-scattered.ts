/** Finds phone numbers whose digits stand further apart than people write them, as pages do that hide them from harvesters. */
import type { FoundPhone } from "./find-phones.ts";

/** Anything but letters and digits, lines and table cells included, or a word that joins. */
const GAP = String.raw`(?:[^\p{L}\p{N}\ue000]{1,16}(?:(?:and|then|dash|dot|und|et|y)[^\p{L}\p{N}\ue000]{1,4})?|\s?[x×]\s?)`;
const RUN = new RegExp(String.raw`\+?\d{1,12}(?:${GAP}\d{1,10}){2,40}(?![\p{L}\p{N}])`, "giu");

/** Times of day, prices and other fractions. */
const MEASURES = /(?<![\d.,:])(?:[01]?\d|2[0-4])[:.h][0-5]\d(?![\d:])|(?<![\d.,])\d+[.,]\d{1,2}(?![.,]?\d)/g;

/** @param digits folded text in which look-alikes are digits and other numbers are taken out */
export function findScattered(digits: string): FoundPhone[] {
  const found: FoundPhone[] = [];
  const open = digits.replace(MEASURES, (match) => "\ue000".repeat(match.length));
  for (const run of open.matchAll(RUN)) {
    const groups = [...run[0].matchAll(/\d+/g)].map((match) => ({
      start: run.index + match.index,
      end: run.index + match.index + match[0].length,
      digits: match[0],
      plus: run[0][match.index - 1] === "+",
    }));
    for (let from = 0; from < groups.length; from++) {
      const taken = numberAt(groups.slice(from, from + 17));
      const [first, last] = [groups[from], groups[from + taken - 1]];
      if (taken === 0 || first === undefined || last === undefined) continue;
      const said = groups.slice(from, from + taken).map((group) => group.digits);
      found.push({ start: first.plus ? first.start - 1 : first.start, end: last.end, digits: said.join("") });
      from += taken - 1;
    }
  }
  return found;
}

/** How many of the groups, from the first on, make a number that is dialled; the most of those that can. */
function numberAt(groups: readonly { digits: string; plus: boolean }[]): number {
  const [first] = groups;
  if (first === undefined) return 0;
  let digits = "";
  let most = 0;
  for (const [index, group] of groups.entries()) {
    digits += group.digits;
    if (digits.length > 15) break;
    const said = groups.slice(0, index + 1).map((each) => each.digits);
    if (index >= 2 && isDialled(digits, said, first.plus)) most = index + 1;
  }
  return most;
}

function isDialled(digits: string, groups: readonly string[], plus: boolean): boolean {
  const n = digits.length;
  if (groups.every((group, index) => Number(group) === Number(groups[0]) + index)) return false;
  if (/^[01]+$/.test(digits) || /^(\d)\1+$/.test(digits)) return false;
  if (plus) return n >= 9;
  if (groups.every((group) => group.length === 1)) return n >= 10 && n <= 13 && !"012345678910111213".includes(digits);
  if (/^00[1-9]/.test(digits)) return n >= 11;
  if (/^0[1-9]/.test(digits)) return n === 10 || n === 11;
  return /^[2-9]\d\d,[2-9]\d\d,\d{4}$/.test(groups.join());
}
