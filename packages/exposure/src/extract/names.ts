/** Whether a passage names the operator, somebody else, or nobody. */
import type { Subject } from "./record.ts";
import { escaped, plain } from "./words.ts";

export interface Who {
  names: {
    words: readonly string[];
    first: string;
    last: string;
    full: RegExp;
    initial: RegExp;
    firstWord: RegExp;
    lastWord: RegExp;
    longer: RegExp;
  }[];
  handles: string[];
}

const BEFORE = "(?<![\\p{L}\\p{N}_-])";
const AFTER = "(?![\\p{L}\\p{N}_-])";

/** Prepares the operator's names and handles for matching. */
export function whoIs(names: readonly string[], handles: readonly string[]): Who {
  return {
    names: [...new Set(names.flatMap(spellings))]
      .map((name) => plain(name).trim().split(/\s+/))
      .filter((words) => words.length > 0 && words[0] !== "")
      .map((words) => {
        const first = words[0] ?? "";
        const last = words.length > 1 ? (words.at(-1) ?? "") : "";
        const f = escaped(first);
        const l = escaped(last);
        const middle = "(?:\\s+[\\p{Lu}][\\p{L}.'-]*){0,2}";
        const any = (word: string): string => `(?:${word}|${escaped(word.replace(/\\/g, "").toUpperCase())})`;
        // `Ada T-H` for Ada Thorne-Hart.
        const hyphenated = last.includes("-")
          ? last
              .split("-")
              .map((part) => escaped(part.slice(0, 1)))
              .join("\\.?-?")
          : escaped(last.slice(0, 1));
        const reversed = `${BEFORE}${any(l)},\\s*${any(f)}${AFTER}`;
        return {
          words,
          first,
          last,
          full: last
            ? new RegExp(
                `${BEFORE}${any(f)}${middle}\\s+${any(l)}${AFTER}|${reversed}|${BEFORE}${f.toLowerCase()}\\s+${l.toLowerCase()}${AFTER}`,
                "u",
              )
            : new RegExp(`${BEFORE}${f}${AFTER}`, "u"),
          // `Ada T.`, `A. Thorne`, `A Thorne`, `THORNE A`
          initial: last
            ? new RegExp(
                `${BEFORE}${any(f)}\\s+(?:${hyphenated}|${escaped(last.slice(0, 1))})(?:\\.|${AFTER})(?!\\p{L})|${BEFORE}${escaped(first.slice(0, 1))}\\.?\\s*(?:[\\p{Lu}]\\.\\s*)?${any(l)}${AFTER}|${BEFORE}${any(l)},?\\s+${escaped(first.slice(0, 1))}\\.?${AFTER}`,
                "u",
              )
            : /$^/,
          firstWord: new RegExp(`${BEFORE}${any(f)}${AFTER}`, "u"),
          // `Ada Thorne-Hart`, `Ada Hart-Thorne`: relatives have such names.
          longer: last
            ? new RegExp(
                `${BEFORE}${any(f)}${middle}\\s+(?:${any(l)}-\\p{Lu}[\\p{L}'-]+|\\p{Lu}[\\p{L}'-]+-${any(l)})${AFTER}`,
                "u",
              )
            : /$^/,
          lastWord: last ? new RegExp(`${BEFORE}${any(l)}${AFTER}`, "u") : /$^/,
        };
      }),
    handles: [...new Set(handles.map((handle) => handle.toLowerCase().replace(/^@/, "")).filter((h) => h.length > 1))],
  };
}

/** `Jörg Weiß` is also written `Joerg Weiss`. */
const spellings = (name: string): string[] => [
  name,
  name
    .replace(/[äöüÄÖÜ]/g, (letter) => `${plain(letter)}e`)
    .replace(/ø/g, "oe")
    .replace(/å/g, "aa"),
];

/** How a passage names the operator; `none` where it does not. */
export function namedIn(who: Who, text: string): "full" | "initial" | "part" | "none" {
  const line = plain(text);
  let best: "initial" | "part" | "none" = "none";
  for (const name of who.names) {
    if (name.full.test(line)) return "full";
    if (name.initial.test(line)) best = "initial";
    else if (best === "none" && name.firstWord.test(line)) best = "part";
  }
  return best;
}

/** The name of somebody whose surname is the operator's and another one. */
export function longerName(who: Who, text: string): string | undefined {
  const line = plain(text);
  return who.names.map((name) => name.longer.exec(line)?.[0]).find((found) => found !== undefined);
}

/** Words that never stand in a person's name but in those of firms, schools, clubs, places and page furniture. */
const NOT_A_NAME = new Set(
  `ltd limited inc llc gmbh ag plc co corp company group partners holdings foundation trust bank software systems solutions
   logistics services consulting studio studios labs works agency university college school institute academy polytechnic
   grammar department faculty club society guild circle collective association union team league runners swimmers beekeepers
   ringers photography running climbing baking printing radio music street road lane avenue close drive court square house
   the and of for to in at on with by from about home page pages profile sign log in up out contact help privacy terms search
   members member friends followers following posts photos photo results result records record list people persons person
   public report background view more all new newest latest recent recently joined since location employer education
   interests hobbies experience employment skills summary works lives website username handle phone email address born age
   real name full role position title mr mrs ms dr prof north south east west new saint st market fair news gazette post
   library bridge council city town county state january february march april may june july august september october
   november december monday tuesday wednesday thursday friday saturday sunday open source read write us our your my
   managing senior junior chief head lead staff engineer developer manager director designer analyst assistant officer
   secretary treasurer chair president committee chairman editor surveyor planner architect accountant teacher nurse buyer
   estimator archivist technician bookkeeper inspector leiter leiterin entwicklung entwickler entwicklerin vertrieb verkauf
   einkauf geschäftsführer geschäftsführerin geschäftsführung verwaltung kassenwart vorstand vorsitzender vorsitzende lehrer
   lehrerin ingenieur ingenieurin directeur directrice responsable président présidente trésorier trésorière secrétaire
   développeur développeuse accueil mentions légales über mich impressum startseite kontakt datenschutz inicio contacto
   where live practitioner pediatric pediatrics menu`.split(/\s+/),
);

/** Whether the words could be a person's name: two to four capitalised words, none from a firm, place or menu. */
export function looksLikeName(text: string): boolean {
  const words = text
    .trim()
    .replace(/^(?:Mr|Mrs|Ms|Miss|Dr|Prof)\.?\s+/, "")
    .split(/\s+/);
  if (words.length < 2 || words.length > 4) return false;
  let whole = 0;
  for (const word of words) {
    if (/^\p{Lu}\.?$/u.test(word)) continue;
    if (/^(?:de|da|van|von|der|den|di|la|le|bin|al|el|y)$/.test(word)) continue;
    if (!/^\p{Lu}[\p{L}'’]+(?:-\p{Lu}?[\p{L}'’]+)*\.?$/u.test(word)) return false;
    if (NOT_A_NAME.has(word.toLowerCase().replace(/\.$/, ""))) return false;
    whole++;
  }
  return whole >= 1 && words.length >= 2;
}

/** How a subject of this name compares with the operator. */
export function compare(who: Who, name: string): Subject["named"] {
  const named = namedIn(who, name);
  if (named === "full" || named === "initial") return named;
  // `José Ángel` of José Ángel Muñoz Iturbe is no other person.
  const words = plain(name).trim().split(/\s+/);
  if (named === "part" && words.length > 1 && who.names.some((own) => words.every((word) => own.words.includes(word))))
    return "part";
  if (looksLikeName(name)) return "other";
  if (named === "part") return "part";
  return name.trim() === "" ? "none" : /^\[person \d+\]$/.test(name.trim()) ? "other" : "none";
}

/** Whether the handle is made of the name, so that the two say the same thing twice. */
export function derivedFrom(handle: string, who: Who): boolean {
  const bare = handle.toLowerCase();
  return who.names.some(({ first, last }) => {
    const [f, l] = [first.toLowerCase(), last.toLowerCase()];
    return (f.length > 2 && bare.includes(f)) || (l.length > 2 && bare.includes(l));
  });
}
