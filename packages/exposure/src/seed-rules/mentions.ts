/** Whom a goal or a query is about: names, handles and identifiers in it that are not the operator's. */
import type { Seeds } from "@candor/agent";
import { fold, plainLetters } from "../identity/forms/fold.ts";
import { findAddresses } from "../masking/find-addresses.ts";
import { findEmails } from "../masking/find-emails.ts";
import { findNames, personIn } from "../masking/find-names.ts";
import { findPhones, lookAlikes } from "../masking/find-phones.ts";
import { isGivenName, isOnlyAName } from "../masking/given-names.ts";
import { isCommonWord } from "./common-words.ts";
import { isKnownFigure } from "./known-figures.ts";

export interface Mentions {
  /** Names of persons, plain letters, as found. Known figures are in `figures`. */
  people: string[];
  /** A single given name, or a name that may be a word: counts only together with a question about a person. */
  maybe: string[];
  figures: string[];
  handles: string[];
  /** `phone`, `e-mail` or `address`. */
  identifiers: string[];
  /** The text with the operator's own names and usernames taken out. */
  rest: string;
  /** Whether any of the operator's own names or usernames was in it. */
  own: boolean;
}

const SOCIAL =
  "instagram|insta|facebook|fb|twitter|linkedin|tiktok|snapchat|reddit|github|gitlab|pinterest|telegram|discord|mastodon|threads|bluesky|onlyfans|tinder|vk|steam|twitch|youtube|medium|flickr|strava|x\\.com";
const HANDLE_FORMS: RegExp[] = [
  /(?<![\p{L}\p{N}.])@([\p{L}\p{N}_][\p{L}\p{N}_.-]+)/gu,
  /\bu\/([\w-]{3,})/g,
  /\b(?:user\s?names?|screen\s?names?|nick(?:name)?|gamertag|handle)\s*(?:is|called|named|:|=)?\s*["'“‘]?([\p{L}\p{N}_.-]*[\d_][\p{L}\p{N}_.-]*)/giu,
  /\b(?:user\s?names?|screen\s?names?|gamertag|handle)\s*(?:is|called|named|:|=)?\s*["'“‘]([\p{L}\p{N}_.-]{3,})["'”’]/giu,
  /\b(?:user\s?name|screen\s?name|gamertag|handle)s?\s*(?:called|named|is|:|=)?\s+([a-z][\p{L}\p{N}_.-]{3,})\s*$/giu,
  /\b(?:user|account|profile|player|channel|poster|member)\s+(?:called\s+|named\s+)?["'“‘]?([\p{L}\p{N}.-]*[_\d][\p{L}\p{N}_.-]*)/giu,
  new RegExp(
    `\\b(?:of|for|is|find|who|whose|called)\\s+["'“‘]?([\\p{L}\\p{N}_.-]{4,})["'”’]?\\s+on\\s+(?:${SOCIAL})\\b`,
    "giu",
  ),
  new RegExp(`^["'“‘]?([\\p{L}\\p{N}_.-]{4,})["'”’]?\\s+(?:${SOCIAL})\\b`, "giu"),
  new RegExp(`\\b(?:${SOCIAL})(?:\\.com)?/(?:in/|u/|user/|@)?([\\p{L}\\p{N}_.-]{3,})`, "giu"),
  // A question that is nothing but `mossheron92` or `piers_calloway` asks for an account.
  /^\s*["'“‘]?(\p{L}{5,}\d{2,4}|\p{L}{3,}_[\p{L}\p{N}_]{3,})["'”’]?\s*$/giu,
];
const NOT_HANDLES =
  /^(?:com|org|net|iphone\d*|python\d*|es\d+|web\d|mp[34]|covid-?19|ps[345]|windows\d*|h?264|utf-?8|gpt-?\d.*|top\d+|\d{1,4}|generator|checker|ideas?|policy|rules?|availability|search|lookup)$/i;

/** Places that are given names as well. */
const PLACES = new Set(
  (
    "france paris florence sydney victoria georgia jordan israel chad malta asia india virginia carolina austin charlotte jersey kent lourdes orlando milan " +
    "alexandria troy chelsea savannah madison jackson lincoln may april june august"
  ).split(" "),
);

export function mentionsOf(text: string, seeds: Seeds, confirmedHandles: readonly string[] = []): Mentions {
  const folded = fold(text).text;
  const { rest, own } = withoutOwn(folded, seeds, confirmedHandles);
  const ownNames = new Set(seeds.names.map(plainLetters));
  const people = new Set<string>();
  const maybe = new Set<string>();
  const figures = new Set<string>();
  const add = (name: string, sure: boolean) => {
    const plain = plainLetters(name)
      .replace(/['’]s?$/, "")
      .replace(/['’]s\b/g, "")
      .trim();
    if (plain === "" || ownNames.has(plain)) return;
    if (isKnownFigure(plain)) figures.add(plain);
    else (sure ? people : maybe).add(plain);
  };
  for (const { name } of findNames(
    rest,
    () => false,
    () => true,
  ))
    if (!name.startsWith("@")) add(name, true);
  for (const { name, sure } of lowerCaseNames(rest)) add(name, sure);
  // JANE ROE
  for (const match of rest.matchAll(/(?<!\p{L})\p{Lu}{2,}(?:[ ]\p{Lu}{2,}){1,3}(?!\p{L})/gu)) {
    const person = personIn(match[0]);
    if (person !== null) add(person.name, true);
  }
  for (const match of rest.matchAll(/(?<!\p{L})\p{Lu}[\p{L}'’-]+/gu)) {
    const plain = plainLetters(match[0]).replace(/['’]s$/, "");
    if (isGivenName(plain) && !PLACES.has(plain)) maybe.add(plain);
  }
  // `darkmoth77` may be an account or a product.
  for (const match of rest.matchAll(/(?<![\p{L}\p{N}./:-])[a-z]{4,}(?:_[a-z]+)*_?\d{2,4}(?![\p{L}\p{N}-])/giu))
    if (!NOT_HANDLES.test(match[0])) maybe.add(match[0].toLowerCase());
  // `Ada` of `Ada Lovelace` is nobody else.
  for (const name of maybe) if ([...figures].some((figure) => figure.split(" ").includes(name))) maybe.delete(name);
  const handles = new Set<string>();
  for (const form of HANDLE_FORMS) {
    for (const match of rest.matchAll(form)) {
      const handle = (match[1] ?? "").toLowerCase().replace(/[.-]+$/, "");
      if (handle.length > 2 && !NOT_HANDLES.test(handle) && !isCommonWord(handle)) handles.add(handle);
    }
  }
  const identifiers = new Set<string>();
  if (findEmails(rest, isGivenName, false).length > 0 || /\[e-mail \d+/.test(rest)) identifiers.add("e-mail");
  if (
    findPhones(rest, lookAlikes(rest), /\b(?:phone|number|call(?:ed|er)?|text(?:ed)?)\b/i.test(rest)).some(
      ({ digits }) => digits.length >= 6,
    ) ||
    /\[phone \d+/.test(rest)
  ) {
    identifiers.add("phone");
  }
  if (findAddresses(rest, false).length > 0 || /\[address \d+/.test(rest)) identifiers.add("address");
  return {
    people: [...people],
    maybe: [...maybe],
    figures: [...figures],
    handles: [...handles],
    identifiers: [...identifiers],
    rest,
    own,
  };
}

/** Takes out the operator's names and usernames, longest first, whichever case they are in. */
function withoutOwn(text: string, seeds: Seeds, handles: readonly string[]): { rest: string; own: boolean } {
  let rest = text;
  const phrases = [
    ...seeds.names,
    ...seeds.usernames,
    ...handles,
    ...seeds.sites.map((site) => site.replace(/^https?:\/\//, "").replace(/\/$/, "")),
  ]
    .map((phrase) => phrase.trim())
    .filter((phrase) => phrase.length > 1)
    .sort((a, b) => b.length - a.length);
  for (const phrase of phrases) {
    const pattern = phrase
      .split(/\s+/)
      .map((word) => word.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"))
      .join("[\\s.+_-]+");
    rest = rest.replace(
      new RegExp(`(?<![\\p{L}\\p{N}_@])@?${pattern}(?:['’]s)?(?![\\p{L}\\p{N}_])(?!-\\p{L})`, "giu"),
      " ⟨me⟩ ",
    );
  }
  return { rest, own: rest !== text };
}

/** `john smith`: a given name with a word behind it that is no everyday word. */
function lowerCaseNames(text: string): { name: string; sure: boolean }[] {
  const found: { name: string; sure: boolean }[] = [];
  const words = [...text.matchAll(/[\p{L}][\p{L}'’-]*/gu)];
  words.forEach((word, index) => {
    const given = plainLetters(word[0]);
    if (!isGivenName(given.split("-")[0] ?? "")) return;
    if (word[0] === word[0].toLowerCase()) found.push({ name: given, sure: false });
    const next = words[index + 1];
    if (next === undefined || !/^\s+(?:\p{L}\.?\s+)?$/u.test(text.slice(word.index + word[0].length, next.index)))
      return;
    const surname = plainLetters(next[0]).replace(/['’]s$/, "");
    if (surname.length < 2 || isCommonWord(surname) || personIn(`Jane ${surname}`) === null) return;
    found.push({ name: `${given} ${surname}`, sure: isOnlyAName(given) && surname.length > 2 });
  });
  return found;
}
