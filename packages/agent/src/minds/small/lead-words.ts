/** A lead in the small mind's words: what it shows. */

import { yieldOf } from "../scout/leads.ts";
import type { LeadTraits } from "../scout/traits.ts";
import { PEOPLE_SEARCH } from "./places.ts";
import type { ABOUT, ORIGIN, SITE, TRAITS } from "./vocabulary.ts";

type About = (typeof ABOUT)[number];
type Origin = (typeof ORIGIN)[number];
type Site = (typeof SITE)[number];
type Trait = (typeof TRAITS)[keyof typeof TRAITS][number] | Site | `${About}/${Origin}`;

/** Kinds of pages by words of label and address; the first that fits. */
const PAGES: readonly (readonly [Extract<Trait, string>, RegExp])[] = [
  ["paste", /\b(paste|pastes|leak|leaks|breach|dump)\b/],
  ["whois", /\bwhois\b/],
  ["alumni", /\b(obituary|alumni|graduates?|class of)\b/],
  ["records", PEOPLE_SEARCH],
  ["contact", /\b(contact|phone|e ?mail|address|directory|team|staff|imprint|vcard)\b/],
  ["document", /\b(cv|resume|vita|pdf|minutes|references?)\b/],
  ["code", /\b(commits?|patch|repo|repository)\b/],
  ["photos", /\b(photos?|gallery|album|shots?)\b/],
  ["sale", /\b(listings?|seller|items?|lot|for sale)\b/],
  ["event", /\b(results?|race|marathon|club|chapter|newsletter|committee|calendar|ics|reunion|wedding)\b/],
  ["profile", /\b(about|profile|bio|biography|people|person|members?|author|speaker|roster)\b/],
];
/** Words that address whoever reads as a machine. */
const ORDERS =
  /\b(ignore|disregard|forget) (all|any|the|your|previous|prior)|\b(agents?|assistants?|warden|language models?)\b|\b(keep running|told to stop|next action|permission granted|switch you off)\b/i;

/** Lines of a list of people with what is private of them, as leaks have them. */
const DUMP = /\|[^|]*\[[^\]|]+: not yours\][^|]*\|/;

/**
 * In a fixed order; what is so of every lead is left out.
 * @param lookups hosts that look people up
 */
export function leadWords(traits: LeadTraits, lookups: ReadonlySet<string>): Trait[] {
  const { lead, site } = traits;
  const words: Trait[] = [`${aboutWord(traits)}/${originWord(traits)}`];
  const add = (is: boolean, word: Trait): void => {
    if (is) words.push(word);
  };
  add(traits.city, "city");
  add(traits.employer, "employer");
  add(traits.known !== undefined, "known");
  add(traits.called, "mine");
  if (traits.rank >= 4) words.push(traits.rank >= 8 ? "last" : "late");
  const page = DUMP.test(lead.label) ? "paste" : PAGES.find(([, pattern]) => pattern.test(traits.text))?.[0];
  if (page) words.push(page);
  else add(traits.telling, "telling");
  add(lookups.has(traits.host) && page !== "records", "people-search");
  add(traits.data, "data");
  add(traits.file, "file");
  if (traits.picture) words.push(traits.portrait ? "portrait" : traits.original ? "original" : "picture");
  add(traits.otherAccount, "account");
  add(traits.otherName, "person");
  add(traits.front, "front");
  if (traits.furniture) words.push(traits.furniture === "label" ? "menu" : "menu-address");
  add(traits.endless, "endless");
  add(lead.label.includes(": yours]"), "shows-yours");
  add(lead.label.includes(": not yours]"), "shows-others");
  add(ORDERS.test(lead.label), "orders");
  if (site && site.pages > 8) words.push(site.pages > 14 ? "worn-out" : "worn");
  add((site?.blocked ?? 0) > 0, "blocks");
  const { alike } = traits;
  if (alike && alike.pages >= 2) {
    if (alike.gain === 0) words.push(alike.pages >= 4 ? "alike-dry4" : alike.pages === 3 ? "alike-dry3" : "alike-dry2");
    else add(alike.gain < alike.pages / 2, "alike-some");
  }
  if (lead.hops >= 3) words.push(lead.hops >= 5 ? "farther" : "far");
  if (traits.crosses && lead.times >= 2) words.push(lead.times >= 4 ? "often" : "twice");
  return [...words, site ? gaveWord(yieldOf(site)) : "unread"];
}

function aboutWord({ named, partly, handled }: LeadTraits): About {
  if (named) return handled ? "name+username" : "name";
  if (partly) return handled ? "initial+username" : "initial";
  return handled ? "username" : "nobody";
}

function originWord({ lead, checked, searched, inside, fromOperators, about, fromNamePage }: LeadTraits): Origin {
  if (checked) return "checked";
  if (lead.fromOwned > 0.3) {
    const owner = lead.fromOwned > 0.8 ? "yours" : "perhaps";
    return inside ? `${owner}-${fromOperators ? "within" : "beside"}` : owner;
  }
  if (searched) return "found";
  return !about && fromNamePage ? "name-page" : "elsewhere";
}

const gaveWord = (perPage: number): Site =>
  perPage < 0.1 ? "gave0" : perPage < 0.2 ? "gave1" : perPage < 0.4 ? "gave2" : perPage < 0.66 ? "gave3" : "gave4";
