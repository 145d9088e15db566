/** The little CSS that decides whether a person sees a text: inline styles and the page's own `<style>` rules. */
import type { Element } from "./dom.ts";

export type Declarations = Map<string, string>;

export interface Stylesheet {
  /** What rules and the element's own style say, the strongest declaration of each property. */
  of(element: Element, attributes: ReadonlyMap<string, string>): Declarations;
}

const RELEVANT = new Set(
  (
    "display visibility opacity font font-size color background background-color position left right top bottom text-indent " +
    "clip clip-path width height max-width max-height overflow transform margin margin-left margin-top direction unicode-bidi"
  ).split(" "),
);
const MOST_CSS = 200_000;
const MOST_RULES = 4_000;
/** Selectors with combinators are matched by the DOM, which costs; a page has this many tries. */
const MOST_MATCHES = 4_000;

interface Rule {
  selector: string;
  /** The selector is its key and nothing else. */
  simple: boolean;
  weight: number;
  declarations: [property: string, value: string, important: boolean][];
}

/** The text of all `<style>` elements. */
export function stylesIn(html: string): string {
  const parts: string[] = [];
  const opening = /<style\b[^>]{0,500}>/gi;
  for (let match = opening.exec(html); match !== null && parts.length < 50; match = opening.exec(html)) {
    const start = match.index + match[0].length;
    const end = html.indexOf("</", start);
    if (end < 0) break;
    parts.push(html.slice(start, end));
    opening.lastIndex = end;
  }
  return parts.join("\n");
}

/** Nothing outside of the page decides how it looks. */
export const knowsAllStyles = (html: string): boolean => !/rel\s*=\s*["']?[^"'>]{0,100}stylesheet|@import/i.test(html);

const NONE: Declarations = new Map();

/** @param css text of all `<style>` elements of the page */
export function stylesheet(css: string): Stylesheet {
  const index = new Map<string, Rule[]>();
  let order = 0;
  for (const { selectors, declarations } of rulesIn(css.slice(0, MOST_CSS))) {
    for (const selector of selectors) {
      const key = keyOf(selector);
      if (key === undefined || order >= MOST_RULES) continue;
      const rule = { selector, simple: key === selector, weight: specificity(selector) + order++ / 1e5, declarations };
      index.set(key, [...(index.get(key) ?? []), rule]);
    }
  }
  let tries = 0;
  const matches = (element: Element, rule: Rule): boolean => {
    if (rule.simple) return true;
    if (tries++ >= MOST_MATCHES) return false;
    try {
      return element.matches(rule.selector);
    } catch {
      return false;
    }
  };
  return {
    of(element, attributes) {
      const own = attributes.get("style");
      const rules = index.size === 0 ? [] : candidates(index, element.localName, attributes);
      if (own === undefined && rules.length === 0) return NONE;
      const strongest = new Map<string, { value: string; weight: number }>();
      const add = (declarations: Rule["declarations"], weight: number): void => {
        for (const [property, value, important] of declarations) {
          const rank = weight + (important ? 1e6 : 0);
          if (rank >= (strongest.get(property)?.weight ?? -1)) strongest.set(property, { value, weight: rank });
        }
      };
      for (const rule of rules) if (matches(element, rule)) add(rule.declarations, rule.weight);
      if (own !== undefined) add(declarationsIn(own), 1e5);
      return new Map([...strongest].map(([property, { value }]) => [property, value]));
    },
  };
}

function candidates(index: Map<string, Rule[]>, tag: string, attributes: ReadonlyMap<string, string>): Rule[] {
  const keys = [tag, "*"];
  const id = attributes.get("id");
  if (id) keys.push(`#${id}`);
  for (const name of (attributes.get("class") ?? "").split(/\s+/)) if (name) keys.push(`.${name}`);
  return keys.flatMap((key) => index.get(key) ?? []);
}

/** The id, class or tag that the last part of a selector needs; undefined for what plain HTML has no state for. */
function keyOf(selector: string): string | undefined {
  if (selector.includes(":") || selector.length > 300) return undefined;
  const last = selector.split(/[\s>+~]+/).at(-1) ?? "";
  const bare = last.replace(/\[[^\]]*\]/g, "");
  return (
    /#[\w-]+/.exec(bare)?.[0] ??
    /\.[\w-]+/.exec(bare)?.[0] ??
    /^[a-z][\w-]*/i.exec(bare)?.[0]?.toLowerCase() ??
    (last === "" ? undefined : "*")
  );
}

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

const specificity = (selector: string): number =>
  count(selector, /#[\w-]+/g) * 10_000 +
  count(selector, /\.[\w-]+|\[/g) * 100 +
  count(selector, /(?:^|[\s>+~])[a-z]/gi);

function* rulesIn(css: string): Generator<{ selectors: string[]; declarations: Rule["declarations"] }> {
  const plain = withoutComments(css);
  let at = 0;
  while (at < plain.length) {
    const open = plain.indexOf("{", at);
    if (open < 0) return;
    const head = plain
      .slice(at, open)
      .replace(/^[\s\S]*[;}]/, "")
      .trim();
    if (head.startsWith("@")) {
      // The rules inside of an at-rule that applies to a desktop screen count as any other.
      if (appliesToScreen(head)) at = open + 1;
      else at = closeOf(plain, open) + 1;
      continue;
    }
    const close = plain.indexOf("}", open);
    if (close < 0) return;
    const declarations = declarationsIn(plain.slice(open + 1, close));
    if (declarations.length > 0) yield { selectors: head.split(",").map((each) => each.trim()), declarations };
    at = close + 1;
  }
}

function withoutComments(css: string): string {
  const parts: string[] = [];
  let at = 0;
  for (;;) {
    const open = css.indexOf("/*", at);
    if (open < 0) return parts.join("") + css.slice(at);
    parts.push(css.slice(at, open));
    const close = css.indexOf("*/", open + 2);
    if (close < 0) return parts.join("");
    at = close + 2;
  }
}

function appliesToScreen(head: string): boolean {
  if (/^@(?:layer|supports|container|scope)\b/i.test(head)) return true;
  if (!/^@media\b/i.test(head)) return false;
  if (/\bprint\b|\bspeech\b|prefers-|orientation|\bnot\b|max-width|<=?/i.test(head)) {
    const limit = Number(/max-width\s*:\s*(\d+)/i.exec(head)?.[1] ?? 0);
    return limit >= 1280 && !/\bprint\b|prefers-/i.test(head);
  }
  return Number(/min-width\s*:\s*(\d+)/i.exec(head)?.[1] ?? 0) <= 1280;
}

function closeOf(css: string, open: number): number {
  let depth = 0;
  for (let i = open; i < css.length; i++) {
    if (css[i] === "{") depth += 1;
    else if (css[i] === "}" && --depth === 0) return i;
  }
  return css.length;
}

function declarationsIn(text: string): Rule["declarations"] {
  const found: Rule["declarations"] = [];
  for (const each of text.slice(0, 20_000).split(";")) {
    const colon = each.indexOf(":");
    if (colon < 0) continue;
    const property = each.slice(0, colon).trim().toLowerCase();
    if (!RELEVANT.has(property)) continue;
    const value = each
      .slice(colon + 1)
      .trim()
      .toLowerCase();
    found.push([property, value.replace(/\s*!important$/, ""), value.endsWith("!important")]);
  }
  return found;
}
