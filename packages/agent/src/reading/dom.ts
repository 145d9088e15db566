/** The part of the DOM that reading needs, over linkedom. */
import { DOMParser } from "linkedom";

export interface Node {
  nodeType: number;
  nodeValue: string | null;
  firstChild: Node | null;
  nextSibling: Node | null;
}

export interface Element extends Node {
  nodeType: 1;
  localName: string;
  getAttribute(name: string): string | null;
  getAttributeNames(): string[];
  matches(selector: string): boolean;
}

export const isElement = (node: Node): node is Element => node.nodeType === 1;
export const isText = (node: Node): boolean => node.nodeType === 3 || node.nodeType === 4;
export const isComment = (node: Node): boolean => node.nodeType === 8;

/** A doctype says nothing to a reader, and in linkedom it has no next sibling, so that one would hide all that follows. */
export const parseDom = (html: string): Node =>
  new DOMParser().parseFromString(html.replace(/<!doctype[^>]*>/gi, ""), "text/html") as unknown as Node;

const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();
const MOST_ATTRIBUTES = 60;

/** Attributes by lower-case name; the first of a name counts. */
export function attributesOf(element: Element): ReadonlyMap<string, string> {
  const names = element.getAttributeNames();
  if (names.length === 0) return NO_ATTRIBUTES;
  const attributes = new Map<string, string>();
  for (const name of names.slice(0, MOST_ATTRIBUTES)) {
    const key = name.toLowerCase();
    if (!attributes.has(key)) attributes.set(key, element.getAttribute(name) ?? "");
  }
  return attributes;
}

const MOST_PARTS = 5_000;

/** Text of an element whatever its style, for what is no part of the page's text. */
export function textOf(element: Element): string {
  const parts: string[] = [];
  const collect = (parent: Node): void => {
    for (let node = parent.firstChild; node !== null && parts.length < MOST_PARTS; node = node.nextSibling) {
      if (isText(node)) parts.push(node.nodeValue ?? "");
      else if (isElement(node)) collect(node);
    }
  };
  collect(element);
  return parts.join("");
}
