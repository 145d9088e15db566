/** Finds phone numbers of any country, in digits, in words, or in both. */
import { spelledRuns } from "../identity/forms/number-words.ts";
import { findScattered } from "./find-scattered.ts";

export interface FoundPhone {
  start: number;
  end: number;
  digits: string;
}

interface Group {
  start: number;
  end: number;
  digits: string;
  /** What stands between it and the group before. */
  gap: string;
}

const STRONG_CUE =
  /(?:\btel(?:efono?n?|ephone|éfono|efone|efoon)?|phone|\bfon|\bmob(?:ile|iel|il)?|\bcell(?:ulare|phone)?|\bsms|whats\s?app|\bfax|\bhandy|rufnummer|\btél[\p{L}.]*|\bmóvil|\bportable|\bdial|\bhotline|\bviber|☎|✆|📞|📱|(?<![\p{L}\d])[tmpf](?=\s?[:.]))[^\d\n]{0,24}\n?[^\d\n]{0,4}$/iu;
const CALL_CUE = /\b(?:call|ring|text|reach|dial)(?:(?:\s+\p{L}+){0,2}\s+(?:on|at|under))?\s*:?\s*$/iu;
const WEAK_CUE =
  /\b(?:call|ring|text|reach|contact|signal|telegram|number|numero|numéro|nummer|appelez|anrufen|ruf|bel|llama)\b[^\d\n]{0,30}$/iu;
const ID_CUE =
  /(?:\b(?:order|invoice|ref(?:erence)?|isbn|issn|ean|upc|gtin|sku|asin|item|article|ticket|case|id|no|nr|num|serial|s\/n|part|model|version|build|commit|rev|doi|pmid|pmcid|arxiv|bug|issue|account|customer|booking|tracking|parcel|patent|vat|ust|siret|siren|company|charity|registered|licen[cs]e|port|pid|uid|offset|bytes?|size|timestamp|epoch|lot|batch|barcode|catalog(?:ue)?|accession|osm|way|node|relation|hash|key|page|pages|pp|lines?|row|section|chapter|score|total|sum|population|pop|seed|iban|bic|konto|blz|orcid|grid|job|run)\b|№|#)[^\p{L}\d\n]{0,6}$/iu;
const UNIT_AFTER =
  /^ ?(?:€|\$|£|¥|%|°|EUR\b|USD\b|GBP\b|CHF\b|kr\b|zł|km\b|kg\b|cm\b|mm\b|m²|[kMG]B\b|bytes?\b|people\b|inhabitants\b|users?\b|views?\b|visitors\b|copies\b|years?\b|dollars?\b|euros?\b|pounds\b|votes?\b|members?\b|followers\b|downloads\b|stars\b|tonnes\b|Hz\b|W\b|px\b)/i;
const MONEY_BEFORE = /(?:[$€£¥₹]|\b(?:EUR|USD|GBP|CHF|kr|Rs\.?))\s?$/;

/** Numbers of other kinds that would read as part of a phone number. */
const BENIGN: { pattern: RegExp; check?: (match: string) => boolean }[] = [
  // Dates with a four-digit year.
  {
    pattern:
      /(?<![\d.\-/])(?:(?:19|20)\d{2}([-/.])[01]?\d\1[0-3]?\d|[0-3]?\d([-/.])[0-3]?\d\2(?:19|20)\d\d)(?![.\-/]?\d)/g,
  },
  // Spans of years.
  { pattern: /(?<![\d.\-/+(]|\d )(?:1[5-9]|20)\d\d ?[-/] ?(?:(?:1[5-9]|20)\d\d|\d\d)(?![-./]?\d| \d)/g },
  { pattern: /(?<![\d.+(])(?:\d{1,3}\.){3}\d{1,3}(?![\d.]|-\d)/g, check: isIp },
  // Decimal fractions, and so coordinates.
  { pattern: /(?<![\d.\-/()+])-?(?:0|[1-9]\d{0,2})\.\d{3,}(?![.\-\d]| \d{3})/g },
  { pattern: /(?<!\d)97[89][- ]?(?:\d[- ]?){9}\d(?!\d)/g, check: isIsbn13 },
  { pattern: /(?<![\d-])\d{1,5}[- ]\d{1,7}[- ]\d{1,6}[- ][\dXx](?![\d-])/g, check: isIsbn10 },
  { pattern: /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b/g },
  { pattern: /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi },
  { pattern: /\b\d{4}-\d{4}-\d{4}-\d{3}[\dX]\b/g },
  // Thousands with commas.
  { pattern: /(?<![\d.,\-+(])[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?(?![\d,])/g },
  // A time span such as 0900-1730.
  { pattern: /(?<![\d.\-+])(?:[01]\d|2[0-3])[.]?[0-5]\d ?- ?(?:[01]\d|2[0-3])[.]?[0-5]\d(?![\d.-]| \d)/g },
];

function isIp(text: string): boolean {
  return text.split(".").every((part) => Number(part) < 256 && (part === "0" || !part.startsWith("0")));
}
function isIsbn13(text: string): boolean {
  const digits = text.replace(/\D/g, "");
  return (
    digits.length === 13 &&
    [...digits].reduce((sum, digit, index) => sum + Number(digit) * (index % 2 === 0 ? 1 : 3), 0) % 10 === 0
  );
}
export function isIsbn10(text: string): boolean {
  const digits = text.replace(/[^\dXx]/g, "");
  if (digits.length !== 10) return false;
  return (
    [...digits].reduce((sum, digit, index) => sum + (/x/i.test(digit) ? 10 : Number(digit)) * (10 - index), 0) % 11 ===
    0
  );
}

/** How numbers without a leading zero are grouped, per national formats (libphonenumber's examples of every country). */
const SHAPES = new Set(
  (
    "3-3-4 3-3-3 3-4 2-2-2-2 4-4 2-5-4 2-3-3 1-3-3-2-2 1-4-4 1-2-2-2-2 3-4-4 3-7 3-2-2 1-3-4 2-6 3-2-2-2 2-2-4 3-5 1-3-3-4 2-3-4 2-3-2-2 " +
    "2-4-4 3-6 3-3-2-2 5-5 1-3-7 1-10 3-8 4-6 4-3-3 3-2-3 1-2-3-2-2"
  ).split(" "),
);
/** Country calling codes of one and two digits, and the first digits of those of three. */
const CALLING_CODE =
  /^(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|2[1234569]\d|3[578]\d|42\d|5[09]\d|6[789]\d|8[058]\d|9[679]\d)$/;

/** A number of 17 digits spelled one by one. */
const MOST_GROUPS = 17;

const RUN = /(?:\+|\(\+?|\[)?\s?\d(?:[ \t.\-_/()[\]{}·•*~']{0,4}\d)*/g;

const HAN = "〇一二三四五六七八九零壹贰叁肆伍陆柒捌玖";

/** `0771O 2345l8` as a reader sees it, and numerals that are characters of their own; same length. */
export function lookAlikes(text: string): string {
  let plain = text;
  if (/[零〇一-九壹-陆]/.test(plain))
    plain = plain.replace(
      /[〇一二三四五六七八九零壹贰叁肆伍陆柒捌玖](?:[\s-]?[〇一二三四五六七八九零壹贰叁肆伍陆柒捌玖]){6,}/g,
      (run) => run.replace(/[^\s-]/g, (numeral) => String(HAN.indexOf(numeral) % 10)),
    );
  if (!/[OolISBОоΟοІ]/.test(plain)) return plain;
  plain = plain.replace(
    /(?<![\p{L}\p{N}])(?=[OolIОоΟοІ]*\d[\dOolIОоΟοІ]*\d)[\dOolIОоΟοІ]{3,}(?![\p{L}\p{N}])/gu,
    asDigits,
  );
  return plain.replace(/(?<![\p{L}\p{N}])(?=(?:[OSB]*\d){5})[0O][\dOSB]{8,12}(?![\p{L}\p{N}])/gu, asDigits);
}

const asDigits = (token: string): string =>
  token
    .replace(/[OoОоΟο]/g, "0")
    .replace(/[lIІ]/g, "1")
    .replaceAll("S", "5")
    .replaceAll("B", "8");

/**
 * @param text folded text
 * @param digits the same after {@link lookAlikes}
 * @param cued the text stands where a phone number is expected
 */
export function findPhones(text: string, digits: string, cued: boolean): FoundPhone[] {
  const found: FoundPhone[] = [];
  const open = withoutBenign(digits);
  if (/\d/.test(open)) {
    for (const run of open.matchAll(RUN)) {
      const count = run[0].replace(/\D/g, "").length;
      if (count < (cued ? 3 : 5)) continue;
      inRun(open, run.index, run[0], cued, found);
    }
  }
  if (/\d\D+\d/.test(open)) found.push(...findScattered(open));
  for (const run of spelledRuns(open)) {
    const before = text.slice(Math.max(0, run.start - 60), run.start);
    const cue = cued || STRONG_CUE.test(before) || CALL_CUE.test(before);
    const enough = run.digits.length >= (cue ? 5 : 7) && run.digits.length <= 30;
    if (enough && (run.words >= 3 || (run.words >= 1 && run.digits.length >= 9)) && !isCounting(run.digits)) {
      found.push({ start: run.start, end: run.end, digits: run.digits });
    }
  }
  // `two one two 555 0108` is one number, though its end reads as one too.
  return found.filter(
    (phone) =>
      !found.some(
        (other) =>
          other.start <= phone.start && other.end >= phone.end && other.end - other.start > phone.end - phone.start,
      ),
  );
}

/** Replaces numbers of other kinds by signs that no phone number holds, unless they are announced as phone numbers. */
function withoutBenign(text: string): string {
  let open = text;
  for (const { pattern, check } of BENIGN) {
    open = open.replace(pattern, (match: string, ...rest: unknown[]) => {
      const at = rest.find((value) => typeof value === "number") ?? 0;
      if (check !== undefined && !check(match)) return match;
      const before = text.slice(Math.max(0, at - 40), at);
      if (STRONG_CUE.test(before) || CALL_CUE.test(before) || (WEAK_CUE.test(before) && match.length > 7)) return match;
      return "\ue000".repeat(match.length);
    });
  }
  return open;
}

function inRun(text: string, offset: number, run: string, cued: boolean, found: FoundPhone[]): void {
  const groups: Group[] = [];
  let end = 0;
  for (const match of run.matchAll(/\d+/g)) {
    groups.push({
      start: offset + match.index,
      end: offset + match.index + match[0].length,
      digits: match[0],
      gap: run.slice(end, match.index),
    });
    end = match.index + match[0].length;
  }
  // A plus, a wide gap or a spaced slash begins another number; so does a leading zero once there is a whole number.
  const parts: Group[][] = [];
  let part: Group[] = [];
  for (const [index, group] of groups.entries()) {
    const length = sum(part);
    const breaks =
      part.length > 0 &&
      (group.gap.includes("+") ||
        (length >= 7 && /\s{2}|\s\/\s|\t/.test(group.gap)) ||
        (length >= 9 &&
          /\s|\/|\)/.test(group.gap) &&
          /^0[1-9]/.test(group.digits) &&
          sum(groups.slice(index, index + MOST_GROUPS)) >= 9));
    if (breaks) {
      parts.push(part);
      part = [];
    }
    part.push(group);
  }
  parts.push(part);
  for (const candidate of parts) {
    let from = 0;
    let follows = true;
    while (from < candidate.length) {
      const rest = candidate.slice(from, from + MOST_GROUPS + 1);
      const taken: number = follows || isStart(rest) ? longestPhone(text, rest, cued) : 0;
      if (taken > 0) push(text, rest.slice(0, taken), found);
      const next = taken > 0 ? taken : rest.findIndex((group, index) => index > 0 && /\s/.test(group.gap));
      if (next < 0) break;
      from += next;
      follows = taken > 0;
    }
  }
}

/** In the middle of a run of numbers only these begin a phone number: a dialled zero, a bracketed or American area code. */
function isStart(groups: readonly Group[]): boolean {
  const [first, second, third] = groups;
  if (first === undefined) return false;
  if (/^0[1-9]/.test(first.digits) || /[(+]/.test(first.gap)) return true;
  return first.digits.length === 3 && second?.digits.length === 3 && third?.digits.length === 4;
}

function sum(groups: readonly Group[]): number {
  return groups.reduce((total, group) => total + group.digits.length, 0);
}

/** How many of the first groups make a phone number: all of them, or as many as stand before a space. */
function longestPhone(text: string, groups: Group[], cued: boolean): number {
  const start = groups[0]?.start ?? 0;
  const before = text.slice(Math.max(0, start - 60), start);
  const lead: Lead = {
    before,
    plus: /\+\s?\(?$/.test(before),
    strong: cued || STRONG_CUE.test(before.replace(/[(+[\s]+$/, " ")) || CALL_CUE.test(before),
    cued,
  };
  if (groups.length <= MOST_GROUPS && isPhone(text, groups, lead)) return groups.length;
  for (let count = Math.min(groups.length - 1, MOST_GROUPS); count > 0; count--) {
    if (!/\s/.test(groups[count]?.gap ?? "")) continue;
    const first = groups.slice(0, count);
    const length = sum(first);
    if (length < 9) break;
    if (length <= 17 && isPhone(text, first, lead)) return count;
  }
  return 0;
}

/** What stands before a number. */
interface Lead {
  before: string;
  plus: boolean;
  /** Announced as a phone number. */
  strong: boolean;
  cued: boolean;
}

function push(text: string, groups: readonly Group[], found: FoundPhone[]): void {
  const first = groups[0];
  const last = groups.at(-1);
  if (first === undefined || last === undefined) return;
  const lead = /(?:\+\s?|\(\s?\+?\s?|\[\s?\+?)$/.exec(text.slice(Math.max(0, first.start - 4), first.start))?.[0] ?? "";
  const digits = groups.map((group) => group.digits).join("");
  found.push({ start: first.start - lead.length, end: last.end, digits });
}

function isPhone(text: string, groups: readonly Group[], { before, plus, strong, cued }: Lead): boolean {
  const first = groups[0];
  const last = groups.at(-1);
  if (first === undefined || last === undefined) return false;
  const digits = groups.map((group) => group.digits).join("");
  const n = digits.length;
  if (plus && n >= 7 && n <= 15) return true;
  if (n > 17) return false;
  if (strong) return n >= (cued ? 3 : 5);
  const piecemeal = groups.length === 1 || groups.every((group) => group.digits.length === 1);
  const counted =
    groups.length > 3 && groups.every((group, index) => Number(group.digits) === Number(first.digits) + index);
  if (counted || (piecemeal && isCounting(digits)) || /^(\d)\1+$/.test(digits)) return false;
  if (n < 7) return false;
  const after = text.slice(last.end, last.end + 16);
  if (MONEY_BEFORE.test(before) || UNIT_AFTER.test(after)) return false;
  const weak = WEAK_CUE.test(before);
  if (weak && n >= 7 && n <= 15 && !ID_CUE.test(before)) return true;
  const touching = touches(before, after);
  const shape = groups.map((group) => group.digits.length).join("-");
  const spread = groups.length > 1;
  const dialled = /^00[1-9]/.test(digits) ? n >= 10 && n <= 17 : /^0[1-9]/.test(digits) && n >= 9 && n <= 13;
  if (dialled && !/^[01]+$/.test(digits)) {
    if (spread)
      return (
        first.digits.length > 1 ||
        groups.every((group) => group.digits.length <= 3) ||
        /[()]/.test(groups[1]?.gap ?? "")
      );
    if (touching === "code") return false;
    if (/^07\d{9}$/.test(digits)) return true;
    return n >= 9 && n <= 15 && !ID_CUE.test(before);
  }
  if (touching !== "none") return false;
  if (spread && /^0[1-9]\d/.test(first.digits) && n >= 7 && n <= 8) return true;
  if (groups.length > 2 && /^0[1-9]/.test(first.digits) && n === 8 && !/^(?:19|20)\d\d$/.test(last.digits)) return true;
  if (ID_CUE.test(before))
    return spread && shape === "3-3-4" && /^[2-9]\d\d[2-9]/.test(digits) && /[()-]/.test(groups[1]?.gap ?? "");
  return spread ? isGrouped(groups, digits, shape) : isBare(digits);
}

function isGrouped(groups: readonly Group[], digits: string, shape: string): boolean {
  const n = digits.length;
  const [first, second] = groups;
  if (first === undefined || second === undefined) return false;
  const gaps = groups.slice(1).map((group) => group.gap);
  const dotted = gaps.every((gap) => gap === ".");
  if (groups.length === 2 && dotted) return false;
  if (groups.every((group) => /^(?:1[5-9]|20)\d\d$/.test(group.digits))) return false;
  // Thousands: 1 234 567 or 12.345.678. With spaces, 71 123 456 is a phone number in several countries.
  if (
    first.digits.length < 3 &&
    new Set(gaps).size === 1 &&
    /^[ .']$/.test(gaps[0] ?? "") &&
    !(gaps[0] === " " && shape === "2-3-3") &&
    groups.slice(1).every((group) => group.digits.length === 3)
  ) {
    return false;
  }
  if (groups.every((group) => group.digits.length === 1)) return n >= 10 && n <= 13 && !/^[01]+$/.test(digits);
  if (n < 7 || n > 15 || first.digits.startsWith("0")) return false;
  if (shape === "2-2-2-2" && new Set(gaps).size > 1) return false;
  if (shape === "1-3-3-4" || shape === "1-10" || shape === "1-3-7" || shape === "1-3-3-2-2")
    return /^[178]/.test(digits);
  if (shape === "3-6" || shape === "2-6" || shape === "4-6" || shape === "5-5" || shape === "3-5")
    return !dotted && !gaps.includes("/");
  if (SHAPES.has(shape)) return true;
  return (
    !dotted &&
    groups.length >= 3 &&
    n >= 10 &&
    n <= 14 &&
    CALLING_CODE.test(first.digits) &&
    !/^(?:19|20)\d\d$/.test(second.digits)
  );
}

/** Digits in one piece, without anything that says what they are. */
function isBare(digits: string): boolean {
  return (
    /^[2-9]\d\d[2-9]\d{6}$/.test(digits) ||
    /^[6-9]\d{9}$/.test(digits) ||
    /^1[2-9]\d\d[2-9]\d{6}$/.test(digits) ||
    /^1[3-9]\d{9}$/.test(digits) ||
    /^[78]9\d{9}$/.test(digits) ||
    /^[679]\d{8}$/.test(digits) ||
    /^(?:44[1237]\d{9}|49[1-9]\d{9,10}|33[1-9]\d{8}|34[679]\d{8}|39[03]\d{8,9}|31[1-9]\d{8}|41[1-9]\d{8}|43[1-9]\d{8,10}|46[1-9]\d{8}|48[1-9]\d{8}|91[6-9]\d{9}|61[2-478]\d{8})$/.test(
      digits,
    )
  );
}

/** Whether letters touch the digits: those of a word (`Phone0771…`), or those of a code (`SKU-07a3`). */
function touches(before: string, after: string): "none" | "word" | "code" {
  const left = /[\p{L}_][\p{L}\p{N}_-]*$/u.exec(before)?.[0] ?? "";
  const right = /^[\p{L}_]+/u.exec(after)?.[0] ?? "";
  if (left === "" && right === "" && !/[#=]$/.test(before)) return "none";
  if (/[#=_-]$/.test(before) || /\d/.test(left)) return "code";
  if ((left !== "" && !/\p{L}{2,}$/u.test(left)) || (right !== "" && right.length < 3)) return "code";
  return /^[\da-f]*$/i.test(left + right) ? "code" : "word";
}

function isCounting(digits: string): boolean {
  return (
    "012345678910111213141516".includes(digits) ||
    "9876543210".includes(digits) ||
    "102030405060708090100".includes(digits)
  );
}
