/** Text that says one thing to people and another to whoever undoes it: look-alike letters, letters apart, rot13, base64, backwards. */

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
export function undisguised(text: string): Undone[] {
  const found: Undone[] = [];
  if (MIXED.test(text))
    found.push({ text: text.replace(DOUBLES, (letter) => LATIN[letter] ?? letter), by: "alphabet" });
  for (const [piece] of [...text.matchAll(APART)].slice(0, MOST_PIECES))
    found.push({ text: piece.replace(/\s/g, ""), by: "code" });
  for (const [piece] of [...text.matchAll(CODED)].slice(0, MOST_PIECES)) {
    const plain = Buffer.from(piece, "base64").toString("utf8");
    if (READABLE.test(plain) && plain.includes(" ")) found.push({ text: plain, by: "code" });
  }
  found.push({ text: rot13(text), by: "chance" }, { text: backwards(text), by: "chance" });
  return found;
}

export const rot13 = (text: string): string =>
  text.replace(/[a-z]/gi, (letter) => {
    const base = letter <= "Z" ? 65 : 97;
    return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base);
  });

/** Line by line, so that a line that reads backwards stays one. */
export const backwards = (text: string): string =>
  text
    .split("\n")
    .map((line) => [...line].reverse().join(""))
    .join("\n");
