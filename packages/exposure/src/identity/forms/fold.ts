/** Undoes what hides characters from a pattern: other digits and widths, invisible characters, exotic spaces and dashes. */

export interface Folded {
  text: string;
  /** For each index of `text` (and its length) the index in the original; null where the two are the same. */
  at: Uint32Array | null;
}

const PLAIN = /^[\t\n\r\x20-\x7e]*$/;
/** Control characters show nothing; the first of the private use area is the masker's own sign. */
const CONTROL = /[\p{Cc}\ue000]/u;
const INVISIBLE = /\p{Default_Ignorable_Code_Point}|\u20e3/u;
const SPACE = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/;
const DASH = /[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]/;
const FULL_STOP = /[\u3002\uff61]/;
const MARK = /\p{M}/u;
const DIGIT = /\p{Nd}/u;

const replacements = new Map<string, string>();

/** What one code point beyond ASCII reads as; empty for one that shows nothing. */
function replacement(char: string): string {
  const known = replacements.get(char);
  if (known !== undefined) return known;
  let text: string;
  if (char === "\v" || char === "\f" || char === "\u0085") text = " ";
  else if (INVISIBLE.test(char) || CONTROL.test(char)) text = "";
  else if (SPACE.test(char)) text = " ";
  else if (DASH.test(char)) text = "-";
  else if (FULL_STOP.test(char)) text = ".";
  else if (DIGIT.test(char)) text = digitValue(char);
  else text = ringed(char) ?? char.normalize("NFKC");
  if (replacements.size < 20_000) replacements.set(char, text);
  return text;
}

/** Digits in rings and boxes that have no compatible form, each with the digit that its row begins with. */
const RINGED: [first: number, last: number, digit: number][] = [
  [0x24ff, 0x24ff, 0],
  [0x2776, 0x277e, 1],
  [0x2780, 0x2788, 1],
  [0x278a, 0x2792, 1],
  [0x24f5, 0x24fd, 1],
  [0x1f10b, 0x1f10c, 0],
];

function ringed(char: string): string | undefined {
  const code = char.codePointAt(0) ?? 0;
  const row = RINGED.find(([first, last]) => code >= first && code <= last);
  return row === undefined ? undefined : code >= 0x1f10b ? "0" : String(row[2] + code - row[0]);
}

function digitValue(char: string): string {
  const compatible = char.normalize("NFKC");
  if (/^\d$/.test(compatible)) return compatible;
  // Unicode keeps decimal digits in runs of ten, zero first.
  const code = char.codePointAt(0) ?? 0;
  let first = code;
  while (code - first < 9 && DIGIT.test(String.fromCodePoint(first - 1))) first -= 1;
  return String(code - first);
}

/** Folds `original` so that patterns for plain text see what a reader sees. Letters keep their accents and case. */
export function fold(original: string): Folded {
  if (PLAIN.test(original)) return { text: original, at: null };
  const at = new Uint32Array(original.length * 4 + 1);
  let text = "";
  let afterDigit = false;
  for (let index = 0; index < original.length; ) {
    const code = original.charCodeAt(index);
    if (code < 0x80 && (code >= 0x20 || code === 0x09 || code === 0x0a || code === 0x0d) && code !== 0x7f) {
      at[text.length] = index;
      text += original[index];
      afterDigit = code >= 0x30 && code <= 0x39;
      index += 1;
      continue;
    }
    const char = String.fromCodePoint(original.codePointAt(index) ?? code);
    // A stroke through or a ring around a digit hides it from a pattern, not from a reader.
    let shown = afterDigit && MARK.test(char) ? "" : replacement(char);
    if (text.length + shown.length > original.length * 4) shown = char;
    for (let n = 0; n < shown.length; n++) at[text.length + n] = index;
    text += shown;
    if (shown !== "") afterDigit = /\d$/.test(shown);
    index += char.length;
  }
  at[text.length] = original.length;
  return { text, at: at.subarray(0, text.length + 1) };
}

/** Lower case without accents, for comparing words. */
export function plainLetters(text: string): string {
  return text
    .toLowerCase()
    .replaceAll("ß", "ss")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replaceAll("ø", "o")
    .replaceAll("ł", "l")
    .replaceAll("æ", "ae");
}
