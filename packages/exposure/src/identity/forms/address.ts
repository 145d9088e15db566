/** Postal addresses: their parts, and whether another text says the same one. */
import { plainLetters } from "./fold.ts";

/** Words that end an English street name, with their abbreviations. */
const STREET_WORDS: Record<string, string> = {
  street: "st str",
  road: "rd",
  lane: "ln la",
  avenue: "ave av",
  close: "cl",
  drive: "dr drv",
  way: "wy",
  court: "ct crt",
  place: "pl",
  terrace: "ter terr tce",
  crescent: "cres cr",
  gardens: "gdns garden",
  grove: "gr grv",
  hill: "hl",
  row: "",
  square: "sq",
  mews: "",
  walk: "wlk",
  parade: "pde",
  rise: "",
  wharf: "",
  quay: "",
  boulevard: "blvd boul bvd bd",
  highway: "hwy",
  parkway: "pkwy pky",
  circle: "cir",
  trail: "trl",
  park: "pk",
  green: "grn",
  view: "vw",
  yard: "yd",
  passage: "psge",
  alley: "aly",
  path: "",
  loop: "",
  esplanade: "esp",
  vale: "",
  broadway: "",
  embankment: "emb",
  bank: "",
  end: "",
  gate: "",
  field: "fields",
  croft: "",
  dene: "",
  wynd: "",
  brae: "",
  strasse: "str",
  weg: "",
  platz: "pl",
  allee: "",
  gasse: "g",
  rue: "r",
  via: "v",
  viale: "vle",
  piazza: "pza p.za",
  calle: "c cl",
  avenida: "avda av",
  straat: "str",
  laan: "ln",
  ulica: "ul",
};
const CANONICAL = new Map(
  Object.entries(STREET_WORDS).flatMap(([word, short]) =>
    [word, ...short.split(" ").filter(Boolean)].map((form): [string, string] => [form, word]),
  ),
);
const COMPOUND =
  /^(\p{L}{3,})(strasse|str|weg|platz|allee|gasse|straat|laan|plein|gracht|gatan|vagen|gata|veien|vej|gade)$/u;
const ARTICLES = new Set(
  "de du des la le les l d del della delle dei den der das dem the of van von y und et am an".split(" "),
);
export const UK_POSTCODE = "(?:[A-Z]{1,2}\\d[A-Z\\d]?\\s?\\d[A-Z]{2})";
const POSTCODE =
  /\b(?:([a-z]{1,2}\d[a-z\d]?)\s?(\d[a-z]{2})|([a-z]\d[a-z])\s?(\d[a-z]\d)|(\d{5})(?:-\d{4})?|(\d{4}) ?([a-z]{2})|(\d{3})[ ](\d{2}))\b/i;
const UNIT =
  /\b(?:flat|apt|apartment|unit|suite|ste|room|rm|floor|fl|wohnung|whg|appt|app|piso|int)\b\.?\s*#?\s*\d*[a-z]?\b,?|#\s*\d+[a-z]?\b,?/gi;

export interface AddressParts {
  /** House number with its letter, e.g. `14b`; null for a house that has a name only. */
  number: string | null;
  /** Words of the street's name without `street`, `rue` and the like; for a house without number, of the house's too. */
  street: string[];
  /** `street`, `road`, `strasse` ... */
  word: string | null;
  /** Upper case, without space. */
  postcode: string | null;
  place: string[];
}

/** Takes an address apart, whichever country's order it is in. */
export function addressParts(text: string): AddressParts {
  const found = POSTCODE.exec(stripLeadingNumber(text));
  const postcode = found === null ? null : found.slice(1).filter(Boolean).join("").toUpperCase();
  const rest = (found === null ? text : text.replace(found[0], ",")).replace(UNIT, " ");
  const segments = rest
    .split(/[,;\n]+/)
    .map(wordsOf)
    .filter((words) => words.length > 0);
  // `14, Harbour Street` puts the number in a segment of its own.
  for (let index = 0; index + 1 < segments.length; index++) {
    const [before, words, next] = [segments[index - 1], segments[index], segments[index + 1]];
    // `Calle Mayor, 15, 3º B`: the number of the street before it.
    if (
      before !== undefined &&
      words?.length === 1 &&
      isNumber(words[0] ?? "") &&
      before.some((word) => streetWord(word) !== null) &&
      !before.some(isNumber)
    )
      segments.splice(index - 1, 2, [...before, ...words]);
    else if (words?.length === 1 && isNumber(words[0] ?? "") && next !== undefined)
      segments.splice(index, 2, [...words, ...next]);
  }
  const hasWord = (words: string[]) => words.some((word) => streetWord(word) !== null);
  const at =
    [
      segments.findIndex((words) => words.some(isNumber) && hasWord(words)),
      segments.findIndex((words) => words.some(isNumber) && words.length > 1),
      segments.findIndex(hasWord),
      0,
    ].find((index) => index >= 0) ?? 0;
  const line = segments[at] ?? [];
  const number = line.find(isNumber) ?? null;
  let word: string | null = null;
  const street: string[] = [];
  const named = line.filter(
    (token) => !isNumber(token) && !ARTICLES.has(token) && !/^(?:no|nr|num|number)$/.test(token),
  );
  named.forEach((token, index) => {
    const compound = COMPOUND.exec(token);
    const canonical = CANONICAL.get(token);
    if (compound !== null) {
      word = compound[2] === "str" ? "strasse" : (compound[2] ?? null);
      street.push(compound[1] ?? token);
    } else if (
      canonical !== undefined &&
      named.length > 1 &&
      (index === named.length - 1 || index === 0) &&
      word === null
    ) {
      word = canonical;
    } else street.push(token);
  });
  if (number === null && at > 0) street.unshift(...(segments[at - 1] ?? []));
  const place = segments
    .slice(at + 1)
    .flat()
    .filter((token) => !isNumber(token) && token.length > 2);
  return { number, street, word, postcode, place };
}

/** A five-digit house number at the start of a US address is no postcode. */
function stripLeadingNumber(text: string): string {
  return /\d{5}.*\d{5}/s.test(text) ? text.replace(/^\s*\d{5}\b/, " ") : text;
}

function wordsOf(text: string): string[] {
  return plainLetters(text)
    .replace(/(\d)\s*(?=[a-z]\b)/g, "$1")
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}

function isNumber(token: string): boolean {
  return /^\d{1,5}[a-z]?$/.test(token);
}

function streetWord(token: string): string | null {
  return CANONICAL.get(token) ?? (COMPOUND.test(token) ? token : null);
}

/** Whether two addresses are the same house: number and street equal, postcodes equal where both have one. */
export function sameAddress(a: AddressParts, b: AddressParts): boolean {
  if (a.number !== b.number || a.street.length === 0) return false;
  if (a.street.join(" ") !== b.street.join(" ")) return false;
  if (a.word !== null && b.word !== null && a.word !== b.word && !/^(?:st|str|r|c|g|v)/.test(`${a.word}${b.word}`))
    return false;
  return a.postcode === null || b.postcode === null || a.postcode === b.postcode;
}

const VARIANTS: Record<string, string> = {
  a: "[aàáâãäåAÀÁÂÃÄÅ]e?",
  c: "[cçC]",
  e: "[eèéêëEÈÉÊË]",
  i: "[iìíîïI]",
  n: "[nñN]",
  o: "[oòóôõöøOÒÓÔÕÖØ]e?",
  u: "[uùúûüUÙÚÛÜ]e?",
};

function loosely(word: string): string {
  return word
    .replaceAll("ss", "\u0000")
    .split("")
    .map((char) => (char === "\u0000" ? "(?:ss|ß)" : (VARIANTS[char] ?? char.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"))))
    .join("");
}

/** A pattern that finds this house in running text, in either order of street and number; null where there is too little to go by. */
export function addressPattern(parts: AddressParts): RegExp | null {
  if (parts.street.length === 0 || parts.street.join("").length < 3) return null;
  const join = "(?:[\\s.'’,-]+(?:(?:de|du|des|la|le|les|del|della|den|der|the|of|van|von)[\\s']+){0,2}|[dl]['’])";
  const name = parts.street.map(loosely).join(join);
  const forms = parts.word === null ? [] : [parts.word, ...(STREET_WORDS[parts.word] ?? "").split(" ").filter(Boolean)];
  const word = forms.length === 0 ? "" : `(?:${forms.map(loosely).join("|")})\\b\\.?`;
  const lead = word === "" ? "" : `(?:${word}[\\s./]*(?:(?:de|du|des|la|le|les|del|della|d['’]|l['’])[\\s]*){0,3})`;
  const around = [
    ...parts.place.filter((token) => token.length > 3).map(loosely),
    ...(parts.postcode === null ? [] : [parts.postcode.split("").join("\\s?")]),
  ];
  const tail =
    word === ""
      ? ""
      : `(?:[\\s.-]*${word}${around.length === 0 ? "" : `|(?=[^\\p{L}\\p{N}]{1,6}(?:${around.join("|")}))`})`;
  const street = word === "" ? name : `(?:${name}${tail}|${lead}${name})`;
  if (parts.number === null) return new RegExp(`(?<![\\p{L}\\p{N}])${street}`, "giu");
  const number = `${parts.number.replace(/[a-z]$/, "\\s?$&")}(?![\\p{L}\\p{N}])`;
  const label = "(?:(?:no|nr|num|number|house|hausnummer|numéro)\\b[^\\p{L}\\p{N}]{0,4})?";
  return new RegExp(
    `(?<![\\p{L}\\p{N}])(?:${number}[^\\p{L}\\p{N}]{1,6}${street}|${street}[^\\p{L}\\p{N}]{1,12}${label}${number})`,
    "giu",
  );
}
