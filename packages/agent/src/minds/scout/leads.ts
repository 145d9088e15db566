/** How much a lead promises: the chance that its page shows something new about the operator. */
import type { LeadView, Seeds } from "../../mind.ts";
import type { Situation } from "./situation.ts";
import { addressKey, compact, draw, fold, hostOf, mentions, parseUrl, pathWords, template } from "./words.ts";

/** How somebody labels a link to an account of theirs: `My photos`, `Me on Quayside`, `Meine Bilder`. */
const CALLED_MINE = /^(?:my|me|i|mein|meine|mon|ma|mes|mi|mis|mio|mia|i miei|mijn)\b|\b(?:me|i'm) (?:on|at)\b/;

export interface ScoredLead {
  lead: LeadView;
  host: string;
  /** Chance of a gain, 0 to 1. */
  value: number;
  /** Clauses that speak for it, strongest first: the explanation. */
  reasons: string[];
}

/** Links that lead to no one: site furniture, forms, endless calendars and lists. */
const FURNITURE =
  /\b(log ?in|sign ?in|sign ?up|register|password|privacy|terms|cookies?|imprint rules|help|faq|support|advertise|careers|pricing|cart|checkout|subscribe|rss|feed|share|tweet|print|sitemap|robots|status|blog policy|guidelines|download app|report abuse|next month|previous month|older|newer|next|previous|prev|random|all posts|trending|popular|categories|tags?|skip to|back to top|home|logout|upvote|reply)\b/;
const ENDLESS =
  /[?&](page|p|offset|start|sort|order|month|year|date|week|day|from|view|replytocom)=|\/(19|20)\d\d\/\d{1,2}(\/|$)/;
const TELLING =
  /\b(about|contact|cv|resume|vita|profile|bio|biography|people|person|team|staff|members?|committee|results?|roster|directory|phone|e ?mail|address|birthday|whois|commits?|patch|paste|leak|breach|photos?|gallery|album|listings?|seller|items?|lot|for sale|obituary|wedding|alumni|graduates?|class of|minutes|newsletter|marathon|race|club|chapter|author|speaker|records?|reunion|calendar|ics|pdf|vcard)\b/;
const PICTURE = /\.(jpe?g|png|gif|webp|tiff?|heic)$/i;
/** Labels of pictures that were not made smaller, which keep what the camera wrote. */
const ORIGINAL = /\b(full|original|large|raw|download|high res\w*|max|zoom|enlarge)\b/;
/** Pictures that show a face and no place. */
const PORTRAIT = /avatar|portrait|headshot|profile[-_]?(pic|photo|image)|logo|icon|thumb|banner|badge|sprite/i;
/** A label that is nothing but two or three capitalised words: mostly somebody's name. */
const OTHER_NAME = /^\p{Lu}[\p{L}'’-]+( \p{Lu}[\p{L}'’.-]*)? \p{Lu}[\p{L}'’-]+$/u;
/** The account of somebody, which is another's where it shows neither name nor username of the operator. */
const OTHER_ACCOUNT =
  /\/(?:members?|people|person|users?|u|profiles?|in|pro|cv|authors?)\/[\w.-]+\/?$|\/[@~][\w.-]+\/?$|\/(?:profile|user|member)\.\w+\?\w+=[\w.-]+$/i;
const FILE = /\.(pdf|ics|vcf|csv|txt|patch)$/i;
const NOTHING = /\.(css|js|ico|svg|woff2?|mp[34]|zip|gz|exe|dmg|xml)$/i;
/** Data for programs, which is rarely about a person. */
const DATA = /\.json$/i;

/** The operator's names and the like, folded once for all leads. */
export interface Marks {
  names: string[];
  /** First and last word of each name. */
  parts: { first: string; last: string }[];
  /** The operator's usernames: those they gave and those that were found. */
  handles: string[];
  /** Hosts of the operator's own pages. */
  sites: string[];
  city: string;
  employer: string;
  /** Words of findings that are not sealed: schools, interests, employers. */
  known: string[];
}

export function marksOf(seeds: Seeds, situation: Situation): Marks {
  const names = seeds.names.map(fold).filter((name) => name !== "");
  const known = situation.view.findings
    .filter(({ kind, confidence }) => confidence >= 0.6 && ["employer", "school", "interest"].includes(kind))
    .map(({ value }) => fold(value))
    .filter((value) => value.length > 3);
  const found = situation.view.findings
    .filter(({ kind, confidence }) => kind === "username" && confidence >= 0.5)
    .map(({ value }) => value.split("@")[0] ?? "");
  return {
    names,
    parts: names.map((name) => {
      const words = name.split(" ");
      return { first: words[0] ?? "", last: words.length > 1 ? (words.at(-1) ?? "") : "" };
    }),
    handles: [...seeds.usernames, ...found].map(fold).filter((handle) => handle.length > 3),
    sites: seeds.sites.map(hostOf),
    city: fold(seeds.city ?? ""),
    employer: fold(seeds.employer ?? ""),
    known,
  };
}

/** Page leads that may be opened, best first. */
export function rankLeads(situation: Situation, marks: Marks): ScoredLead[] {
  const ranks = new Map<string, number>();
  const scored: ScoredLead[] = [];
  for (const lead of situation.view.leads) {
    const rank = ranks.get(lead.from) ?? 0;
    ranks.set(lead.from, rank + 1);
    if (lead.kind !== "page" || !parseUrl(lead.value) || NOTHING.test(lead.value.split(/[?#]/)[0] ?? "")) continue;
    const host = hostOf(lead.value);
    if (situation.opened.has(addressKey(lead.value)) || situation.shunned.has(host)) continue;
    if (situation.wishes.skip.some((part) => host.includes(part))) continue;
    const pages = situation.hosts.get(host)?.pages ?? 0;
    if (pages >= situation.view.left.pagesPerHost) continue;
    scored.push(scoreLead(lead, host, lead.from.startsWith("search") ? rank : 0, situation, marks));
  }
  const tie = (one: ScoredLead): number => draw(situation.view.seed, one.lead.value);
  return scored.sort((a, b) => b.value - a.value || tie(a) - tie(b));
}

/** @param rank its place among the leads of the same search, from 0 */
export function scoreLead(lead: LeadView, host: string, rank: number, situation: Situation, marks: Marks): ScoredLead {
  const label = fold(lead.label);
  const path = pathWords(lead.value);
  const text = `${label} ${path}`;
  const reasons: string[] = [];
  let odds = -2.4;

  const named = marks.names.some((name) => mentions(label, name) || mentions(path, name));
  const handled = hasHandle(text, marks);
  const partly =
    !named && marks.parts.some(({ first, last }) => last !== "" && mentions(text, last) && initialOf(text, first));
  if (lead.from.startsWith("check_username")) {
    odds += 3.2;
    reasons.push("an account with your username exists there");
  } else if (handled) {
    odds += 2.1;
    reasons.push("it mentions your username");
  }
  if (named) {
    odds += 1.9;
    reasons.push("it mentions your name");
  } else if (partly) {
    odds += 0.9;
    reasons.push("it mentions a name like yours");
  }
  const about = named || partly || handled;
  if (marks.city && mentions(label, marks.city)) {
    odds += about ? 0.6 : 0.2;
    if (about) reasons.push("it mentions your city");
  }
  if (marks.employer && mentions(text, marks.employer)) {
    odds += about ? 0.8 : 0.5;
    reasons.push("it mentions your employer");
  }
  const known = marks.known.find((value) => mentions(label, value));
  if (known) {
    odds += about ? 0.6 : 0.4;
    reasons.push(`${known} is already among your findings`);
  }
  const called = lead.fromOwned > 0.8 && CALLED_MINE.test(label);
  if (called) {
    odds += 1.2;
    reasons.push("a page of yours calls it yours");
  }
  if (lead.fromOwned > 0.3) {
    // A page that names the operator on somebody's site links to the rest of that site, which mostly is about others;
    // the operator's own profile links to what is theirs.
    const inside = !about && hostOf(lead.from) === host && !marks.sites.includes(host);
    odds += (inside ? (isOperators(pathWords(lead.from), marks) ? 1.2 : 0.5) : 1.9) * lead.fromOwned;
    reasons.push("a page of yours links to it");
  } else if (!about && marks.names.some((name) => mentions(pathWords(lead.from), name))) {
    // Such as the records behind a people search's page for the name.
    odds -= 0.2;
    reasons.push("a page for your name links to it");
  } else if (!about && !lead.from.startsWith("search") && !lead.from.startsWith("check_username")) {
    odds -= 1.3;
  }
  if (TELLING.test(text)) {
    odds += 0.5;
    reasons.push("pages of this kind often show personal details");
  }
  if (DATA.test(lead.value)) odds -= about ? 0.4 : 3;
  if (FILE.test(lead.value)) odds += about || lead.fromOwned > 0.3 ? 0.6 : 0;
  if (PICTURE.test(lead.value)) {
    const original = ORIGINAL.test(label);
    const portrait = PORTRAIT.test(lead.value) || (named && !original);
    odds += portrait ? -3.2 : lead.fromOwned > 0.5 ? 0.3 : about ? -0.2 : -2;
    if (!portrait && lead.fromOwned > 0.5 && original) {
      odds += 0.9;
      reasons.push("a picture as it was taken may say where");
    }
  }
  const like = marks.parts.some(({ last }) => last.length > 3 && compact(text).includes(last));
  if (!about && !like && !called && OTHER_ACCOUNT.test(lead.value) && !lead.from.startsWith("check_username"))
    odds -= 1.4;
  if (!about && !known && OTHER_NAME.test(lead.label.trim()) && !TELLING.test(label)) odds -= 1.8;
  if (/^https?:\/\/[^/]+\/?$/.test(lead.value) && !marks.sites.includes(host))
    odds -= about && !situation.hosts.has(host) ? 0 : 1.8;

  if (FURNITURE.test(label) && label.split(" ").length <= 4) odds -= 2.6;
  else if (FURNITURE.test(path) && !about) odds -= 1.5;
  if (ENDLESS.test(lead.value)) odds -= 1.4;
  const site = fromHost(host, situation, reasons) + fromTemplate(lead.value, situation);
  // One account that is somebody else's says little about the next.
  odds += lead.from.startsWith("check_username") ? Math.max(-0.4, site) : site;
  odds -= 0.3 * Math.max(0, lead.hops - 2) + 0.06 * rank;
  if (hostOf(lead.from) !== host) odds += 0.2 * Math.log2(Math.max(1, lead.times));
  return { lead, host, value: 1 / (1 + Math.exp(-odds)), reasons };
}

/** What a host has given so far, with diminishing returns; an unknown host is worth a look. */
function fromHost(host: string, situation: Situation, reasons: string[]): number {
  const seen = situation.hosts.get(host);
  if (!seen || seen.pages === 0) {
    reasons.push("nothing of this site was read yet");
    return 0.3;
  }
  const { pages, findings, blocked } = seen;
  const perPage = (findings + 0.5) / (pages + 1.5);
  if (findings > 0)
    reasons.push(`this site has shown ${findings === 1 ? "something" : `${findings} things`} about you`);
  return Math.max(-2, Math.min(0.7, Math.log(perPage / 0.33))) - 0.07 * Math.max(0, pages - 4) - 0.8 * blocked;
}

function fromTemplate(address: string, situation: Situation): number {
  const seen = situation.templates.get(template(address));
  if (!seen || seen.pages < 2) return 0;
  return seen.gain === 0 ? -0.7 * Math.min(4, seen.pages - 1) : Math.log((seen.gain + 0.5) / (seen.pages + 0.5)) * 0.5;
}

function hasHandle(text: string, marks: Marks): boolean {
  return marks.handles.some((handle) => mentions(text, handle) || compact(text).includes(compact(handle)));
}

/** Whether the words of an address say that its page is about the operator. */
function isOperators(path: string, marks: Marks): boolean {
  return hasHandle(path, marks) || marks.names.some((name) => mentions(path, name));
}

/** Whether the text has the first name, or a word that is its initial. */
function initialOf(text: string, first: string): boolean {
  return first !== "" && (mentions(text, first) || mentions(text, first.slice(0, 1)));
}
