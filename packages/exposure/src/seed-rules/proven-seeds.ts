/** Which seeds may be used on the web: those that a proven page states about its owner. */
import type { Document, Seeds } from "@candor/agent";
import { plainLetters } from "../identity/forms/fold.ts";
import type { IdentitySeeds } from "../identity/schema.ts";
import type { AccountProof } from "../identity/store.ts";
import { isCurrent, pageAddress } from "../proof/prove.ts";

/** How far into a page's text its owner introduces themself; a name further down may be anybody's. */
const INTRODUCTION = 400;
const OWNER_FIELD =
  /^(?:(?:full |display |real |screen )?name|user\s?name|handle|nick(?:name)?|author|owner|login|alias|about|bio|location|city|town|lives in|based in|work|employer|company|works at|organi[sz]ation|occupation|website|homepage)\b/i;

/**
 * @param seeds what the operator gave
 * @param proofs as the identity holds them; expired ones count for nothing
 * @param documents masked documents of proven pages; others are left out
 * @param now milliseconds since the epoch
 */
export function provenSeeds(
  seeds: IdentitySeeds,
  proofs: readonly AccountProof[],
  documents: readonly Document[],
  now: number,
): Seeds {
  const proven = new Set(proofs.filter((proof) => isCurrent(proof, now)).map(({ site }) => pageAddress(site)));
  const pages = documents.filter(({ url }) => proven.has(pageAddress(url)));
  const statements = pages.flatMap(ownerStatements).map((text) => ` ${wordsOf(text)} `);
  const stated = (text: string) => {
    const words = wordsOf(text);
    return words !== "" && statements.some((statement) => statement.includes(` ${words} `));
  };
  const addresses = new Set(
    pages
      .flatMap(({ url, links }) => [url, ...links.filter(({ rel }) => isMe(rel)).map(({ href }) => href)])
      .map((url) => pageAddress(url)),
  );
  const handles = new Set(
    pages
      .flatMap(({ url, links }) => [url, ...links.filter(({ rel }) => isMe(rel)).map(({ href }) => href)])
      .flatMap(handlesOf),
  );
  const result: Seeds = {
    // One word is nobody's name: a page that says `Jane` does not make every Jane the operator.
    names: seeds.names.filter((name) => /\S\s+\S/.test(name) && stated(name)),
    usernames: seeds.usernames.filter((name) => handles.has(name.toLowerCase()) || statesHandle(pages, name)),
    sites: seeds.sites.filter((site) => {
      const address = pageAddress(site);
      return address !== null && (proven.has(address) || addresses.has(address));
    }),
  };
  if (seeds.city !== undefined && stated(seeds.city)) result.city = seeds.city;
  if (seeds.employer !== undefined && stated(seeds.employer)) result.employer = seeds.employer;
  return result;
}

function isMe(rel: string): boolean {
  return rel.toLowerCase().split(/\s+/).includes("me");
}

function wordsOf(text: string): string {
  return plainLetters(text)
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/** What a page says in the places where owners speak of themselves. Hidden text is none of them. */
function ownerStatements(document: Document): string[] {
  return [
    document.title,
    document.text.slice(0, INTRODUCTION),
    document.meta.author ?? "",
    document.meta["og:title"] ?? "",
    document.meta["profile:username"] ?? "",
    ...document.fields.filter(({ label }) => OWNER_FIELD.test(label.trim())).map(({ value }) => value),
    ...document.structured.slice(0, 20).flatMap((value) => personNames(value, 0)),
  ];
}

function personNames(value: unknown, depth: number): string[] {
  if (typeof value !== "object" || value === null || depth > 4) return [];
  if (Array.isArray(value)) return value.flatMap((item) => personNames(item, depth + 1));
  const entries = Object.entries(value);
  const person = entries.some(([key, type]) => /^@?type$/.test(key) && /^(?:person|h-card|vcard)$/i.test(String(type)));
  const inside = entries
    .filter(([key]) => /^(?:@graph|mainEntity|about|author)$/.test(key))
    .flatMap(([, item]) => personNames(item, depth + 1));
  if (!person) return inside;
  const texts = entries.filter(
    ([key, item]) =>
      /^(?:name|fn|alternateName|nickname|worksFor|org|homeLocation)$/i.test(key) && typeof item === "string",
  );
  return [...texts.map(([, item]) => String(item)), ...inside];
}

/** `ada` of `https://mugbook.example/ada`, `/@ada`, `/u/ada` and `https://ada.blog.example/`. */
function handlesOf(address: string): string[] {
  try {
    const url = new URL(address);
    const path = url.pathname.split("/").filter(Boolean);
    const last = path.at(-1)?.replace(/^[@~]/, "");
    const host = url.hostname.split(".");
    return [...(last === undefined ? [] : [last]), ...(host.length > 2 ? [host[0] ?? ""] : [])]
      .filter(Boolean)
      .map((name) => name.toLowerCase());
  } catch {
    return [];
  }
}

function statesHandle(pages: readonly Document[], name: string): boolean {
  const plain = name.toLowerCase().replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  const alone = new RegExp(`(?<![\\p{L}\\p{N}_.-])@?${plain}(?![\\p{L}\\p{N}_-])`, "iu");
  return pages.some(
    ({ title, text, fields }) =>
      alone.test(title) ||
      alone.test(text.slice(0, INTRODUCTION)) ||
      fields.some(({ label, value }) => OWNER_FIELD.test(label.trim()) && alone.test(value)),
  );
}
