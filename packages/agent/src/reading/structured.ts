/** Machine-readable data of a page: JSON-LD, microdata, RDFa Lite, microformats. */
import type { Element } from "./dom.ts";

const DEEPEST = 16;
const MOST_VALUES = 5_000;
const LONGEST_JSON = 500_000;

/** A JSON value cut to a depth and a size that no later fold can choke on. */
export function pruned(value: unknown): unknown {
  let left = MOST_VALUES;
  const cut = (each: unknown, depth: number): unknown => {
    if (left-- <= 0 || depth > DEEPEST) return null;
    if (typeof each === "string") return each.slice(0, 20_000);
    if (Array.isArray(each)) return each.slice(0, 500).map((item) => cut(item, depth + 1));
    if (typeof each !== "object" || each === null) return each;
    const entries = Object.entries(each).filter(([key]) => key !== "__proto__");
    return Object.fromEntries(entries.slice(0, 500).map(([key, item]) => [key, cut(item, depth + 1)]));
  };
  return cut(value, 0);
}

/** The objects of a JSON-LD block; none where it does not parse. */
export function jsonLd(text: string): unknown[] {
  if (text.length > LONGEST_JSON) return [];
  const bare = text
    .trim()
    .replace(/^(?:<!--|\/\*?\s*<!\[CDATA\[\s*\*?\/?|<!\[CDATA\[)/, "")
    .replace(/(?:-->|\/?\*?\s*\]\]>\s*\*?\/?|;)\s*$/, "");
  try {
    const value: unknown = pruned(JSON.parse(bare));
    return (Array.isArray(value) ? value : [value]).filter((each) => typeof each === "object" && each !== null);
  } catch {
    return [];
  }
}

/** Something that attributes describe: a microdata item, an RDFa resource or a microformat. */
export interface Item {
  kind: "data" | "format";
  types: string[];
  properties: Map<string, unknown[]>;
}

/** The item that an element opens, if any. */
export function itemOf(attributes: ReadonlyMap<string, string>): Item | undefined {
  const roots = words(attributes.get("class")).filter((name) => /^h-[a-z]+$/.test(name) || name === "vcard");
  if (roots.length > 0) {
    return { kind: "format", types: roots.map((name) => (name === "vcard" ? "h-card" : name)), properties: new Map() };
  }
  if (!attributes.has("itemscope") && !attributes.has("typeof")) return undefined;
  const types = words(attributes.get("itemtype") ?? attributes.get("typeof")).map((type) =>
    type.replace(/^.*[/#:]/, ""),
  );
  return { kind: "data", types, properties: new Map() };
}

export function put(item: Item, property: string, value: unknown): void {
  if (property === "" || item.properties.size > 200) return;
  const values = item.properties.get(property) ?? [];
  if (values.length < 100) item.properties.set(property, [...values, value]);
}

/** As microformats2 JSON, or in the manner of JSON-LD. */
export function plain(item: Item): Record<string, unknown> {
  if (item.kind === "format") return { type: item.types, properties: Object.fromEntries(item.properties) };
  const [type, ...others] = item.types;
  const properties = [...item.properties].map(([name, values]) => [name, values.length === 1 ? values[0] : values]);
  return {
    ...(type === undefined ? {} : { "@type": others.length > 0 ? item.types : type }),
    ...Object.fromEntries(properties),
  };
}

/** Class names of hCard, the format before microformats2. */
const HCARD = new Map(
  (
    "fn:name n:n nickname org organization-name:org organization-unit title:job-title role tel email adr street-address " +
    "locality region postal-code country-name label url photo bday note category given-name family-name geo latitude longitude uid"
  )
    .split(" ")
    .map((each) => each.split(":") as [string, string?])
    .map(([name, property]) => [name, property ?? name]),
);

export interface Property {
  name: string;
  /** Its value is an address rather than the text. */
  address: boolean;
}

/** The properties that an element is of the nearest item. */
export function propertiesOf(attributes: ReadonlyMap<string, string>, item: Item): Property[] {
  if (item.kind === "data") {
    const names = words(attributes.get("itemprop") ?? attributes.get("property"));
    return names.map((name) => ({ name: name.replace(/^.*[/#:]/, ""), address: true }));
  }
  const properties = new Map<string, Property>();
  for (const word of words(attributes.get("class"))) {
    const [, prefix, modern] = /^(p|u|dt|e)-([a-z][a-z0-9-]*)$/.exec(word) ?? [];
    const name = modern ?? HCARD.get(word);
    const address = prefix === "u" || (prefix === undefined && /^(?:url|photo|uid|email|tel)$/.test(word));
    if (name !== undefined) properties.set(name, { name, address });
  }
  return [...properties.values()];
}

/** What a property's element says where it is not its text: an address, a date, a content attribute. */
export function statedValue(
  element: Element,
  attributes: ReadonlyMap<string, string>,
  absolute: (url: string) => string,
  { kind }: Item,
  { address }: Property,
): string | undefined {
  const content = attributes.get("content");
  if (kind === "data" && content !== undefined) return content;
  const link = attributes.get("href") ?? attributes.get("src") ?? attributes.get("data");
  const isLink = /^(?:a|area|link|img|audio|video|source|iframe|embed|object|track)$/.test(element.localName);
  if (address && isLink && link !== undefined) return /^(?:mailto|tel):/i.test(link) ? link : absolute(link);
  return attributes.get("datetime") ?? (element.localName === "data" ? attributes.get("value") : undefined);
}

export const words = (text: string | undefined): string[] => (text ?? "").split(/\s+/).filter(Boolean).slice(0, 30);

/** Completes a microformat where its markup leaves name, address and picture to be understood. */
export function complete(item: Item, element: Element, address: string, text: string | undefined): void {
  if (item.kind !== "format") return;
  const has = (name: string): boolean => item.properties.has(name);
  if (!has("name") && text && text.length <= 80 && !text.includes("\n")) put(item, "name", text);
  if (!has("url") && element.localName === "a" && address !== "") put(item, "url", address);
  if (!has("photo") && element.localName === "img" && address !== "") put(item, "photo", address);
}
