/** The links and images of a page, absolute and without what leads nowhere. */
import type { Document } from "../ports.ts";
import { words } from "./structured.ts";
import { tidy } from "./transcript.ts";

type Attributes = ReadonlyMap<string, string>;

const MOST_LINKS = 2_000;
const MOST_IMAGES = 500;
const FOLLOWABLE = /^(?:https?|mailto|tel|sms|callto|xmpp|geo|skype|whatsapp):/i;

export class Addresses {
  readonly links: Document["links"] = [];
  readonly images: Document["images"] = [];
  readonly #known = new Set<string>();
  #base: string;

  constructor(base: string) {
    this.#base = base;
  }

  /** Empty for what is no address. */
  absolute(url: string): string {
    return URL.parse(url.trim(), this.#base)?.href ?? "";
  }

  /** `<base href>`: relative addresses start from it. */
  rebase(href: string | undefined): void {
    const base = this.absolute(href ?? "");
    if (/^https?:/.test(base)) this.#base = base;
  }

  link(href: string | undefined, label: string, rel = ""): void {
    const bare = href?.trim() ?? "";
    if (bare === "" || bare.startsWith("#") || this.links.length >= MOST_LINKS) return;
    const absolute = this.absolute(bare);
    if (!FOLLOWABLE.test(absolute)) return;
    const said = tidy(label).replace(/[\n\t]+/g, ", ");
    this.links.push({ href: absolute, label: said.slice(0, 300), rel: words(rel).join(" ").toLowerCase() });
  }

  image(attributes: Attributes): void {
    const lazy = attributes.get("data-src") ?? attributes.get("data-original") ?? attributes.get("data-lazy-src");
    const first = attributes
      .get("srcset")
      ?.trim()
      .split(/[\s,]+/)[0];
    const given = attributes.get("src") ?? attributes.get("href") ?? attributes.get("xlink:href");
    // Where a script puts the picture in, the source is a placeholder until then.
    const src = [lazy, given, first].find((each) => each && !/^data:/i.test(each));
    const isPixel = ["width", "height"].some((side) => /^[01](?:px)?$/.test(attributes.get(side) ?? ""));
    if (!src || isPixel || this.images.length >= MOST_IMAGES) return;
    const absolute = this.absolute(src);
    if (!/^https?:/.test(absolute) || this.#known.has(absolute)) return;
    this.#known.add(absolute);
    const alt = attributes.get("alt") ?? attributes.get("title") ?? attributes.get("aria-label") ?? "";
    this.images.push({ src: absolute, alt: tidy(alt).slice(0, 500) });
  }

  /** A picture that an inline style puts behind an element. */
  backdrop(attributes: Attributes): void {
    const style = attributes.get("style");
    if (style === undefined || !style.includes("url(")) return;
    const src = /background(?:-image)?\s*:[^;]*url\(\s*["']?([^"')]+)/i.exec(style.slice(0, 5_000))?.[1];
    if (src)
      this.image(
        new Map([...attributes].filter(([name]) => /^(?:title|aria-label)$/.test(name)).concat([["src", src]])),
      );
  }
}
