/** Text files, Markdown, patches, calendars, cards and tables of values. */
import type { Document } from "../ports.ts";
import { type Content, LONGEST_TEXT, nothing } from "./content.ts";
import { labelLike, pairsIn } from "./pairs.ts";

const MOST_LINKS = 1_000;
const MOST_FIELDS = 1_500;

const ADDRESS = /\bhttps?:\/\/[^\s<>"'`\\^{|}]+|(?<![\w/.])mailto:[^\s<>"']+/gi;
const MARKDOWN = /\[([^\]\n]{0,200})\]\(\s*<?([^\s)>]+)[^)\n]{0,200}\)/g;

export function readPlain(source: string, url: string): Content {
  const text = normal(encodedWords(source));
  const heading = /^#{1,6}\s+(.{1,200})$/m.exec(text)?.[1] ?? /^(?:Subject|Title):\s*(.{1,200})$/im.exec(text)?.[1];
  const fields = text.split("\n").flatMap((line) => (line.length > 2_000 ? [] : pairsIn(line)));
  return {
    ...nothing(),
    title: heading?.trim() ?? "",
    text,
    links: linksIn(text, url),
    fields: fields.slice(0, MOST_FIELDS),
  };
}

/** `=?UTF-8?q?J=C3=B6rg?=` in the head of a mail or a patch. https://www.rfc-editor.org/rfc/rfc2047 */
const encodedWords = (text: string): string =>
  text.replace(
    /=\?([\w-]{2,20})(?:\*[\w-]+)?\?([bq])\?([!->@-~]{0,200})\?=/gi,
    (whole, charset: string, how: string, word: string) => {
      const bytes = /b/i.test(how)
        ? Buffer.from(word, "base64")
        : Buffer.from(
            word
              .replace(/_/g, " ")
              .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
            "latin1",
          );
      try {
        return new TextDecoder(charset).decode(bytes);
      } catch {
        return whole;
      }
    },
  );

/** Addresses that a text holds, in its order; Markdown links with their words, relative ones made absolute. */
export function linksIn(text: string, url: string): Document["links"] {
  const links = new Map<string, { label: string; at: number }>();
  const add = (href: string, label: string, at: number): void => {
    const absolute = URL.parse(href, url)?.href;
    if (absolute && /^(?:https?|mailto|tel):/i.test(absolute) && !links.has(absolute) && links.size < MOST_LINKS) {
      links.set(absolute, { label, at });
    }
  };
  for (const match of text.matchAll(MARKDOWN)) add(match[2] ?? "", match[1] ?? "", match.index);
  for (const match of text.matchAll(ADDRESS)) add(trimmed(match[0]), "", match.index);
  return [...links].sort(([, a], [, b]) => a.at - b.at).map(([href, { label }]) => ({ href, label, rel: "" }));
}

/** An address in running text without the punctuation behind it. */
function trimmed(href: string): string {
  let bare = href;
  while (/[.,;:!?*_~]$/.test(bare) || (bare.endsWith(")") && count(bare, ")") > count(bare, "(")))
    bare = bare.slice(0, -1);
  return bare;
}

const count = (text: string, char: string): number => text.split(char).length - 1;

/** The lines of iCalendar and vCard files, unfolded; each property is a field. https://www.rfc-editor.org/rfc/rfc5545 */
export function readCalendar(source: string, url: string): Content {
  const text = normal(source).replace(/\n[ \t]/g, "");
  const fields: Document["fields"] = [];
  for (const line of text.split("\n")) {
    const match = /^(?:[\w-]+\.)?([A-Z][A-Z0-9-]*)((?:;(?:"[^"]*"|[^":;])*)*):(.*)$/i.exec(line.slice(0, 4_000));
    const [, key = "", parameters = "", raw = ""] = match ?? [];
    if (!match || /^(?:BEGIN|END|VERSION|PRODID|CALSCALE|METHOD|UID|DTSTAMP|SEQUENCE|REV)$/i.test(key)) continue;
    const named = /;CN=("[^"]*"|[^;:]*)/i.exec(parameters)?.[1]?.replaceAll('"', "");
    const value = `${named ? `${named} ` : ""}${unescaped(raw)}`.trim();
    if (value !== "" && fields.length < MOST_FIELDS) fields.push({ label: key, value: value.slice(0, 500) });
  }
  const title = fields.find(({ label }) => /^(?:X-WR-CALNAME|NAME|FN)$/i.test(label))?.value ?? "";
  return { ...nothing(), title, text, fields, links: linksIn(text, url) };
}

// An address is often split by semicolons, of which empty ones say nothing.
const unescaped = (value: string): string =>
  value
    .replace(/\\n/gi, ", ")
    .replace(/(?<!\\);+/g, ", ")
    .replace(/\\([,;\\])/g, "$1")
    .replace(/^(?:,\s*)+|(?:,\s*)+$/g, "");

/** Separated values: the text as it is, and each cell with the heading of its column. */
export function readTable(source: string, url: string): Content {
  const content = { ...nothing(), text: normal(source) };
  const lines = content.text.split("\n").slice(0, 2_000);
  const separator = ["\t", ";", ","].find((each) => (lines[0] ?? "").includes(each)) ?? ",";
  const [headings = [], ...rows] = lines.map((line) => cellsOf(line, separator));
  const links = linksIn(content.text, url);
  if (headings.length < 2 || !headings.every((heading) => heading === "" || labelLike(heading)))
    return { ...content, links };
  const fields = rows.flatMap((row) =>
    row.flatMap((value, i) => {
      const label = headings[i];
      return label && value !== "" && value.length <= 300 ? [{ label, value }] : [];
    }),
  );
  return { ...content, links, fields: fields.slice(0, MOST_FIELDS) };
}

function cellsOf(line: string, separator: string): string[] {
  const cells: string[] = [];
  let cell = "";
  let quoted = false;
  for (const char of line.slice(0, 10_000)) {
    if (char === '"') quoted = !quoted;
    else if (char === separator && !quoted) {
      cells.push(cell.trim());
      cell = "";
    } else cell += char;
  }
  cells.push(cell.trim());
  return cells;
}

const normal = (source: string): string =>
  source
    .slice(0, LONGEST_TEXT)
    .replace(/\r\n?/g, "\n")
    .replace(/[\u200b\u2060\ufeff\u00ad]/g, "")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a text file may hold any byte, and a reader shows none of these
    .replace(/[\u0000-\u0008\u000e-\u001f\u007f]/g, "");
