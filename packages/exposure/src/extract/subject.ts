/** One block of a page as a subject: its names, handles, claims, links and pictures. */
import type { Document } from "@candor/agent";
import { authorIn, type Block } from "./blocks.ts";
import { blockClaims, labelledLine, merged } from "./claims.ts";
import { signedBy } from "./formats.ts";
import { fieldHandles, linkedAccount, statedHandles } from "./handles.ts";
import { meaningOf } from "./labels.ts";
import { compare, longerName, looksLikeName, namedIn, type Who } from "./names.ts";
import { photosOf } from "./photos.ts";
import type { Claim, Handle, Subject, SubjectLink } from "./record.ts";
import { isSchool, shortPlace } from "./values.ts";
import { absolute, escaped, fold, holds, hostOf, maskedIn, plain, quoteOf, tidy, urlKey } from "./words.ts";

export interface ExtractContext {
  who: Who;
  city?: string | undefined;
  /** Keys of pages known to be the operator's: on them everything is said by the operator. */
  owned: ReadonlySet<string>;
  /** Hosts that are the operator's own. */
  ownedHosts: ReadonlySet<string>;
  /** Keys of pages that the operator's pages link to as theirs. */
  reached: ReadonlySet<string>;
}

export const isOwned = (url: string, context: ExtractContext): boolean =>
  context.owned.has(urlKey(url)) || context.ownedHosts.has(hostOf(url));

export const otherLabels = (text: string): Subject["others"] => [
  ...new Set(
    maskedIn(text)
      .filter((label) => !label.yours)
      .map((label) => label.kind),
  ),
];

/** One block as a subject. `whole`: the block is the page. `said`: its sentences are about the subject. */
export function subjectOf(
  document: Document,
  block: Block,
  context: ExtractContext,
  handles: readonly Handle[],
  whole: boolean,
  said: boolean,
): Subject {
  const { who } = context;
  const text = block.lines.join("\n");
  const names = namesOf(document, block, who, whole);
  const own = whole && isOwned(document.url, context);
  const ranked = names.map((name) => compare(who, name));
  const order: Subject["named"][] = ["full", "initial", "part", "other", "none"];
  let named = order.find((each) => ranked.includes(each)) ?? "none";
  if (named !== "full" && named !== "other") {
    const shown = namedIn(who, text);
    if (shown === "full" || (shown === "initial" && named !== "initial")) named = shown;
    else if (
      named === "none" &&
      shown === "part" &&
      /^(?:.{0,80})$/s.test(text.slice(0, 80)) &&
      namedIn(who, text.slice(0, 80)) === "part"
    )
      named = "part";
  }
  // `Dr Thorne, born [birth date 1: yours]`: after its first mention an article goes on with the surname.
  if (
    named === "none" &&
    who.names.some(({ lastWord }) => lastWord.test(plain(text))) &&
    maskedIn(text).some((label) => label.yours) &&
    namedIn(who, document.text) === "full"
  )
    named = "part";
  const found: Handle[] = [
    ...handles,
    ...fieldHandles(block.fields, document.host),
    ...labelledHandles(block.lines, document.host),
  ];
  for (const link of block.links) {
    const account = linkedAccount({ ...link, href: absolute(link.href, document.url) }, document.host, who.handles);
    if (account && (!whole || found.length === 0) && authorish(link.label, block, who)) found.push(account);
  }
  for (const line of block.lines) {
    const author = whole && block.lines.length > 40 ? undefined : authorIn(line);
    if (author && !author.includes(" ") && (who.handles.includes(author.toLowerCase()) || !whole))
      found.push({ handle: author, host: document.host, how: "author" });
  }
  const signed = block.lines.some((line) => authorIn(line) !== undefined || /\bphoto(?:graph)?s? by\b/i.test(line));
  if (whole || block.of === "operator") found.push(...statedHandles(text));
  const links: SubjectLink[] = [];
  for (const link of document.links) {
    const url = absolute(link.href, document.url);
    if (!/^https?:/.test(url) || urlKey(url) === urlKey(document.url)) continue;
    const inside = block.links.includes(link);
    const me = /(?:^|\s)me(?:\s|$)/i.test(link.rel);
    if (me && (whole || inside)) links.push({ url, how: "me" });
    else if (inside && hostOf(url) !== document.host && !furniture(url)) links.push({ url, how: "home" });
    else if (whole && (inside || own) && hostOf(url) === document.host) links.push({ url, how: "own" });
    else if (whole && own && !furniture(url)) links.push({ url, how: "home" });
  }
  const born = /\b(?:born|b\.|year of birth|geboren)\D{0,12}\b(19[2-9]\d|20[01]\d)\b/i.exec(text)?.[1];
  const whom = [
    ...names.filter((_, i) => ranked[i] !== "other"),
    ...who.names.map((name) => `${name.first} ${name.last}`),
    ...found.map((handle) => handle.handle),
  ];
  const claims = merged([
    ...blockClaims(
      block,
      context.city,
      said && !whole && !block.headed && text.length > 90
        ? (sentence, before) => aboutSentence(sentence, before, who)
        : said,
    ),
    ...besideName(block, context, document, whole),
  ]);
  return {
    main: whole,
    names: [...new Set(names)].slice(0, 5),
    named,
    handles: distinct(found),
    claims: claims.map((claim) => ({ ...claim, quote: claim.quote.slice(0, 170) })),
    links: links.slice(0, 120),
    photos: photosOf(document, whom, whole || (signed && document.images.length <= 2)),
    others: otherLabels(text),
    ...(born === undefined ? {} : { born: Number(born) }),
  };
}

/** `Ada Thorne, 41, Otterford`; `class of 1999` on a school's list: what a line or the page's title adds to a name. */
function besideName(block: Block, { who, city }: ExtractContext, document: Document, whole: boolean): Claim[] {
  const claims: Claim[] = [];
  for (const line of block.lines) {
    if (line.length > 110) continue;
    const aged =
      namedIn(who, line) === "full"
        ? /,\s*(?:aged?\s*)?\d{2},\s*(\p{Lu}[\p{L} '-]{2,30}?)(?=\s*(?:[,(;|·]|$|\s[\p{Ll}\d]))/u.exec(line)?.[1]
        : undefined;
    if (aged) claims.push({ kind: "location", value: shortPlace(tidy(aged)), quote: quoteOf(line), confidence: 0.6 });
    else if (city && standsAlone(line, city))
      claims.push({ kind: "location", value: city, quote: quoteOf(line), confidence: 0.6 });
  }
  const school = whole
    ? undefined
    : /^(.*?),?\s*(?:[:–-]\s*)?(?:class of|alumni|graduates|old (?:boys|girls|scholars)|leavers|abitur|promotion)\b/i.exec(
        document.title,
      )?.[1];
  if (school && isSchool(school))
    claims.push({ kind: "school", value: tidy(school), quote: quoteOf(document.title), confidence: 0.85 });
  return claims;
}

/** In running text that names several people, a sentence is about whom it begins with. */
function aboutSentence(sentence: string, before: boolean, who: Who): boolean {
  if (/^(?:I|I'm|I've|She|He|They|Her|His|Their|My)\b/.test(sentence))
    return before || /^(?:I|I'm|I've|My)\b/.test(sentence);
  const name = plain(sentence);
  const at = Math.min(
    ...who.names.flatMap(({ full, initial }) =>
      [full, initial].map((pattern) => name.search(pattern)).filter((found) => found >= 0),
    ),
    Number.POSITIVE_INFINITY,
  );
  const other = /\p{Lu}[\p{L}'-]+\s\p{Lu}[\p{L}'-]+/gu;
  const stranger = [...name.matchAll(other)].find(
    (match) => looksLikeName(match[0]) && namedIn(who, match[0]) !== "full",
  );
  if (at !== Number.POSITIVE_INFINITY)
    return stranger === undefined || at <= stranger.index || /:\s*$/.test(name.slice(0, at));
  return (
    who.names.some(({ lastWord, firstWord }) =>
      [lastWord, firstWord].some((pattern) =>
        new RegExp(`^(?:Ms |Mr |Mrs |Dr |Prof )?(?:${pattern.source})`, "u").test(name),
      ),
    ) ||
    (stranger === undefined && before) ||
    maskedIn(sentence).some((label) => label.yours) ||
    (stranger === undefined && who.handles.some((handle) => sentence.toLowerCase().includes(handle)))
  );
}

/** The place by itself, not as part of another name such as `Otterford Bell Ringers`. */
const standsAlone = (line: string, place: string): boolean =>
  holds(line, place) && new RegExp(`(?<!\\p{Lu}[\\p{L}']*\\s)${escaped(place)}(?!\\s+\\p{Lu}|['’-])`, "u").test(line);

/** A link to a member's page stands for whoever the block is about: its label is their name, or it is said to be theirs. */
function authorish(label: string, block: Block, who: Who): boolean {
  if (namedIn(who, label) !== "none") return true;
  const folded = fold(label);
  if (who.handles.includes(folded.replace(/^@/, ""))) return true;
  return (
    block.fields.some(
      (field) => ["name", "handle"].includes(meaningOf(field.label) ?? "") && fold(field.value).includes(folded),
    ) ||
    block.lines.some((line) =>
      new RegExp(
        `^(?:.{0,30}\\b(?:by|seller|posted by|sold by|author|contact|from)\\b.{0,4})?${folded.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?:\\s+wrote.*|[,·|].*)?$`,
        "i",
      ).test(fold(line)),
    )
  );
}

function labelledHandles(lines: readonly string[], host: string): Handle[] {
  return lines.flatMap((line) => {
    const labelled = labelledLine(line);
    return labelled ? fieldHandles([labelled], host) : [];
  });
}

function namesOf(document: Document, block: Block, who: Who, whole: boolean): string[] {
  const names: string[] = [];
  for (const field of block.fields)
    if (meaningOf(field.label) === "name" && field.value.length < 60) names.push(tidy(field.value));
  for (const line of block.lines) {
    const labelled = labelledLine(line);
    if (labelled && meaningOf(labelled.label) === "name" && labelled.value.length < 60)
      names.push(tidy(labelled.value));
    const signed = signedBy(line);
    if (signed) names.push(tidy(signed));
    const longer = line.length < 60 ? longerName(who, line) : undefined;
    if (longer) names.push(longer);
    if (line.length < 60 && ["full", "initial"].includes(namedIn(who, line))) names.push(tidy(line));
  }
  if (whole) {
    const title = document.title.split(/\s+[|·–—-]\s+|\s*\(|\s+on\s+|'s\s|\s*:\s*/)[0] ?? "";
    if (title)
      names.push(
        tidy(title.replace(/^(?:CV of|curriculum vitae(?: of)?|résumé of|resume of|profile of|about)\s+/i, "")),
      );
    // A heading is trusted where it names the operator; a menu may look like somebody's name.
    for (const line of block.lines.slice(0, 6))
      if (line.length < 50 && namedIn(who, line) !== "none") names.push(tidy(line));
  }
  return [...new Set(names.filter((name) => name !== "" && compare(who, name) !== "none"))];
}

export function distinct(handles: readonly Handle[]): Handle[] {
  const order: Handle["how"][] = ["field", "address", "author", "stated", "mention"];
  const sorted = [...handles].sort((a, b) => order.indexOf(a.how) - order.indexOf(b.how));
  return [
    ...new Map(sorted.reverse().map((handle) => [`${handle.handle.toLowerCase()}@${handle.host}`, handle])).values(),
  ]
    .reverse()
    .slice(0, 12);
}

const furniture = (url: string): boolean =>
  /\/(?:login|signin|signup|register|share|intent|privacy|terms|cookie|help)\b/i.test(url);
