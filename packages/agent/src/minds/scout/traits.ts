/** What a lead shows of itself and of where it came from, before anybody weighs it. */
import type { HostView, LeadView, Seeds } from "../../mind.ts";
import type { Situation } from "./situation.ts";
import { compact, fold, hostOf, mentions, pathWords, template } from "./words.ts";

/** How somebody labels a link to an account of theirs: `My photos`, `Me on Quayside`, `Meine Bilder`. */
const CALLED_MINE = /^(?:my|me|i|mein|meine|mon|ma|mes|mi|mis|mio|mia|i miei|mijn)\b|\b(?:me|i'm) (?:on|at)\b/;

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
/** Data for programs, which is rarely about a person. */
const DATA = /\.json$/i;

/** The operator's names and the like, folded once for all leads. */
export interface Marks {
  names: string[];
  /** First and last word of each name. */
  parts: { first: string; last: string }[];
  /** The operator's usernames: those they gave and those that were found. */
  handles: string[];
  /** The same without spaces, each once. */
  joinedHandles: string[];
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
  const handles = [...seeds.usernames, ...found].map(fold).filter((handle) => handle.length > 3);
  return {
    names,
    parts: names.map((name) => {
      const words = name.split(" ");
      return { first: words[0] ?? "", last: words.length > 1 ? (words.at(-1) ?? "") : "" };
    }),
    handles,
    joinedHandles: [...new Set(handles.map(compact))],
    sites: seeds.sites.map(hostOf),
    city: fold(seeds.city ?? ""),
    employer: fold(seeds.employer ?? ""),
    known,
  };
}

export interface LeadTraits {
  lead: LeadView;
  host: string;
  /** Its place among the leads of the same search, from 0. */
  rank: number;
  /** Label and address, folded. */
  text: string;
  /** It says the operator's whole name; else perhaps the last name with the first or its initial. */
  named: boolean;
  partly: boolean;
  handled: boolean;
  /** Any of the three. */
  about: boolean;
  city: boolean;
  employer: boolean;
  /** A finding that it mentions. */
  known: string | undefined;
  /** A page of the operator's calls it theirs. */
  called: boolean;
  searched: boolean;
  /** Found by the check of a username. */
  checked: boolean;
  /** It is on the site of a page that is somebody else's, though it names the operator; `fromOperators`: that page is their profile. */
  inside: boolean;
  fromOperators: boolean;
  /** It says nothing of the operator, and the page it came from is one for their name, such as a people search's. */
  fromNamePage: boolean;
  /** It came from another host. */
  crosses: boolean;
  telling: boolean;
  data: boolean;
  file: boolean;
  picture: boolean;
  original: boolean;
  portrait: boolean;
  /** A picture of the operator's as the camera made it. */
  mayShowWhere: boolean;
  /** Somebody's account or name, and not the operator's. */
  otherAccount: boolean;
  otherName: boolean;
  /** The first page of a site that is not the operator's. */
  front: boolean;
  /** Site furniture by its label, or by its address. */
  furniture: "label" | "address" | undefined;
  endless: boolean;
  /** What its host has given; undefined before anything was read there. */
  site: HostView | undefined;
  /** What pages of like addresses have given. */
  alike: { pages: number; gain: number } | undefined;
}

/** @param rank its place among the leads of the same search, from 0 */
export function traitsOf(
  lead: LeadView,
  host: string,
  rank: number,
  situation: Pick<Situation, "hosts" | "templates">,
  marks: Marks,
): LeadTraits {
  const label = fold(lead.label);
  const path = pathWords(lead.value);
  const text = `${label} ${path}`;
  const named = marks.names.some((name) => mentions(label, name) || mentions(path, name));
  const handled = hasHandle(text, marks);
  const partly =
    !named && marks.parts.some(({ first, last }) => last !== "" && mentions(text, last) && initialOf(text, first));
  const about = named || partly || handled;
  const checked = lead.from.startsWith("check_username");
  const known = marks.known.find((value) => mentions(label, value));
  const called = lead.fromOwned > 0.8 && CALLED_MINE.test(label);
  const telling = TELLING.test(text);
  const original = ORIGINAL.test(label);
  const joined = about || called || checked ? "" : compact(text);
  const like = marks.parts.some(({ last }) => last.length > 3 && joined.includes(last));
  const short = label.split(" ").length <= 4;
  const site = situation.hosts.get(host);
  const picture = PICTURE.test(lead.value);
  const portrait = PORTRAIT.test(lead.value) || (named && !original);
  const inside = !about && hostOf(lead.from) === host && !marks.sites.includes(host);
  const ofOperators = lead.fromOwned > 0.3;
  return {
    lead,
    host,
    rank,
    text,
    named,
    partly,
    handled,
    about,
    city: marks.city !== "" && mentions(label, marks.city),
    employer: marks.employer !== "" && mentions(text, marks.employer),
    known,
    called,
    searched: lead.from.startsWith("search"),
    checked,
    inside,
    fromOperators: inside && ofOperators && isOperators(pathWords(lead.from), marks),
    fromNamePage: !about && !ofOperators && isNamed(pathWords(lead.from), marks),
    crosses: hostOf(lead.from) !== host,
    telling,
    data: DATA.test(lead.value),
    file: FILE.test(lead.value),
    picture,
    original,
    portrait,
    mayShowWhere: picture && !portrait && original && lead.fromOwned > 0.5,
    otherAccount: !about && !like && !called && OTHER_ACCOUNT.test(lead.value) && !checked,
    otherName: !about && !known && OTHER_NAME.test(lead.label.trim()) && !TELLING.test(label),
    front: /^https?:\/\/[^/]+\/?$/.test(lead.value) && !marks.sites.includes(host),
    furniture: FURNITURE.test(label) && short ? "label" : FURNITURE.test(path) && !about ? "address" : undefined,
    endless: ENDLESS.test(lead.value),
    site: site && site.pages > 0 ? site : undefined,
    alike: situation.templates.get(template(lead.value)),
  };
}

/** With spaces or without: what mentions a name as words has it joined as well. */
function hasHandle(text: string, { joinedHandles }: Marks): boolean {
  const joined = compact(text);
  return joinedHandles.some((handle) => joined.includes(handle));
}

/** Whether the words of an address say that its page is about the operator. */
const isOperators = (path: string, marks: Marks): boolean => hasHandle(path, marks) || isNamed(path, marks);

const isNamed = (text: string, { names }: Marks): boolean => names.some((name) => mentions(text, name));

/** Whether the text has the first name, or a word that is its initial. */
function initialOf(text: string, first: string): boolean {
  return first !== "" && (mentions(text, first) || mentions(text, first.slice(0, 1)));
}
