/** Cuts a page into blocks, each about one subject: a card, a row, a post, a paragraph, or the page itself. */
import type { Document } from "@candor/agent";
import { meaningOf, NAMESAKES_HEADING, OTHERS_HEADING, sectionOf } from "./labels.ts";
import { compare, looksLikeName, namedIn, type Who } from "./names.ts";
import { fold, hostOf, maskedIn } from "./words.ts";

export interface Block {
  /** `operator`: named by name, handle or a `yours` label. `page`: what stands under no name. `other`: somebody else. */
  of: "operator" | "page" | "other";
  lines: string[];
  fields: Document["fields"];
  links: Document["links"];
  /** A new person began here, by a line that is a name. */
  headed: boolean;
}

interface Line {
  text: string;
  /** Cells of a row. */
  cells: string[];
  fields: Document["fields"];
  links: Document["links"];
  /** Only the value of a labelled field that is no name. */
  value: boolean;
}

/** A line of running text stands for itself: what follows is not about whom it names. */
const isProse = (text: string): boolean => text.length > 90 || (text.length > 45 && /[.!?]["”)]?$/.test(text));

/** Lines with the fields and links that stand on them, matched in the order of the page. */
export function linesOf(document: Document): Line[] {
  const lines: Line[] = document.text
    .split("\n")
    .map((text) => text.trim())
    .filter((text) => text !== "")
    .map((text) => ({
      text,
      cells: text.split(/\s*(?:\t|\s\|\s| {3,})\s*/).filter((cell) => cell !== ""),
      fields: [],
      links: [],
      value: false,
    }));
  const folded = lines.map((line) => fold(line.text));
  let at = 0;
  for (const field of document.fields) {
    const value = fold(field.value).slice(0, 60);
    const label = fold(field.label).replace(/\s*:$/, "");
    if (value === "") continue;
    const found = indexFrom(
      folded,
      at,
      (text, i) => text.includes(value) && (text.includes(label) || (folded[i - 1] ?? "").includes(label)),
    );
    const any =
      found >= 0
        ? found
        : indexFrom(folded, 0, (text) => text === value || (text.includes(value) && text.includes(label)));
    const line = lines[any];
    if (!line) continue;
    line.fields.push(field);
    const meaning = meaningOf(field.label);
    if (meaning !== "name" && folded[any] === fold(field.value)) line.value = true;
    if (found >= 0) at = found;
  }
  underHeaders(lines);
  at = 0;
  for (const link of document.links) {
    const label = fold(link.label);
    if (label === "") continue;
    const found = indexFrom(folded, at, (text) => text.includes(label));
    const line = lines[found];
    if (!line) continue;
    line.links.push(link);
    at = found;
  }
  return lines;
}

/** Cells of a table get the labels of its header row. */
function underHeaders(lines: readonly Line[]): void {
  let header: string[] | undefined;
  for (const line of lines) {
    if (line.cells.length < 2) {
      header = undefined;
      continue;
    }
    if (line.cells.filter((cell) => meaningOf(cell) !== undefined).length >= 2) {
      header = line.cells;
      continue;
    }
    if (header?.length !== line.cells.length) continue;
    for (const [i, cell] of line.cells.entries()) {
      const label = header[i];
      if (label && meaningOf(label) !== undefined) line.fields.push({ label, value: cell });
    }
  }
}

function indexFrom(lines: readonly string[], from: number, fits: (line: string, i: number) => boolean): number {
  for (let i = from; i < lines.length; i++) if (fits(lines[i] ?? "", i)) return i;
  for (let i = 0; i < from; i++) if (fits(lines[i] ?? "", i)) return i;
  return -1;
}

/** The name that begins a block on this line, or undefined. `loose`: any line of the shape of a name counts. */
function headOf(line: Line, who: Who, loose: boolean): string | undefined {
  const named = line.fields.find((field) => meaningOf(field.label) === "name" && field.value.length < 60);
  if (
    named &&
    (looksLikeName(named.value) || namedIn(who, named.value) !== "none" || /^\[person \d+\]$/.test(named.value))
  )
    return named.value;
  if (
    line.value ||
    line.fields.some((field) => meaningOf(field.label) !== undefined) ||
    meaningOf(line.cells[0] ?? "") !== undefined
  )
    return undefined;
  // `where I live | Millbrook`: a row of a table that gives labels to values.
  if (!loose && line.cells.length === 2 && line.fields.some((field) => fold(field.label) === fold(line.cells[0] ?? "")))
    return undefined;
  const first = (line.cells[0] ?? line.text).replace(/^[\d.)#\s•*·-]+/, "");
  const second = line.cells[1] ?? "";
  for (const cell of [first, second]) {
    const bare = cell
      .replace(/\s*\([^)]*\)$/, "")
      .replace(/[,:;–—-]\s*(?:age[d]?\s*)?\d{1,3}.*$/i, "")
      .replace(/\s*[,–—|]\s.*$/, "")
      .replace(/:$/, "")
      .trim();
    if (/^\[person \d+\]/.test(bare)) return bare;
    if (namedIn(who, bare) === "full" && bare.split(/\s+/).length <= 5) return bare;
    if (!looksLikeName(bare)) continue;
    if (loose || line.cells.length > 1 || line.links.some((link) => fold(link.label) === fold(bare))) return bare;
  }
  return undefined;
}

/** `2,310 followers` beside `88 following`: figures of a profile, under which nobody is listed. */
const COUNT = /^[\d.,]+\s?[kKmM]?\s+\p{L}+$/u;

/** The line is the name of the site: a link to its front page. */
const isSiteTitle = (line: Line, document: Document): boolean =>
  line.links.some(
    (link) =>
      fold(link.label) === fold(line.cells[0] ?? line.text) &&
      hostOf(link.href) === document.host &&
      /^https?:\/\/[^/]+\/?$/.test(link.href),
  );

/** A post of a thread or a comment begins: the handle or name of whoever wrote it. */
const AUTHORED =
  /^(?:posted |written |submitted |comment |reply |answer |review |asked |answered |shared )?by\s+@?([\p{L}\p{N}._-]+(?:\s[\p{L}.'-]+){0,2})(?:\s*[,·|(–-].*|\s+(?:on|at|wrote|\d).*)?$|^@?([\p{L}\p{N}._-]+(?:\s\p{Lu}[\p{L}.'-]+){0,2})\s+(?:wrote|writes|said|says|replied|replies|posted|asked|answered|commented|schrieb|a écrit|escribió)\b.{0,40}$|^(?:from|author|user|poster)\s*:\s*@?([\p{L}\p{N}._-]+)$/iu;

export function authorIn(text: string): string | undefined {
  const match = AUTHORED.exec(text);
  return match ? (match[1] ?? match[2] ?? match[3]) : undefined;
}

/** Several posts, each with its author. `From: Otterford` above `User: ada` is a form, in which each label stands once. */
function isFeed(lines: readonly string[]): boolean {
  const authored = lines.filter((line) => authorIn(line) !== undefined);
  const labels = authored.map((line) => /^(\p{L}+)\s*:/u.exec(line)?.[1]?.toLowerCase() ?? "");
  return labels.some((label, at) => labels.indexOf(label) !== at);
}

export interface Cut {
  blocks: Block[];
  /** Blocks headed by the operator's name: more than one means that the page lists namesakes. */
  heads: number;
  others: number;
}

/**
 * @param mainly the page as a whole is about the operator or about one unknown account, so that a line of the shape of
 *   a name is a firm or a pastime rather than the head of somebody else's card
 */
export function cutBlocks(document: Document, who: Who, mainly: boolean): Cut {
  const lines = linesOf(document);
  const blocks: Block[] = [];
  let current: Block = { of: "page", lines: [], fields: [], links: [], headed: false };
  blocks.push(current);
  const begin = (of: Block["of"], headed: boolean): void => {
    if (current.lines.length === 0 && !current.headed) Object.assign(current, { of, headed });
    else {
      current = { of, lines: [], fields: [], links: [], headed };
      blocks.push(current);
    }
  };
  const take = (line: Line): void => {
    current.lines.push(line.text);
    current.fields.push(...line.fields);
    current.links.push(...line.links);
  };
  let lonely = false;
  const feed = isFeed(lines.map((line) => line.text));
  // In a CV or on a profile a row of a list of jobs or schools is no person: `Harrow Ltd | Surveyor | 2014 - 2019`.
  let listing = false;
  let namesakes = false;
  for (const [n, line] of lines.entries()) {
    const author = authorIn(line.text);
    if (author !== undefined && (feed || !mainly)) {
      // `by X` closes what it signs where each item ends with it, and opens a post otherwise.
      const mine =
        who.handles.includes(author.toLowerCase()) ||
        namedIn(who, author) === "full" ||
        namedIn(who, author) === "initial";
      const signs = /^(?:by|posted by|written by|asked by|answered by)\b/i.test(line.text) && feed;
      if (signs && current.of === "page" && current.lines.length > 0 && !lonely) {
        take(line);
        Object.assign(current, { of: mine ? "operator" : "other", headed: true });
        begin("page", false);
        continue;
      }
      begin(mine ? "operator" : "other", true);
      take(line);
      lonely = false;
      continue;
    }
    if (
      OTHERS_HEADING.test(line.text) &&
      !(COUNT.test(line.text) && [lines[n - 1], lines[n + 1]].some((beside) => beside && COUNT.test(beside.text)))
    ) {
      listing = false;
      namesakes = NAMESAKES_HEADING.test(line.text);
      begin("other", false);
      take(line);
      continue;
    }
    const section = sectionOf(line.text);
    if (section !== undefined) {
      namesakes = false;
      listing = mainly && section !== "other";
      if (current.of === "other" && (!current.headed || listing)) begin("page", false);
      take(line);
      continue;
    }
    const head = isProse(line.text) || listing || isSiteTitle(line, document) ? undefined : headOf(line, who, !mainly);
    if (head !== undefined) {
      const named = compare(who, head);
      const row = line.cells.length > 1 && (line.cells.length > 2 || !mainly);
      if (namesakes) begin("other", true);
      else if (named === "full" || named === "initial") {
        if (!(mainly && current.of !== "other" && !current.headed)) begin("operator", true);
        else if (mainly) current.headed = true;
      } else if (named === "other" || named === "none") begin("other", true);
      take(line);
      lonely = row;
      continue;
    }
    // A row of a table, once rows have names, stands for itself.
    if (lonely && line.cells.length > 1) {
      begin(aboutOperator(line.text, who) ? "operator" : "other", true);
      take(line);
      continue;
    }
    if (!mainly && isProse(line.text)) {
      const mine = aboutOperator(line.text, who);
      if (mine || current.of === "operator") {
        // A paragraph of a card stays with the card; in an article it stands alone.
        const card = current.of === "operator" && current.headed && !mentionsOther(line.text, who);
        if (!card) begin(mine ? "operator" : "page", false);
      }
      take(line);
      if (mine && !current.headed) begin("page", false);
      continue;
    }
    if (!mainly && current.of === "page" && line.text.length > 12 && aboutOperator(line.text, who)) {
      begin("operator", false);
      take(line);
      begin("page", false);
      continue;
    }
    take(line);
  }
  const full = blocks.filter((block) => block.lines.length > 0);
  return {
    blocks: full,
    heads: full.filter((block) => block.of === "operator" && block.headed).length,
    others: full.filter((block) => block.of === "other" && block.headed).length,
  };
}

const mentionsOther = (text: string, who: Who): boolean => {
  const start = /^(\p{Lu}[\p{L}'’-]+\s\p{Lu}[\p{L}'’-]+)\b/u.exec(text)?.[1];
  return start !== undefined && looksLikeName(start) && namedIn(who, start) === "none";
};

/** The passage holds the operator's name, a handle of theirs, or one of their identifiers. */
export function aboutOperator(text: string, who: Who): boolean {
  if (maskedIn(text).some((label) => label.yours)) return true;
  const named = namedIn(who, text);
  if (named === "full" || named === "initial") return true;
  const folded = text.toLowerCase();
  return who.handles.some(
    (handle) =>
      handle.length > 3 &&
      new RegExp(
        `(?<![\\p{L}\\p{N}_.-])@?${handle.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\p{L}\\p{N}_-])`,
        "u",
      ).test(folded),
  );
}
