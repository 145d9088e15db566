/** What a search engine reads of a page. */
import type { Page } from "../town.ts";

const UNSEEN =
  /<!--[\s\S]*?-->|<(script|style|template|noscript|svg)\b[\s\S]*?<\/\1\s*>|<title\b[\s\S]*?<\/title\s*>/gi;
/** These leave no gap between the words beside them. */
const INLINE =
  /<\/?(?:a|abbr|b|bdi|bdo|cite|code|data|dfn|em|font|i|kbd|mark|q|s|samp|small|span|strong|sub|sup|time|u|var|wbr)(?:\s[^>]*)?>/gi;
const NAMED: Record<string, string> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  ndash: "–",
  mdash: "—",
  hellip: "…",
  middot: "·",
  copy: "©",
};

/** Text of a fragment of HTML on one line, entities resolved. */
export function htmlText(html: string): string {
  return decodeEntities(
    html
      .replace(UNSEEN, " ")
      .replace(INLINE, "")
      .replace(/<[^>]*>/g, " "),
  )
    .replace(/\s+/g, " ")
    .trim();
}

function decodeEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return NAMED[String(name).toLowerCase()] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

function htmlTitle(html: string): string | undefined {
  const inner = /<title\b[^>]*>([\s\S]*?)<\/title\s*>/i.exec(html)?.[1];
  return inner === undefined ? undefined : htmlText(inner);
}

const isText = (page: Page): boolean => /^text\/|json|xml|calendar/i.test(page.contentType);

/** Title and text of any page; of a file that is not text only what the town says about it. */
export function readPage(page: Page): { title: string; text: string } {
  const fileName = page.path.replace(/\?.*$/, "").split("/").pop() || page.host;
  if (!isText(page)) return { title: page.title ?? fileName, text: page.text ?? "" };
  const body = typeof page.body === "string" ? page.body : Buffer.from(page.body).toString("utf8");
  if (!/html|xml/i.test(page.contentType)) {
    return { title: page.title ?? fileName, text: body.replace(/\s+/g, " ").trim() };
  }
  return { title: page.title ?? htmlTitle(body) ?? fileName, text: htmlText(body) };
}

/** Words as the engine compares them: lower case, no accents, one space between, one at either end. */
export function fold(text: string): string {
  const words = text
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
  return ` ${words} `;
}
