/** Cuts text into what can be recognised again: tokens that must match exactly, and runs of three words as hashes. */

const TOKEN = /https?:\/\/[^\s<>"'`]{1,4000}|\+?\(?\d[\d ().-]{4,24}\d(?![\w@])|[\p{L}\p{N}_@.+/=%~-]{8,400}/giu;
const PLAIN_WORDS = /^[\p{L}.'/-]+$/u;

export interface Scan {
  /** Exact tokens: addresses, e-mail addresses, `#digits`, long tokens. */
  tokens: string[];
  /** Shorter tokens of letters and digits, or of letters that no word has in a row: too common to prove where text is from, unless a passage is short. */
  marks: string[];
  urls: URL[];
  /** One hash for each three words in a row; a zero stands where the row is broken. */
  grams: number[];
  /** For each gram: characters of its first word and the gap after it. */
  widths: number[];
}

/** @param grams false when only the tokens are wanted */
export function scan(text: string, grams = true): Scan {
  const result: Scan = { tokens: [], marks: [], urls: [], grams: [], widths: [] };
  const plain = text.normalize("NFKC");
  const lower = plain.toLowerCase();
  let from = 0;
  for (const { 0: match, index } of plain.matchAll(TOKEN)) {
    if (/^https?:\/\//i.test(match)) {
      const url = URL.parse(match.replace(/[.,;:!?)\]}]+$/, ""));
      if (!url) continue;
      url.hash = "";
      result.urls.push(url);
      result.tokens.push(url.href);
      if (grams) addGrams(lower.slice(from, index), result);
      from = index + match.length;
    } else addToken(match, result);
  }
  if (grams) addGrams(from === 0 ? lower : lower.slice(from), result);
  return result;
}

function addToken(match: string, result: Scan): void {
  if (/^[+(]*\d[\d ().-]*$/.test(match)) {
    const digits = match.replace(/\D/g, "");
    if (digits.length >= 6) result.tokens.push(`#${digits}`);
    return;
  }
  const token = match.toLowerCase().replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");
  if (/^[^@/]+@[^@/]+\.[^@/.]{2,}$/.test(token)) result.tokens.push(token);
  else if (PLAIN_WORDS.test(token)) {
    // Long words are everybody's; what is longer than any word is somebody's.
    if (token.length >= 32 && !/[.'/-]/.test(token)) result.tokens.push(token);
    else if (token.length >= 8 && /[bcdfghj-np-tv-xz]{5}/.test(token)) result.marks.push(token);
  } else if (token.length >= 12) result.tokens.push(token);
  else if (token.length >= 8 && /\d/.test(token) && /\p{L}/u.test(token)) result.marks.push(token);
}

/** Hashes without making strings: a page of 10 kB is done in a fraction of a millisecond. */
function addGrams(lower: string, { grams, widths }: Scan): void {
  if (grams.length > 0) {
    grams.push(0);
    widths.push(0);
  }
  let h1 = 0;
  let h2 = 0;
  let s1 = -1;
  let s2 = -1;
  let hash = 0;
  let start = -1;
  for (let at = 0; at <= lower.length; at++) {
    const code = at < lower.length ? lower.charCodeAt(at) : 32;
    if (isInvisible(code)) continue;
    if (isWord(code)) {
      if (start < 0) {
        start = at;
        hash = 0x811c9dc5;
      }
      hash = Math.imul(hash ^ code, 0x01000193);
    } else if (start >= 0) {
      if (s1 >= 0) {
        const mixed = Math.imul(Math.imul(h1 ^ (h1 >>> 15), 0x2c1b3c6d) ^ h2, 0x297a2d39) ^ Math.imul(hash, 0x5bd1e995);
        grams.push(mixed ^ (mixed >>> 13) || 1);
        widths.push(s2 - s1);
      }
      h1 = h2;
      s1 = s2;
      h2 = hash;
      s2 = start;
      start = -1;
    }
  }
}

const isInvisible = (code: number): boolean =>
  code === 0xad || (code >= 0x200b && code <= 0x200f) || (code >= 0x2060 && code <= 0x2064) || code === 0xfeff;

const isWord = (code: number): boolean =>
  (code >= 97 && code <= 122) ||
  (code >= 48 && code <= 57) ||
  (code > 0xbf && !(code >= 0x2000 && code <= 0x206f) && !(code >= 0x3000 && code <= 0x303f));
