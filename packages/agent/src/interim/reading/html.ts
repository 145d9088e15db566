/** HTML as a `Document`: what a person sees, what they do not see, links, fields, structured data. */
import { parseHTML } from "linkedom";
import type { Document } from "../../ports.ts";
import { fieldsOf } from "./fields.ts";
import { structuredOf } from "./structured.ts";
import { hidingSelectors, walk } from "./visible.ts";

export type Content = Omit<Document, "url" | "host" | "status" | "contentType" | "hash">;

const MOST_LINKS = 1_000;
/** Pages beyond this are read up to here: a person would not read on either. */
const MOST_CHARACTERS = 1_500_000;

export function readHtml(html: string, url: string): Content {
  const { document } = parseHTML(wrap(html.slice(0, MOST_CHARACTERS)));
  const body = document.body as unknown as Element | null;
  const base = URL.parse(document.querySelector("base[href]")?.getAttribute("href") ?? "", url)?.href ?? url;
  const sheets = [...document.querySelectorAll("style")].map((style) => style.textContent ?? "");
  const { lines, hidden } = body ? walk(body, hidingSelectors(sheets)) : { lines: [], hidden: [] };
  const meta = metaOf(document as unknown as Queryable);
  return {
    title: (document.querySelector("title")?.textContent ?? meta["og:title"] ?? "").replace(/\s+/g, " ").trim(),
    text: lines.join("\n"),
    hidden: hidden.join("\n"),
    links: linksOf(document as unknown as Queryable, base),
    fields: body ? fieldsOf(body, lines) : [],
    structured: structuredOf(document as unknown as Queryable, base),
    images: [...document.querySelectorAll("img")].slice(0, 200).flatMap((image) => {
      const src = URL.parse(image.getAttribute("src") ?? "", base)?.href;
      return src?.startsWith("http") ? [{ src, alt: image.getAttribute("alt") ?? "" }] : [];
    }),
    meta,
  };
}

interface Queryable {
  querySelectorAll(selector: string): Iterable<Element>;
}

/** The parser drops text outside a body, so fragments get one. */
const wrap = (html: string): string =>
  /<body[\s>]/i.test(html)
    ? html
    : /<html[\s>]/i.test(html)
      ? html.replace(/(<html[^>]*>)/i, "$1")
      : `<html><head></head><body>${html}</body></html>`;

function linksOf(document: Queryable, base: string): Document["links"] {
  const links: Document["links"] = [];
  for (const anchor of document.querySelectorAll("a[href], area[href], link[rel][href]")) {
    const rel = anchor.getAttribute("rel") ?? "";
    if (anchor.localName === "link" && !/\b(?:me|author|alternate)\b/.test(rel)) continue;
    const target = URL.parse(anchor.getAttribute("href") ?? "", base);
    if (!target || !/^(?:https?|mailto|tel):$/.test(target.protocol)) continue;
    if (target.protocol.startsWith("http")) target.hash = "";
    const label =
      (anchor.textContent ?? "").replace(/\s+/g, " ").trim() ||
      (anchor.getAttribute("title") ??
        anchor.getAttribute("aria-label") ??
        anchor.querySelector("img")?.getAttribute("alt") ??
        "");
    links.push({ href: target.href, label: label.slice(0, 300), rel });
    if (links.length >= MOST_LINKS) break;
  }
  return links;
}

function metaOf(document: Queryable): Record<string, string> {
  const meta: Record<string, string> = {};
  for (const element of document.querySelectorAll("meta[content]")) {
    const name = element.getAttribute("property") ?? element.getAttribute("name");
    if (name && Object.keys(meta).length < 60)
      meta[name.toLowerCase()] = (element.getAttribute("content") ?? "").slice(0, 2_000);
  }
  return meta;
}
