/** Finds where the main article of a long page begins, so that a reader with little room need not read the menus. */
import { Readability } from "@mozilla/readability";
import { DOMParser } from "linkedom";
import type { Document } from "../ports.ts";
import { decodeText } from "../web/content-type.ts";
import { LONGEST_HTML, readHtml } from "./html.ts";
import { shallow } from "./nesting.ts";

const MOST_ELEMENTS = 20_000;
/** Lines shorter than this also stand in menus. */
const TELLING = 60;

/**
 * @param text of the page, masked
 * @param raw the page before masking, whose bytes these are
 * @returns an index into `text`; 0 where no article stands out
 */
export function beginningOf(
  text: string,
  raw: Pick<Document, "contentType" | "url">,
  bytes: Uint8Array,
  charset: string | null,
): number {
  if (!/html/.test(raw.contentType)) return 0;
  const html = shallow(decodeText(bytes, charset).slice(0, LONGEST_HTML));
  // Markup may leave `<body>` out, which browsers add and linkedom does not.
  const whole = /<body[\s>]/i.test(html) ? html : `<html><body>${html}</body></html>`;
  let article: string;
  try {
    const page = new DOMParser().parseFromString(whole, "text/html") as unknown as globalThis.Document;
    article = new Readability(page, { maxElemsToParse: MOST_ELEMENTS }).parse()?.content ?? "";
  } catch {
    return 0;
  }
  // A line with an identifier reads otherwise in the masked text; the next one will do.
  for (const line of readHtml(article, raw.url).text.split("\n")) {
    const found = line.length >= TELLING ? text.indexOf(line) : -1;
    if (found >= 0) return text.lastIndexOf("\n", found) + 1;
  }
  return 0;
}
