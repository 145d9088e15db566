/** Text that says one thing to people and another to whoever undoes it: look-alike letters, letters apart, rot13, base64, backwards. */

import { lately } from "./lately.ts";

const LATIN: Record<string, string> = {
  а: "a", в: "b", с: "c", ԁ: "d", е: "e", ё: "e", һ: "h", і: "i", ї: "i", ј: "j", к: "k", м: "m", н: "h", о: "o", р: "p", ѕ: "s", т: "t", у: "y", х: "x", ѵ: "v", ԝ: "w",
  А: "A", В: "B", С: "C", Е: "E", Н: "H", І: "I", Ј: "J", К: "K", М: "M", О: "O", Р: "P", Ѕ: "S", Т: "T", У: "Y", Х: "X",
  α: "a", ε: "e", ι: "i", κ: "k", ν: "v", ο: "o", ρ: "p", τ: "t", υ: "u", χ: "x", Α: "A", Β: "B", Ε: "E", Ζ: "Z", Η: "H", Ι: "I", Κ: "K", Μ: "M", Ν: "N", Ο: "O", Ρ: "P", Τ: "T", Χ: "X", Υ: "Y",
}; // biome-ignore format: one letter beside its double
const DOUBLES = new RegExp(`[${Object.keys(LATIN).join("")}]`, "gu");
/** Letters of two alphabets in one word: no language writes so. */
const MIXED =
  /\p{Script=Latin}[\p{Script=Cyrillic}\p{Script=Greek}]|[\p{Script=Cyrillic}\p{Script=Greek}]\p{Script=Latin}/u;
const APART = /(?:(?<![^\s])[^\s]\s){16,}[^\s]?/gu;
const CODED = /[A-Za-z0-9+/_-]{24,}={0,2}/g;
const READABLE = /^[\p{L}\p{N}\p{P}\p{S}\p{Zs}\n\r\t]{8,}$/u;
const MOST_PIECES = 200;

export interface Undone {
  text: string;
  /** How much hides in it: a disguise that happens by chance proves nothing, one that does not is a sign itself. */
  by: "alphabet" | "code" | "chance";
}

/** Other ways to read a text, without the text itself. */
export const undisguised = lately((text: string): readonly Undone[] => {
  const found: Undone[] = [];
  if (MIXED.test(text))
    found.push({ text: text.replace(DOUBLES, (letter) => LATIN[letter] ?? letter), by: "alphabet" });
  for (const [piece] of [...text.matchAll(APART)].slice(0, MOST_PIECES))
    found.push({ text: piece.replace(/\s/g, ""), by: "code" });
  for (const [piece] of [...text.matchAll(CODED)].slice(0, MOST_PIECES)) {
    const plain = Buffer.from(piece, "base64").toString("utf8");
    if (READABLE.test(plain) && plain.includes(" ")) found.push({ text: plain, by: "code" });
  }
  // Only what is no language as it stands may be one when it is turned.
  const strange = text.split("\n").flatMap(strangeIn);
  for (const turn of strange.length > 0 ? [rot13, backwards] : []) {
    const turned = strange.map(turn);
    const meant = turned.filter((line) => functionWords(line) >= 3);
    if (meant.length > 0) found.push({ text: meant.join("\n"), by: "code" });
    else found.push({ text: turned.join("\n"), by: "chance" });
  }
  return found;
});

const FUNCTION_WORDS =
  /\b(?:the|of|and|is|are|to|in|for|with|has|have|be|been|can|that|this|by|at|on|it|not|you|your|under|as)\b/gi;

/** The whole of a strange line, or the strange sentences of another: a disguise may stand among plain sentences. */
const strangeIn = (line: string): string[] =>
  isStrange(line) ? [line] : line.split(/(?<=[.!?:])\s+|\s+(?=[.!?:]\p{L})/u).filter(isStrange);

const isStrange = (text: string): boolean => text.length >= 12 && !isLanguage(text);

const functionWords = (line: string): number => line.match(FUNCTION_WORDS)?.length ?? 0;

/** One small word in a dozen: a line in disguise has one by chance, and a longer one has not that many. */
const isLanguage = (line: string): boolean => functionWords(line) * 12 >= line.length / 5;

export const rot13 = (text: string): string =>
  text.replace(/[a-z]/gi, (letter) => {
    const base = letter <= "Z" ? 65 : 97;
    return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base);
  });

/** Line by line, so that a line that reads backwards stays one. */
export const backwards = (text: string): string =>
  text
    .split("\n")
    .map((line) => line.split("").reverse().join(""))
    .join("\n");
