/** Draws a `PageRecord` from a masked page: who it is about, and what it says of them. */
import type { Document } from "@candor/agent";
import { aboutOperator, authorIn, type Block, cutBlocks } from "./blocks.ts";
import { blockClaims, labelledLine, merged, sealedClaims } from "./claims.ts";
import { calendar, leakedLines, signedBy } from "./formats.ts";
import { fieldHandles, linkedAccount, pageHandles, statedHandles } from "./handles.ts";
import { meaningOf } from "./labels.ts";
import { compare, looksLikeName, namedIn, type Who } from "./names.ts";
import { photosOf } from "./photos.ts";
import {
  type Claim,
  type Handle,
  type PageKind,
  type PageRecord,
  SEALED_KINDS,
  type Subject,
  type SubjectLink,
} from "./record.ts";
import { personsIn } from "./structured.ts";
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

/** Titles of searches and of lists of people. */
const LIST_TITLE =
  /\b(?:search|results? for|people named|persons? named|everyone named|records? for|found \d+|\d+ found|background check|addresses and phone|\d+ (?:people|results|records|persons|profiles|matches)|directory|phone ?book|white pages|listings? for|all .{2,30} in|members|our (?:team|people|staff)|meet the team|the team|staff|who we are|minutes|newsletter|results|roster|leaderboard|finishers|class of|alumni)\b/i;

export function extract(document: Document, context: ExtractContext): PageRecord | undefined {
  const { who } = context;
  const base: Omit<PageRecord, "kind" | "subjects" | "people"> = {
    version: 1,
    url: document.url,
    host: document.host,
    hash: document.hash,
    title: tidy(document.title).slice(0, 160),
  };
  if (/^image\//.test(document.contentType) || document.position) return imageRecord(document, base, who);
  const own = context.owned.has(urlKey(document.url)) || context.ownedHosts.has(document.host);
  // On the operator's own host a path is a path, not somebody's account.
  const handles = context.ownedHosts.has(document.host) ? [] : pageHandles(document, who.handles);
  const titled = namedIn(who, document.title);
  const listed = LIST_TITLE.test(document.title);
  const known = handles.some((handle) => who.handles.includes(handle.handle.toLowerCase()));
  const account = handles.some((handle) => handle.how !== "mention" || known) && !listed;
  // A document that opens with a name is about that person: a CV, a poster, a paper.
  const opening =
    /pdf|msword|officedocument|text\/plain/.test(document.contentType) &&
    namedIn(who, document.text.split("\n").slice(0, 3).join("\n")) === "full";
  const mainly =
    own ||
    (!listed &&
      (titled === "full" || known || account || (opening && /pdf|msword|officedocument/.test(document.contentType))));
  const special = calendar(document.text, document.contentType);
  const leaked =
    !special && /^text\/(?:plain|csv)|json/.test(document.contentType) ? leakedLines(document.text) : undefined;

  const subjects: Subject[] = [];
  let people = 0;
  let kind: PageKind;
  if (special) {
    kind = "file";
    for (const passage of special) {
      const block: Block = { of: "page", lines: passage.lines, fields: passage.fields, links: [], headed: false };
      const subject = subjectOf(document, block, context, handles, passage === special[0], true);
      subjects.push({ ...subject, claims: merged([...subject.claims, ...passage.claims]) });
    }
  } else if (leaked) {
    kind = "file";
    for (const line of leaked) {
      if (aboutOperator(line, who)) subjects.push(leakSubject(line, who));
      else people++;
    }
  } else {
    let cut = cutBlocks(document, who, mainly);
    // Several blocks headed by the operator's name: a list of namesakes, whatever its title says.
    const cards = cutBlocks(document, who, false);
    const namesakes = !own && cards.heads > 1 && !known && differing(cards.blocks);
    if (namesakes) cut = cards;
    const main = mainly && !namesakes;
    people += cut.others;
    if (main) {
      const whole = cut.blocks.filter((block) => block.of !== "other");
      const joined: Block = {
        of: "page",
        headed: true,
        lines: whole.flatMap((b) => b.lines),
        fields: whole.flatMap((b) => b.fields),
        links: whole.flatMap((b) => b.links),
      };
      subjects.push(subjectOf(document, withLeftovers(document, joined, cut.blocks), context, handles, true, true));
    } else {
      for (const block of cut.blocks) {
        if (block.of === "operator") subjects.push(subjectOf(document, block, context, [], false, true));
        else if (worthKeeping(block, document, context))
          subjects.push(subjectOf(document, block, context, [], false, true));
        else if (block.of === "other") continue;
      }
      joinPageText(subjects, cut.blocks, document, context);
    }
    kind = main
      ? own || account
        ? "profile"
        : /pdf/.test(document.contentType)
          ? "document"
          : "profile"
      : kindOf(document, cut.heads, cut.others, listed);
    if (/pdf|msword|officedocument/.test(document.contentType)) kind = "document";
  }
  addStructured(document, subjects, context, mainly);
  const kept = subjects.flatMap((subject) => withoutStrangers(subject, document, context, own));
  people += subjects.length - kept.length;
  return kept.length === 0 ? undefined : { ...base, kind, subjects: kept.slice(0, 40), people };
}

/**
 * What a page says of people who are not the operator is not kept. A page under an unknown handle keeps its links and
 * handles, so that a later page can tell that it is the operator's.
 */
function withoutStrangers(subject: Subject, document: Document, context: ExtractContext, own: boolean): Subject[] {
  const yours = subject.claims.some((claim) => (SEALED_KINDS as readonly string[]).includes(claim.kind));
  const linked =
    own || context.reached.has(urlKey(document.url)) || subject.links.some((link) => isOwned(link.url, context));
  const handled = subject.handles.some((handle) => context.who.handles.includes(handle.handle.toLowerCase()));
  const named = subject.named === "full" || subject.named === "initial" || subject.named === "part";
  if (yours || linked || named || (handled && subject.named !== "other")) return [subject];
  if (!subject.main || subject.named === "other") return [];
  return [{ ...subject, names: [], claims: [], photos: [] }];
}

function imageRecord(document: Document, base: Omit<PageRecord, "kind" | "subjects" | "people">, who: Who): PageRecord {
  const artist =
    document.meta.artist ??
    document.meta.author ??
    document.fields.find((field) =>
      /^(?:artist|creator|xpauthor|author|by-?line|ownername|copyright)$/i.test(field.label),
    )?.value;
  const position =
    document.position && `${document.position.latitude.toFixed(5)},${document.position.longitude.toFixed(5)}`;
  const text = `${document.title}\n${document.text}\n${Object.values(document.meta).join("\n")}`;
  const named = artist ? compare(who, artist) : "none";
  return {
    ...base,
    kind: "file",
    people: named === "other" ? 1 : 0,
    image: { ...(position ? { position } : {}), ...(artist && named !== "other" ? { artist } : {}) },
    subjects: [
      {
        main: true,
        names: artist && named !== "other" ? [artist] : [],
        named,
        handles: [],
        claims: sealedClaims(text),
        links: [],
        photos: [],
        others: [],
      },
    ],
  };
}

/** Whether blocks of the same name differ in a way that one person's would not: they are cards of a list. */
function differing(blocks: readonly Block[]): boolean {
  const cards = blocks.filter((block) => block.of === "operator" && block.headed);
  const telling = cards.filter(
    (card) =>
      card.fields.some((field) =>
        ["location", "address", "phone", "born", "age"].includes(meaningOf(field.label) ?? ""),
      ) ||
      maskedIn(card.lines.join("\n")).length > 0 ||
      /\bage[d]?:?\s*\d{2}|,\s*\d{2}\s*(?:,|$)/im.test(card.lines.join("\n")),
  );
  return telling.length > 1;
}

/** A block under no name of the operator that still may be theirs: their first name, a link to a page of theirs, an identifier. */
function worthKeeping(block: Block, document: Document, context: ExtractContext): boolean {
  const text = block.lines.join("\n");
  if (maskedIn(text).some((label) => label.yours)) return true;
  if (block.links.some((link) => isOwned(absolute(link.href, document.url), context))) return true;
  return (
    block.of !== "page" && block.lines.slice(0, 2).some((line) => line.length < 60 && aboutOperator(line, context.who))
  );
}

const isOwned = (url: string, context: ExtractContext): boolean =>
  context.owned.has(urlKey(url)) || context.ownedHosts.has(hostOf(url));

/** Fields that stand on no visible line (microdata, lists without text) belong to the page's only subject. */
function withLeftovers(document: Document, block: Block, blocks: readonly Block[]): Block {
  const placed = new Set(blocks.flatMap((each) => each.fields));
  return { ...block, fields: [...block.fields, ...document.fields.filter((field) => !placed.has(field))] };
}

/** Text under no name on a page whose only subject is the operator's block: where a listing says its place and seller. */
function joinPageText(
  subjects: Subject[],
  blocks: readonly Block[],
  document: Document,
  context: ExtractContext,
): void {
  const strangers =
    blocks.some((block) => block.of === "other" && block.headed) ||
    blocks.filter((block) => block.of === "operator" && block.headed).length > 1;
  const yours = subjects.filter((subject) =>
    subject.claims.some((claim) => /^(?:phone|e-mail|address)$/.test(claim.kind)),
  );
  const [only] = yours;
  if (strangers || yours.length !== 1 || only === undefined || document.text.length > 6_000) return;
  const rest = blocks.filter((block) => block.of !== "other");
  const block: Block = {
    of: "page",
    headed: false,
    lines: rest.flatMap((b) => b.lines),
    fields: rest.flatMap((b) => b.fields),
    links: rest.flatMap((b) => b.links),
  };
  const joined = subjectOf(document, withLeftovers(document, block, blocks), context, [], false, false);
  only.claims = merged([...only.claims, ...joined.claims.filter((claim) => claim.kind !== "username")]);
  only.names = [...new Set([...only.names, ...joined.names])];
  if (only.named === "none") only.named = joined.named;
  for (const handle of joined.handles)
    if (!only.handles.some((each) => each.handle === handle.handle && each.host === handle.host))
      only.handles.push(handle);
  only.links.push(...joined.links.filter((link) => !only.links.some((each) => each.url === link.url)));
}

function leakSubject(line: string, who: Who): Subject {
  const named = namedIn(who, line);
  const handle = line.split(/[:;|,\t\s]/).find((part) => who.handles.includes(part.toLowerCase()));
  return {
    main: false,
    names: [],
    named: named === "part" ? "none" : named,
    handles: handle ? [{ handle, host: "", how: "mention" }] : [],
    claims: sealedClaims(line),
    links: [],
    photos: [],
    others: otherLabels(line),
  };
}

const otherLabels = (text: string): Subject["others"] => [
  ...new Set(
    maskedIn(text)
      .filter((label) => !label.yours)
      .map((label) => label.kind),
  ),
];

function kindOf(document: Document, heads: number, others: number, listed: boolean): PageKind {
  if (/pdf/.test(document.contentType)) return "document";
  if (/^text\/(?:plain|csv)|calendar|vcard/.test(document.contentType)) return "file";
  if (listed || heads + others > 3) return "directory";
  return document.fields.length >= 2 ? "listing" : "article";
}

/** One block as a subject. `whole`: the block is the page. `said`: its sentences are about the subject. */
function subjectOf(
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
  const found: Handle[] = [
    ...handles,
    ...fieldHandles(block.fields, document.host),
    ...labelledHandles(block.lines, document.host),
  ];
  for (const link of block.links) {
    const account = linkedAccount({ ...link, href: absolute(link.href, document.url) }, document.host);
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

function addStructured(document: Document, subjects: Subject[], context: ExtractContext, mainly: boolean): void {
  const persons = personsIn(document.structured, document.url);
  for (const person of persons) {
    const named = person.names[0] ? compare(context.who, person.names[0]) : "none";
    const main = subjects.find((subject) => subject.main);
    const fits = named === "full" || named === "initial" || named === "part" || (persons.length === 1 && mainly);
    const yours = person.claims.some((claim) => /^(?:phone|e-mail|address|birth date)/.test(claim.value));
    if (!fits && !yours) continue;
    const target = main ?? subjects.find((subject) => subject.named === "full") ?? undefined;
    const subject: Subject = {
      main: mainly,
      names: person.names,
      named,
      handles: person.handles.map((handle) => ({
        handle: handle.replace(/^@/, ""),
        host: document.host,
        how: "field" as const,
      })),
      claims: person.claims,
      links: person.links.map((url) => ({
        url,
        how: hostOf(url) === document.host ? ("own" as const) : ("me" as const),
      })),
      photos: person.photos.map((src) => ({ src, alt: person.names[0] ?? "" })),
      others: person.others,
      ...(person.born === undefined ? {} : { born: person.born }),
    };
    if (!target) {
      subjects.push(subject);
      continue;
    }
    target.names = [...new Set([...target.names, ...subject.names])];
    if (target.named === "none" || target.named === "part") target.named = named === "none" ? target.named : named;
    target.claims = merged([...target.claims, ...subject.claims]);
    target.handles = distinct([...target.handles, ...subject.handles]);
    target.links.push(
      ...subject.links.filter((link) => !target.links.some((each) => each.url === link.url && each.how === link.how)),
    );
    target.photos.push(...subject.photos.filter((photo) => !target.photos.some((each) => each.src === photo.src)));
  }
}

function distinct(handles: readonly Handle[]): Handle[] {
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
