/** Finds names of persons: a known given name with a surname, a title with a surname, an author's line. */
import { plainLetters } from "../identity/forms/fold.ts";
import { isGivenName } from "./given-names.ts";

export interface FoundName {
  start: number;
  end: number;
  name: string;
}

const PARTICLE = "(?:de|van|von|der|den|la|le|di|da|del|della|dos|du|bin|ibn|al|el|ter|ten|zu|af|av|y|e)";
const WORD = "\\p{Lu}[\\p{Ll}\\p{Lu}'’]*(?:-\\p{Lu}[\\p{Ll}\\p{Lu}'’]+)*";
const NAME = new RegExp(
  `(?<![\\p{L}\\p{N}@/._-])${WORD}(?:[ ]\\p{Lu}\\.)*(?:[ ](?:${PARTICLE}[ ]){0,3}${WORD}){1,4}(?![\\p{L}\\p{N}@])`,
  "gu",
);
const TITLE = new RegExp(
  `(?<!\\p{L})(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Lady|Herr|Frau|Monsieur|Madame|Mme|M|Señora?|Sra?|Signora?|Dott)\\.?[ ]+((?:${WORD}[ ]|\\p{Lu}\\.[ ]?){0,2}(?:${PARTICLE}[ ]){0,2}${WORD})`,
  "gu",
);
const BYLINE = new RegExp(
  `(?<!\\p{L})(?:[Bb]y|[Aa]uthor:?|[Pp]osted by|[Ww]ritten by|[Pp]hoto:|von|par|por)[ ]+(${WORD}(?:[ ](?:${PARTICLE}[ ]){0,2}${WORD}){1,2})`,
  "gu",
);
const REVERSED = new RegExp(`(?<![\\p{L}\\p{N}])(${WORD}),[ ](${WORD})(?![\\p{L}\\p{N}])`, "gu");
const HANDLE = /(?<![\p{L}\p{N}.@/])@[\p{L}\p{N}_][\p{L}\p{N}_.-]{1,38}[\p{L}\p{N}_](?:@[\p{L}\p{N}.-]+)?/gu;

/** Words that follow a given name in names of places and things: `Victoria Station`, `Jordan River`, `Florence Cathedral`. */
const NOT_A_SURNAME = new Set(
  (
    "street road lane avenue close drive way court place terrace square park station airport university college school hospital bridge river lake falls island bay " +
    "beach mountain mount valley city town county state museum gallery theatre theater cathedral church abbey castle house hall hotel inn arms library stadium arena centre center " +
    "club festival prize award cup trophy medal league effect law theorem transform equation function theory paradox principle constant number syndrome disease series test " +
    "method algorithm day week month year avenue texas line war revolution street act bill news times post press group company ltd inc gmbh corporation industries foundation trust " +
    "society association institute academy council committee department ministry office bank market shop store cafe restaurant pizza bakery brewery studio studios records games software " +
    "systems technologies labs international world cup open championship monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september " +
    "october november december spring summer autumn winter north south east west northern southern eastern western street green blue red black white is was has and or the a an of in on at to for with " +
    "gardens garden hill hills woods forest canal harbour harbor port bus train tower gate wharf quay pier about contact home profile page pages login search photos posts followers following " +
    "comments reply share more view read join sign"
  ).split(" "),
);

/**
 * @param text folded text
 * @param isOwn whether a name (plain letters) is one of the operator's own
 * @param isOwnHandle whether a handle without its sign is one of the operator's own
 */
export function findNames(
  text: string,
  isOwn: (name: string) => boolean,
  isOwnHandle: (handle: string) => boolean,
): FoundName[] {
  const found: FoundName[] = [];
  const add = (start: number, name: string) => {
    const plain = plainLetters(name);
    if (!isOwn(plain)) found.push({ start, end: start + name.length, name: plain });
  };
  for (const match of text.matchAll(NAME)) {
    const part = personIn(match[0]);
    if (part !== null) add(match.index + part.offset, part.name);
  }
  for (const pattern of [TITLE, BYLINE]) {
    for (const match of text.matchAll(pattern)) {
      const name = match[1] ?? "";
      const last = plainLetters(name.split(" ").at(-1) ?? "");
      if (!NOT_A_SURNAME.has(last)) add(match.index + match[0].length - name.length, name);
    }
  }
  for (const match of text.matchAll(REVERSED)) {
    if (
      isGivenName(plainLetters(match[2] ?? "")) &&
      !isGivenName(plainLetters(match[1] ?? "")) &&
      !NOT_A_SURNAME.has(plainLetters(match[1] ?? ""))
    ) {
      if (!isOwn(plainLetters(`${match[2]} ${match[1]}`))) add(match.index, match[0]);
    }
  }
  for (const match of text.matchAll(HANDLE)) {
    if (!isOwnHandle(match[0].slice(1).split("@")[0]?.toLowerCase() ?? "")) {
      found.push({ start: match.index, end: match.index + match[0].length, name: match[0].toLowerCase() });
    }
  }
  return found;
}

/** The stretch of a capitalised sequence that is a person: from the given name on, up to a word that is no surname. */
export function personIn(sequence: string): { offset: number; name: string } | null {
  const words = [...sequence.matchAll(/\S+/g)];
  const at = words.findIndex(
    (word, index) => index < words.length - 1 && isGivenName(plainLetters(word[0].split("-")[0] ?? "")),
  );
  const first = words[at];
  if (first === undefined) return null;
  let last = at;
  for (let index = at + 1; index < words.length; index++) {
    const plain = plainLetters(words[index]?.[0] ?? "").replace(/['’]s$/, "");
    if (NOT_A_SURNAME.has(plain)) return null;
    last = index;
  }
  const final = words[last];
  if (final === undefined || last === at) return null;
  const name = sequence.slice(first.index, final.index + final[0].length).replace(/['’]s$/, "");
  return { offset: first.index, name };
}
