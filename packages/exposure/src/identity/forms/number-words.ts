/** Numbers written or read out in words, in the languages people spell phone numbers in. */

const UNITS: Record<string, string> = {
  en: "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
  de: "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn",
  fr: "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf",
  es: "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve",
  it: "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove",
  nl: "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien",
  pt: "zero um dois três quatro cinco seis sete oito nove dez onze doze treze quatorze quinze dezesseis dezessete dezoito dezenove",
  pl: "zero jeden dwa trzy cztery pięć sześć siedem osiem dziewięć",
  sv: "noll ett två tre fyra fem sex sju åtta nio",
  tr: "sıfır bir iki üç dört beş altı yedi sekiz dokuz",
  fi: "nolla yksi kaksi kolme neljä viisi kuusi seitsemän kahdeksan yhdeksän",
  cs: "nula jedna dva tři čtyři pět šest sedm osm devět",
  ro: "zero unu doi trei patru cinci șase șapte opt nouă",
  id: "nol satu dua tiga empat lima enam tujuh delapan sembilan",
  el: "μηδέν ένα δύο τρία τέσσερα πέντε έξι επτά οκτώ εννέα",
  ar: "صفر واحد اثنان ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة",
  hi: "शून्य एक दो तीन चार पाँच छह सात आठ नौ",
  ru: "ноль один два три четыре пять шесть семь восемь девять",
};
const TENS: Record<string, string> = {
  en: "twenty thirty forty fifty sixty seventy eighty ninety",
  de: "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
  fr: "vingt trente quarante cinquante soixante septante quatre-vingt nonante",
  es: "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
  it: "venti trenta quaranta cinquanta sessanta settanta ottanta novanta",
  nl: "twintig dertig veertig vijftig zestig zeventig tachtig negentig",
  pt: "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
};
const EXTRA: Record<string, string> = {
  oh: "0",
  o: "0",
  ought: "0",
  naught: "0",
  nought: "0",
  nil: "0",
  fower: "4",
  fife: "5",
  niner: "9",
  zwo: "2",
  une: "1",
  dos: "2",
  meia: "6",
  eine: "1",
  fuenf: "5",
  zwoelf: "12",
  dreissig: "30",
  vingts: "20",
  octante: "80",
  huitante: "80",
  "quatre-vingts": "80",
  "quatre-vingt-un": "81",
  "quatre-vingt-onze": "91",
};

function unaccented(word: string): string {
  return word.normalize("NFKD").replace(/\p{M}/gu, "");
}

const TWINS = new Map([..."аеорсухіѕνοε"].map((twin, at) => [twin, "aeopcyxisvoe"[at] ?? twin]));

/** `zеrо` with letters of another alphabet that look the same. */
const latin = (word: string): string => word.replace(/[аеорсухіѕνοε]/g, (letter) => TWINS.get(letter) ?? letter);

/** Words of numbers in plain letters: what a text may hold that has no digit and no letter of another alphabet. */
export const plainNumberWords = (): string[] => [...WORDS.keys()].filter((word) => /^[a-z]{3,}$/.test(word));

function table(): Map<string, string> {
  const words = new Map<string, string>();
  const add = (word: string, digits: string) => {
    words.set(word, digits);
    words.set(unaccented(word).replaceAll("ß", "ss"), digits);
  };
  for (const [language, list] of Object.entries(UNITS)) {
    const units = list.split(" ");
    units.forEach((word, value) => {
      add(word, String(value));
    });
    const tens = (TENS[language] ?? "").split(" ").filter(Boolean);
    tens.forEach((ten, index) => {
      const value = (index + 2) * 10;
      add(ten, String(value));
      for (let unit = 1; unit <= 9; unit++) {
        const word = units[unit] ?? "";
        // German and Dutch say the unit first, in one word.
        if (language === "de") add(`${unit === 1 ? "ein" : word}und${ten}`, String(value + unit));
        else if (language === "nl") add(`${word}${word.endsWith("e") ? "ën" : "en"}${ten}`, String(value + unit));
        else add(`${ten}-${word}`, String(value + unit));
      }
      // French counts on to nineteen after sixty and eighty.
      if (language === "fr" && (value === 60 || value === 80)) {
        for (let unit = 10; unit <= 19; unit++) add(`${ten}-${units[unit]}`, String(value + unit));
      }
    });
  }
  for (const [word, digits] of Object.entries(EXTRA)) add(word, digits);
  return words;
}

const WORDS = table();
const REPEATS = new Map([
  ["double", 2],
  ["dble", 2],
  ["doppel", 2],
  ["doble", 2],
  ["twice", 2],
  ["triple", 3],
  ["treble", 3],
  ["quadruple", 4],
]);
/** Said between digits without being one. */
const GLUE = new Set([
  "and",
  "et",
  "y",
  "und",
  "e",
  "en",
  "dash",
  "hyphen",
  "space",
  "then",
  "dot",
  "slash",
  "point",
  "comma",
]);

export interface NumberToken {
  start: number;
  end: number;
  /** The digits it stands for; empty for a word that only joins. */
  digits: string;
  spelled: boolean;
}

export interface SpelledRun {
  start: number;
  end: number;
  digits: string;
  /** How many of its tokens are words. */
  words: number;
  /** Begins with the word or the sign plus. */
  plus: boolean;
}

const TOKEN = /\d+|[\p{L}\p{M}]+(?:-[\p{L}\p{M}]+)*/gu;
const GAP = /^[\s.,;:\-_/()[\]+·•*~'"]{0,4}$/;

/**
 * Runs of digits in which at least one is a word, e.g. `oh seven seven, double-oh 9`.
 * @param text folded text
 */
export function spelledRuns(text: string): SpelledRun[] {
  const runs: SpelledRun[] = [];
  let tokens: NumberToken[] = [];
  let repeat = 1;
  let plus = false;
  let previousEnd = 0;
  const close = () => {
    while (tokens.length > 0 && tokens.at(-1)?.digits === "") tokens.pop();
    const first = tokens[0];
    const last = tokens.at(-1);
    if (first !== undefined && last !== undefined && tokens.some((token) => token.spelled)) {
      runs.push({
        start: first.start,
        end: last.end,
        digits: combine(tokens),
        words: tokens.filter((token) => token.spelled && token.digits !== "").length,
        plus,
      });
    }
    tokens = [];
    repeat = 1;
    plus = false;
  };
  for (const match of text.matchAll(TOKEN)) {
    const start = match.index;
    const whole = match[0];
    if (tokens.length > 0 && !GAP.test(text.slice(previousEnd, start))) close();
    if (/^\d/.test(whole)) {
      tokens.push({ start, end: start + whole.length, digits: whole, spelled: false });
      previousEnd = start + whole.length;
      continue;
    }
    const parts = readWord(whole, start);
    if (parts === null) {
      close();
      continue;
    }
    for (const part of parts) {
      if (part.digits === "+") plus = tokens.length === 0 || plus;
      else if (/^x\d$/.test(part.digits)) {
        repeat = Number(part.digits.slice(1));
        if (tokens.length === 0) tokens.push({ ...part, digits: "" });
      } else if (part.digits === "00" || part.digits === "000") {
        if (tokens.length > 0) tokens.push(part);
      } else if (part.digits !== "" || tokens.length > 0) {
        tokens.push({ ...part, digits: part.digits === "" ? "" : part.digits.repeat(repeat) });
        if (part.digits !== "") repeat = 1;
      }
    }
    previousEnd = start + whole.length;
  }
  close();
  return runs;
}

const UNIT = /zero|one|two|three|four|five|six|seven|eight|nine/g;
/** `zerosevenseven…`, without a space. */
const GLUED = new RegExp(`^(?:${UNIT.source}){5,}$`);

/** The tokens of one word, or of its hyphenated parts; null for a word that is no number. */
function readWord(whole: string, start: number): NumberToken[] | null {
  if (whole.length > 200) return null;
  const lower = whole.toLowerCase();
  const direct = readPart(lower);
  if (direct !== null) return [{ start, end: start + whole.length, digits: direct, spelled: true }];
  const tokens: NumberToken[] = [];
  if (GLUED.test(lower)) {
    for (const { 0: word, index } of lower.matchAll(UNIT))
      tokens.push({
        start: start + index,
        end: start + index + word.length,
        digits: readPart(word) ?? "",
        spelled: true,
      });
    return tokens;
  }
  if (!lower.includes("-")) return null;
  let offset = start;
  for (const part of lower.split("-")) {
    const digits = readPart(part);
    if (digits === null) return null;
    tokens.push({ start: offset, end: offset + part.length, digits, spelled: true });
    offset += part.length + 1;
  }
  return tokens;
}

const read = new Map<string, string | null>();

function readPart(word: string): string | null {
  let digits = read.get(word);
  if (digits === undefined) {
    digits = lookUp(word);
    if (read.size < 50_000) read.set(word, digits);
  }
  return digits;
}

function lookUp(word: string): string | null {
  const digits = WORDS.get(word) ?? WORDS.get(unaccented(word)) ?? WORDS.get(latin(word));
  if (digits !== undefined) return digits;
  const times = REPEATS.get(word);
  if (times !== undefined) return `x${times}`;
  if (word === "hundred") return "00";
  if (word === "thousand") return "000";
  if (word === "plus") return "+";
  return GLUE.has(word) ? "" : null;
}

/** Joins digits; a ten takes the unit that follows it (`thirty four` is 34). */
function combine(tokens: readonly NumberToken[]): string {
  let digits = "";
  let ten = 0;
  for (const token of tokens) {
    if (token.digits === "") continue;
    const value = Number(token.digits);
    const joins =
      token.spelled &&
      ten > 0 &&
      value > 0 &&
      (value < 10 || (value < 20 && (ten === 60 || ten === 80))) &&
      token.digits.length < 3;
    if (joins) {
      digits = digits.slice(0, -2) + String(ten + value);
      ten = 0;
    } else {
      digits += token.digits;
      ten = token.spelled && token.digits.length === 2 && value >= 20 && value % 10 === 0 ? value : 0;
    }
  }
  return digits;
}
