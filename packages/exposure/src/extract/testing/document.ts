/** Reads HTML into a `Document` the way the agent's reader does: one block per line, rows of cells with bars. For tests. */
import { createHash } from "node:crypto";
import type { Document } from "@candor/agent";
import { parseHTML } from "linkedom";

/** As much of the DOM as is read here: the project has no DOM types. */
interface Node {
  nodeType: number;
  textContent: string | null;
}
interface Element extends Node {
  localName: string;
  parentElement: Element | null;
  nextElementSibling: Element | null;
  children: ArrayLike<Element>;
  childNodes: Iterable<Node>;
  getAttribute(name: string): string | null;
}
interface Dom {
  body: Element | null;
  querySelector(selector: string): Element | null;
  querySelectorAll(selector: string): Iterable<Element>;
}

const BLOCK =
  /^(?:p|div|li|h[1-6]|tr|section|article|header|footer|main|nav|ul|ol|dl|dt|dd|table|blockquote|pre|figure|figcaption|address|form|td|th|br|hr|aside)$/;

export function documentOf(url: string, html: string, more: Partial<Document> = {}): Document {
  const document = parseHTML(html.includes("<html") ? html : `<html><head></head><body>${html}</body></html>`)
    .document as unknown as Dom;
  const lines: string[] = [];
  let line = "";
  const flush = (): void => {
    if (line.trim() !== "") lines.push(line.replace(/[ \n\t]+/g, " ").trim());
    line = "";
  };
  const visit = (node: Node): void => {
    if (node.nodeType === 3) {
      line += node.textContent ?? "";
      return;
    }
    if (node.nodeType !== 1) return;
    const element = node as Element;
    const name = element.localName;
    if (/^(?:script|style|template|noscript|head)$/.test(name)) return;
    if (name === "pre") {
      flush();
      lines.push(...(element.textContent ?? "").split("\n"));
      return;
    }
    const cell = /^t[dh]$/.test(name) && element.parentElement?.children.length !== undefined;
    if (cell) {
      if (line.trim() !== "") line += " | ";
      for (const child of element.childNodes) visit(child);
      return;
    }
    if (BLOCK.test(name)) flush();
    for (const child of element.childNodes) visit(child);
    if (BLOCK.test(name)) flush();
  };
  for (const child of document.body?.childNodes ?? []) visit(child);
  flush();
  const all = (selector: string): Element[] => [...document.querySelectorAll(selector)];
  const text = (element: Element | null | undefined): string =>
    (element?.textContent ?? "").replace(/\s+/g, " ").trim();
  const fields = [
    ...all("dt").map((dt) => ({ label: text(dt), value: text(dt.nextElementSibling) })),
    ...all("tr")
      .filter((tr) => tr.children.length === 2)
      .map((tr) => ({ label: text(tr.children[0]), value: text(tr.children[1]) })),
    ...lines.flatMap((each) => {
      const match = /^([^:|]{2,30}):\s+(\S.*)$/.exec(each);
      return match?.[1] && match[2] && !each.includes(" | ") ? [{ label: match[1], value: match[2] }] : [];
    }),
    ...all("[itemprop]").map((element) => ({ label: element.getAttribute("itemprop") ?? "", value: text(element) })),
  ].filter((field) => field.value !== "");
  return {
    url,
    host: new URL(url).host,
    status: 200,
    contentType: "text/html; charset=utf-8",
    title: text(document.querySelector("title")),
    text: lines.join("\n"),
    hidden: "",
    links: all("a[href]").map((a) => ({
      href: new URL(a.getAttribute("href") ?? "", url).href,
      label: text(a),
      rel: a.getAttribute("rel") ?? "",
    })),
    fields,
    structured: all('script[type="application/ld+json"]').map(
      (script) => JSON.parse(script.textContent ?? "null") as unknown,
    ),
    images: all("img").map((img) => ({
      src: new URL(img.getAttribute("src") ?? "", url).href,
      alt: img.getAttribute("alt") ?? "",
    })),
    meta: Object.fromEntries(
      all("meta[content]").map((meta) => [
        meta.getAttribute("property") ?? meta.getAttribute("name") ?? "",
        meta.getAttribute("content") ?? "",
      ]),
    ),
    hash: createHash("sha256").update(html).digest("hex"),
    ...more,
  };
}
