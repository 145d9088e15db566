/** The small mind's words in everybody's. */
import { type ABOUT, CALLS, type ORIGIN, type REASONS, type SITE, type TRAITS } from "./vocabulary.ts";

type Of<Words extends readonly string[]> = Readonly<Record<Words[number], string>>;

const ABOUT_MEANS: Of<typeof ABOUT> = {
  name: "has your name",
  username: "has your username",
  "name+username": "has your name and your username",
  initial: "has a name like yours",
  "initial+username": "has a name like yours and your username",
  nobody: "does not name you",
};

const ORIGIN_MEANS: Of<typeof ORIGIN> = {
  checked: "found by trying your username on sites",
  found: "found by a search",
  yours: "a page of yours links to it",
  "yours-within": "on your own profile's site, a page of yours links to it",
  "yours-beside": "on the site of a page that yours links to",
  perhaps: "a page that may be yours links to it",
  "perhaps-within": "on the site of a profile that may be yours",
  "perhaps-beside": "on the site of a page that one that may be yours links to",
  "name-page": "a page for your name links to it",
  elsewhere: "linked from some other page",
};

const TRAIT_MEANS: Of<(typeof TRAITS)[keyof typeof TRAITS]> & Of<typeof SITE> = {
  city: "mentions your city",
  employer: "mentions your employer",
  known: "mentions what is already found",
  mine: "a page of yours calls it yours",
  late: "far down the results",
  last: "at the end of the results",
  contact: "looks like a contact page",
  profile: "looks like a profile",
  document: "looks like a document",
  photos: "looks like photos",
  code: "looks like code",
  paste: "looks like a list of people that somebody left there",
  sale: "looks like something for sale",
  event: "looks like an event or a club",
  records: "looks like a record of a person",
  whois: "looks like who registered a site",
  alumni: "looks like a list of alumni",
  telling: "a kind of page that often shows personal details",
  "people-search": "its site looks people up",
  data: "is data",
  file: "is a file",
  picture: "is a picture",
  original: "is a picture as it was taken",
  portrait: "is a portrait",
  account: "is another account",
  person: "is about another name",
  front: "is a front page",
  menu: "is part of a site's menu",
  "menu-address": "its address is part of a site's menu",
  endless: "is one of endlessly many",
  "shows-yours": "its link shows something of yours",
  "shows-others": "its link shows something of somebody else's",
  orders: "its link gives orders to whoever reads it",
  worn: "many pages of its site were read",
  "worn-out": "very many pages of its site were read",
  blocks: "its site refused a page",
  "alike-dry2": "two pages like it gave nothing",
  "alike-dry3": "three pages like it gave nothing",
  "alike-dry4": "four or more pages like it gave nothing",
  "alike-some": "pages like it gave little",
  far: "some links away from what is yours",
  farther: "many links away from what is yours",
  twice: "several pages link to it",
  often: "many pages link to it",
  unread: "nothing of its site was read yet",
  gave0: "its site gave nothing",
  gave1: "its site gave next to nothing",
  gave2: "its site gave little",
  gave3: "its site gave something on most pages",
  gave4: "its site gave much",
};

/** Reasons that stand for no word of a lead. */
const REASON_MEANS: Of<typeof REASONS> = {
  checked: "an account with your username exists there",
  name: "it mentions your name",
  username: "it mentions your username",
  initial: "it mentions a name like yours",
  yours: "a page of yours links to it",
  "name-page": "a page for your name links to it",
  shown: "its site has shown things about you",
  left: "it is the best lead that is left",
  given: "you gave the address",
  first: "what is yours comes first",
  begin: "one has to begin somewhere",
  missing: "a kind of finding is missing",
  little: "there is little of that kind yet",
  confirm: "a finding is to be confirmed",
  otherwise: "the name may be written otherwise",
  register: "a site's register may name its owner",
  suggested: "a page suggested it",
  "more-results": "there are more results",
  linked: "a page of yours names it",
  found: "it stands in what was read",
  owed: "it is still to be done",
  nothing: "nothing more is to be expected",
  "steps-over": "the steps are used up",
  "time-over": "the time is used up",
  told: "it was told to",
  "warned-often": "it was warned often",
};

/** How things stand: the first word of a line, and what its amount means. */
const STANDING: Readonly<Record<string, string>> = {
  steps: "steps left",
  pages: "pages left",
  dry: "pages in a row that gave nothing",
  warned: "warnings of the warden",
  asked: "searches made",
  failed: "searches that failed",
  "names-checked": "usernames checked",
};

const amountOf = (word: string): string => (/^n\d+$/.test(word) ? word.slice(1) : word);

const meaning = (of: Readonly<Record<string, string>>, word: string): string | undefined =>
  Object.hasOwn(of, word) ? of[word] : undefined;

/**
 * What a word of a view means where it stands.
 * @param before the word before it, where it is one of a line on how things stand
 */
export function meaningOf(word: string, before = ""): string {
  const [about = "", origin] = word.split("/");
  if (origin !== undefined)
    return `${meaning(ABOUT_MEANS, about) ?? about}; ${meaning(ORIGIN_MEANS, origin) ?? origin}`;
  const standing = meaning(STANDING, before);
  if (standing) return `${standing}: ${amountOf(word)}`;
  if (word === "yes" || word === "no") return `${spaced(before)} ${word === "yes" ? "found" : "not found yet"}`;
  if (word === "sure" || word === "unsure") return `${spaced(before)}, of which it is ${word}`;
  if (word.startsWith("q-")) return `a search for ${spaced(word.slice(2))}`;
  if (CALLS.some((call) => call === word)) return `it may ${word}`;
  return meaning(TRAIT_MEANS, word) ?? meaning(REASON_MEANS, word) ?? spaced(word);
}

const spaced = (word: string): string => word.replaceAll("-", " ");

/** What a reason says. */
export const reasonMeans = (word: string): string => meaning(REASON_MEANS, word) ?? meaning(TRAIT_MEANS, word) ?? word;
