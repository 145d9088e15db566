/** Draws a `PageRecord` from a masked page: who it is about, and what it says of them. */
import type { Document } from "@candor/agent";
import { aboutOperator, type Block, cutBlocks } from "./blocks.ts";
import { merged, sealedClaims } from "./claims.ts";
import { calendar, leakedLines } from "./formats.ts";
import { pageHandles } from "./handles.ts";
import { meaningOf } from "./labels.ts";
import { compare, namedIn, type Who } from "./names.ts";
import { type PageKind, type PageRecord, SEALED_KINDS, type Subject } from "./record.ts";
import { personsIn } from "./structured.ts";
import { distinct, type ExtractContext, isOwned, otherLabels, subjectOf } from "./subject.ts";
import { absolute, hostOf, maskedIn, tidy, urlKey } from "./words.ts";

export type { ExtractContext };

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
      const subject = subjectOf(document, withLeftovers(document, joined, cut.blocks), context, handles, true, true);
      // On a page of the operator's an identifier of theirs is theirs, whoever the passage around it seems to be about.
      const rest = own ? cut.blocks.filter((block) => block.of === "other") : [];
      subjects.push({
        ...subject,
        claims: merged([
          ...subject.claims,
          ...rest.flatMap((block) => block.lines.flatMap((line) => sealedClaims(line))),
        ]),
      });
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
  if (block.links.some((link) => maskedIn(link.href).some((label) => label.yours))) return true;
  if (block.links.some((link) => isOwned(absolute(link.href, document.url), context))) return true;
  return (
    block.of !== "page" && block.lines.slice(0, 2).some((line) => line.length < 60 && aboutOperator(line, context.who))
  );
}

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

function kindOf(document: Document, heads: number, others: number, listed: boolean): PageKind {
  if (/pdf/.test(document.contentType)) return "document";
  if (/^text\/(?:plain|csv)|calendar|vcard/.test(document.contentType)) return "file";
  if (listed || heads + others > 3) return "directory";
  return document.fields.length >= 2 ? "listing" : "article";
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
