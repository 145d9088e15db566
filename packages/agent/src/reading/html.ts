/** Reads HTML into what a person sees of it, what they do not, and what it says to machines. */
import { Addresses } from "./addresses.ts";
import type { Content } from "./content.ts";
import { attributesOf, type Element, isComment, isElement, isText, type Node, parseDom, textOf } from "./dom.ts";
import { Fields, type PlacedPair } from "./fields.ts";
import { firstLook, hides, type Look, lookOf } from "./look.ts";
import { Metadata } from "./metadata.ts";
import { shallow } from "./nesting.ts";
import { labelLike, type Part, pairInBox, pairsIn } from "./pairs.ts";
import { complete, type Item, itemOf, jsonLd, plain, propertiesOf, put, statedValue } from "./structured.ts";
import { knowsAllStyles, type Stylesheet, stylesheet, stylesIn } from "./stylesheet.ts";
import { fieldsOfTable, type Row } from "./tables.ts";
import { Transcript, tidy } from "./transcript.ts";

export const LONGEST_HTML = 1_500_000;
const MOST_NODES = 200_000;
const MOST_ITEMS = 200;
const LONGEST_HIDDEN = 30_000;
/** Longer parts are no label, value or link text, and are not looked at as a whole. */
const SHORT = 2_000;

const BLOCKS = setOf(
  "address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 h2 h3 " +
    "h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre search section summary table tbody tfoot thead tr ul caption " +
    "optgroup option",
);
const INLINE = setOf("a b i em strong span small sub sup u code abbr br font bdo wbr img time q cite mark");
const BOXES = setOf("address article dd div fieldset figure header li p section td span label dt");
const SKIPPED = setOf("script style template noscript audio video canvas datalist map");
const LINK_RELS =
  /(?:^|\s)(?:me|author|alternate|canonical|next|prev|license|help|search|webmention|publisher|vcard|payment)(?:\s|$)/i;
const NO_INPUT = /^(?:submit|button|image|reset|checkbox|radio|file|hidden|password)$/i;

function setOf(names: string): ReadonlySet<string> {
  return new Set(names.split(" "));
}

type Attributes = ReadonlyMap<string, string>;

/** An element that is being read. */
interface Frame {
  element: Element | undefined;
  tag: string;
  attributes: Attributes;
  look: Look;
  mark: number;
  length: number;
  line: number;
  order: number;
  /** Its first child elements that have text. */
  parts: (Part & { mark: number; end: number })[];
  /** How many have. */
  count: number;
  /** It has text outside of them. */
  ownText: boolean;
  pairs: number;
  /** Pairs that count once the layout repeats. */
  doubtful: PlacedPair[];
}

/**
 * @param url of the page, which relative addresses start from
 * @param options `xml`: every unknown element is a block, as in feeds
 * @returns within milliseconds for a page of usual size; never throws, whatever the markup
 */
export function readHtml(source: string, url: string, options: { xml?: boolean } = {}): Content {
  const html = shallow(source.slice(0, LONGEST_HTML));
  return new Reader(url, html, options.xml ?? false).read(parseDom(html));
}

class Reader {
  readonly #xml: boolean;
  readonly #styled: boolean;
  readonly #rules: Stylesheet;
  readonly #addresses: Addresses;
  readonly #metadata = new Metadata();
  readonly #fields = new Fields();
  readonly #seen: Transcript;
  readonly #unseen: string[] = [];
  readonly #structured: unknown[] = [];
  readonly #items: Item[] = [];
  readonly #tables: Row[][] = [];
  readonly #lists: { labels: { text: string; line: number }[]; answered: boolean }[] = [];
  #unseenLength = 0;
  #title: string | undefined;
  #heading = "";
  #nodes = 0;
  #order = 0;

  constructor(url: string, html: string, xml: boolean) {
    this.#xml = xml;
    this.#styled = !knowsAllStyles(html);
    this.#rules = stylesheet(stylesIn(html));
    this.#addresses = new Addresses(url);
    this.#seen = new Transcript((text, line) => {
      for (const pair of pairsIn(text)) this.#fields.add({ ...pair, line, order: this.#order });
    });
  }

  read(root: Node): Content {
    this.#children(root, this.#frame(undefined, "#document", new Map(), firstLook(!this.#styled)));
    this.#seen.break();
    for (const words of this.#metadata.words()) this.#hide(words);
    const title = this.#title ?? this.#metadata.get("og:title") ?? this.#heading;
    return {
      title: tidy(title).replace(/\s+/g, " ").slice(0, 500),
      text: this.#seen.text(),
      hidden: tidy(this.#unseen.join("\n")),
      links: this.#addresses.links,
      fields: this.#fields.inOrder(),
      structured: this.#structured,
      images: this.#addresses.images,
      meta: this.#metadata.toRecord(),
    };
  }

  #children(parent: Node, frame: Frame): void {
    for (let node = parent.firstChild; node !== null; node = node.nextSibling) {
      if (this.#nodes++ > MOST_NODES || this.#seen.full) return;
      if (isElement(node)) this.#element(node, frame);
      else if (isText(node)) this.#text(node.nodeValue ?? "", frame);
      else if (isComment(node)) this.#comment(node.nodeValue ?? "");
    }
  }

  #text(text: string, frame: Frame): void {
    if (hides(frame.look)) {
      this.#hide(text);
      return;
    }
    const shown = frame.look.reversed ? [...text].reverse().join("") : text;
    if (!frame.ownText && /[^\s:：|·•–—-]/.test(shown)) frame.ownText = true;
    this.#seen.add(shown, frame.tag === "pre" || frame.tag === "textarea");
  }

  #comment(text: string): void {
    const words = tidy(text);
    if (/\p{L}\s+\p{L}/u.test(words) && !/^\[(?:if|end)/i.test(words)) this.#hide(words.slice(0, 2_000));
  }

  #hide(text: string): void {
    const words = tidy(text);
    if (words === "" || this.#unseenLength > LONGEST_HIDDEN) return;
    this.#unseen.push(words.slice(0, LONGEST_HIDDEN));
    this.#unseenLength += words.length;
  }

  #element(element: Element, parent: Frame): void {
    const tag = element.localName;
    const attributes = attributesOf(element);
    this.#order += 1;
    if (this.#aside(element, tag, attributes)) return;
    if (SKIPPED.has(tag)) {
      if (tag === "noscript") this.#hide(textOf(element));
      return;
    }
    const look = lookOf(tag, attributes, parent.look, this.#rules.of(element, attributes));
    if (hides(look) && !look.invisible) this.#passOver(element, tag, attributes, look);
    else this.#enter(element, tag, attributes, look, parent);
  }

  /** Reads an element that nobody sees for the hidden text alone, and for a link to the author's other pages. */
  #passOver(element: Element, tag: string, attributes: Attributes, look: Look): void {
    const rel = attributes.get("rel") ?? "";
    if (tag === "a" && /(?:^|\s)me(?:\s|$)/i.test(rel))
      this.#addresses.link(attributes.get("href"), textOf(element), rel);
    this.#children(element, this.#frame(element, tag, attributes, look));
  }

  #enter(element: Element, tag: string, attributes: Attributes, look: Look, parent: Frame): void {
    const block = BLOCKS.has(tag) || (this.#xml && !INLINE.has(tag));
    if (block || tag === "br") this.#seen.break();
    else if (tag === "td" || tag === "th") this.#seen.cell();
    else if (tag === "button" || tag === "select" || (tag === "a" && this.#followsLink(parent))) this.#seen.space();
    const item = itemOf(attributes);
    const outer = this.#items.at(-1);
    if (item) this.#items.push(item);
    if (tag === "table") this.#tables.push([]);
    if (tag === "tr") this.#tables.at(-1)?.push({ cells: [], inHead: parent.tag === "thead" });
    if (tag === "dl") this.#lists.push({ labels: [], answered: false });

    const frame = this.#frame(element, tag, attributes, look);
    this.#embedded(frame);
    this.#children(element, frame);

    const text = this.#seen.length - frame.length <= SHORT ? this.#seen.since(frame.mark) : undefined;
    if (item) this.#items.pop();
    this.#describe(frame, text, item, outer);
    this.#leave(frame, parent, text);
    if (tag === "table") for (const field of fieldsOfTable(this.#tables.pop() ?? [])) this.#fields.add(field);
    if (tag === "dl") this.#lists.pop();
    if (block) this.#seen.break();
  }

  /** Links side by side, as in a menu, are words of their own. */
  #followsLink({ parts }: Frame): boolean {
    const last = parts.at(-1);
    return last?.tag === "a" && last.end === this.#seen.mark() && /\p{L}$/u.test(last.text);
  }

  /** What the head and machines' data hold. True where nothing is left to read of the element. */
  #aside(element: Element, tag: string, attributes: Attributes): boolean {
    const rel = attributes.get("rel") ?? "";
    switch (tag) {
      case "title":
        if (this.#title === undefined && !this.#xml) this.#title = textOf(element);
        return !this.#xml;
      case "base":
        this.#addresses.rebase(attributes.get("href"));
        return true;
      case "meta":
        this.#addresses.link(this.#metadata.add(attributes), "", "refresh");
        this.#property(element, attributes, undefined, undefined);
        return true;
      case "link":
        if (LINK_RELS.test(rel)) this.#addresses.link(attributes.get("href"), attributes.get("title") ?? "", rel);
        this.#property(element, attributes, undefined, undefined);
        return !this.#xml;
      case "script":
        if (/ld\+json/i.test(attributes.get("type") ?? "") && this.#structured.length < MOST_ITEMS) {
          this.#structured.push(...jsonLd(textOf(element)));
        }
        return true;
      default:
        return false;
    }
  }

  /** What an element shows that is not in its text. */
  #embedded({ tag, attributes, look }: Frame): void {
    if (hides(look)) return;
    switch (tag) {
      case "img":
      case "image":
        this.#addresses.image(attributes);
        break;
      case "iframe":
      case "frame":
      case "embed":
      case "object":
        this.#addresses.link(attributes.get("src") ?? attributes.get("data"), attributes.get("title") ?? "", "frame");
        break;
      case "input":
        if (!NO_INPUT.test(attributes.get("type") ?? "")) this.#seen.add(` ${attributes.get("value") ?? ""} `);
        break;
    }
    this.#addresses.backdrop(attributes);
  }

  #leave(frame: Frame, parent: Frame, text: string | undefined): void {
    const { tag, attributes } = frame;
    if (/^h[1-3]$/.test(tag) && this.#heading === "" && text) this.#heading = text;
    if ((tag === "a" || tag === "area") && !hides(frame.look)) {
      const other = attributes.get("aria-label") ?? attributes.get("title") ?? attributes.get("alt") ?? "";
      const picture = frame.element?.firstChild ? (this.#addresses.images.at(-1)?.alt ?? "") : "";
      this.#addresses.link(attributes.get("href"), text || other || picture, attributes.get("rel"));
    }
    if (tag === "tr") this.#row(frame);
    if (frame.doubtful.length > 0 && frame.pairs + frame.doubtful.length > 1) {
      for (const pair of frame.doubtful) this.#fields.add(pair);
    }
    if (text === "") return;
    parent.count += 1;
    if (text === undefined) return;
    if (tag === "td" || tag === "th") this.#cell(frame, text);
    else if (tag === "dt" || tag === "dd") this.#definition(frame, text);
    else if (BOXES.has(tag)) this.#box(frame, parent, text);
    this.#labelled(frame, text);
    if (parent.parts.length < 4) {
      const names = `${attributes.get("class") ?? ""} ${attributes.get("data-field") ?? ""}`.slice(0, 200);
      parent.parts.push({ tag, text, names, mark: frame.mark, end: this.#seen.mark() });
    }
  }

  #cell(frame: Frame, text: string): void {
    const { attributes, line, order } = frame;
    const label = attributes.get("data-label") ?? attributes.get("data-title") ?? attributes.get("data-th") ?? "";
    this.#tables
      .at(-1)
      ?.at(-1)
      ?.cells.push({ text, heading: frame.tag === "th", label, line, order });
  }

  /** Rows of short cells are one line; long cells are a layout, which keeps its lines. */
  #row(frame: Frame): void {
    const cells = this.#tables.at(-1)?.at(-1)?.cells ?? [];
    const short = cells.every((cell) => cell.text.length <= 240 && cell.text.split("\n").length <= 4);
    if (cells.length > 1 && short && this.#seen.length - frame.length <= SHORT * 4) this.#seen.asOneLine(frame.mark);
  }

  #definition(frame: Frame, text: string): void {
    const list = this.#lists.at(-1);
    if (list === undefined) return;
    if (frame.tag === "dt") {
      if (list.answered) list.labels = [];
      list.answered = false;
      if (list.labels.length < 10) list.labels.push({ text, line: frame.line });
      return;
    }
    list.answered = true;
    if (text.length > 600) return;
    for (const { text: label, line } of list.labels) {
      if (label.length <= 100) this.#fields.add({ label, value: text, line, order: frame.order });
    }
  }

  #box(frame: Frame, parent: Frame, text: string): void {
    const pair = pairInBox(text, frame.parts, frame.count, frame.ownText);
    if (pair === undefined) return;
    this.#keepApart(frame, text);
    const placed = { label: pair.label, value: pair.value, line: frame.line, order: frame.order };
    if (!pair.sure) parent.doubtful.push(placed);
    else {
      parent.pairs += 1;
      this.#fields.add(placed);
    }
  }

  /** `<b>Town</b><i>Wrenport</i>` without a space is set apart by a style; a number in two pieces is not. */
  #keepApart(frame: Frame, text: string): void {
    const [first, second] = frame.parts;
    if (first === undefined || second === undefined || frame.count !== 2 || frame.ownText) return;
    const rest = text.slice(first.text.length);
    if (/^\p{Lu}[\p{L} ]{2,}$/u.test(first.text) && /^[\p{Lu}\d+]/u.test(rest)) this.#seen.part(second.mark);
  }

  /** `<span title="Employer">Harbour Office</span>`: an icon's word for what follows. */
  #labelled({ tag, attributes, line, order }: Frame, text: string): void {
    const label = attributes.get("aria-label") ?? attributes.get("title") ?? attributes.get("data-label");
    if (label === undefined || tag === "a" || tag === "td" || text.length > 200 || text.includes("\n")) return;
    const named = tidy(label);
    if (!labelLike(named) || named.split(" ").length > 3 || text.toLowerCase().includes(named.toLowerCase())) return;
    this.#fields.add({ label: named, value: text, line, order });
  }

  /** Hands a finished item to the one around it, or an element's value to its item. */
  #describe(frame: Frame, text: string | undefined, item: Item | undefined, outer: Item | undefined): void {
    const { element, attributes } = frame;
    if (element === undefined) return;
    if (item === undefined) {
      this.#property(element, attributes, text, frame);
      return;
    }
    const link = attributes.get("href") ?? attributes.get("src");
    complete(item, element, link === undefined ? "" : this.#addresses.absolute(link), text);
    if (item.properties.size === 0) return;
    const properties = outer ? propertiesOf(attributes, outer) : [];
    for (const { name } of properties) {
      if (outer) put(outer, name, plain(item));
      if (text && outer?.kind === "data") this.#stated(name, text, frame);
    }
    if (properties.length === 0 && this.#structured.length < MOST_ITEMS) this.#structured.push(plain(item));
  }

  #property(element: Element, attributes: Attributes, text: string | undefined, frame: Frame | undefined): void {
    const item = this.#items.at(-1);
    if (item === undefined) {
      // An itemprop outside of any item still says what it holds.
      const name = attributes.get("itemprop")?.trim().split(/\s+/)[0];
      if (name && text && frame) this.#stated(name, text, frame);
      return;
    }
    for (const property of propertiesOf(attributes, item)) {
      const value = statedValue(element, attributes, (url) => this.#addresses.absolute(url), item, property) ?? text;
      if (value === undefined || value === "") continue;
      put(item, property.name, value.slice(0, 2_000));
      if (frame && item.kind === "data") this.#stated(property.name, text || value, frame);
    }
  }

  #stated(label: string, value: string, { line, order }: Frame): void {
    if (value.length <= 300) this.#fields.add({ label, value, line, order });
  }

  #frame(element: Element | undefined, tag: string, attributes: Attributes, look: Look): Frame {
    const { length, line } = this.#seen;
    const mark = this.#seen.mark();
    return {
      element,
      tag,
      attributes,
      look,
      mark,
      length,
      line,
      order: this.#order,
      parts: [],
      count: 0,
      ownText: false,
      pairs: 0,
      doubtful: [],
    };
  }
}
