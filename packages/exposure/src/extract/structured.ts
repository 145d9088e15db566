/** Persons in JSON-LD, microdata and hCards, whatever the nesting. */

import { sealedClaims } from "./claims.ts";
import type { Claim, FindingKind, Subject } from "./record.ts";
import { employerIn, interestsIn, placeIn, schoolsIn, shortPlace } from "./values.ts";
import { absolute, maskedIn } from "./words.ts";

export interface StructuredPerson {
  names: string[];
  handles: string[];
  claims: Claim[];
  links: string[];
  photos: string[];
  others: Subject["others"];
  born?: number;
}

type Plain = Record<string, unknown>;
const isPlain = (value: unknown): value is Plain =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Every value under a key as text: strings, and the names of objects. */
function texts(value: unknown, depth = 0): string[] {
  if (typeof value === "string") return value.trim() === "" ? [] : [value.trim()];
  if (typeof value === "number") return [String(value)];
  if (depth > 4) return [];
  if (Array.isArray(value)) return value.flatMap((each) => texts(each, depth + 1));
  if (!isPlain(value)) return [];
  for (const key of ["name", "fn", "value", "addressLocality", "url", "@id", "contentUrl"]) {
    const found = texts(value[key], depth + 1);
    if (found.length > 0) return found;
  }
  return isPlain(value.properties) ? texts(value.properties, depth + 1) : texts(value.address, depth + 1);
}

const KEYS = {
  name: ["name", "fn", "p-name", "legalName"],
  handle: ["alternateName", "nickname", "p-nickname", "identifier"],
  employer: ["worksFor", "org", "affiliation", "p-org", "organization-name", "hasOccupation", "company", "employer"],
  school: ["alumniOf", "education"],
  interest: ["knowsAbout", "interest", "interests", "p-category", "hobbies"],
  location: ["homeLocation", "birthPlace", "locality", "p-locality", "addressLocality", "location", "workLocation"],
  sites: ["sameAs", "url", "u-url", "uid"],
  photo: ["image", "photo", "u-photo", "logo"],
} as const;

const under = (object: Plain, keys: readonly string[]): string[] => keys.flatMap((key) => texts(object[key]));

const typesOf = (object: Plain): string[] =>
  [...texts(object["@type"]), ...texts(object.type), ...texts(object.itemtype)].map((type) => type.toLowerCase());

function isPerson(object: Plain): boolean {
  const types = typesOf(object);
  if (types.some((type) => /person|h-card|vcard$/.test(type))) return true;
  return (
    types.length === 0 &&
    ["worksFor", "alumniOf", "knowsAbout", "fn", "homeLocation", "birthDate"].some((key) => key in object)
  );
}

/** All persons in a page's structured data, at most 60. `base` resolves relative addresses. */
export function personsIn(structured: readonly unknown[], base: string): StructuredPerson[] {
  const found: StructuredPerson[] = [];
  const visit = (value: unknown, depth: number): void => {
    if (depth > 8 || found.length >= 60) return;
    if (Array.isArray(value)) for (const each of value) visit(each, depth + 1);
    if (!isPlain(value)) return;
    const flat = isPlain(value.properties) ? { ...value, ...value.properties } : value;
    if (isPerson(flat)) found.push(person(flat, base));
    for (const [key, child] of Object.entries(flat))
      if (key !== "properties" && key !== "knows" && typeof child === "object") visit(child, depth + 1);
  };
  visit(structured, 0);
  return found;
}

function person(object: Plain, base: string): StructuredPerson {
  const claims: Claim[] = [];
  const add = (kind: FindingKind, value: string | undefined, said: string): void => {
    if (value) claims.push({ kind, value, quote: said, confidence: 0.95 });
  };
  for (const said of under(object, KEYS.employer)) add("employer", employerIn(said), said);
  for (const said of under(object, KEYS.school)) for (const value of schoolsIn(said, true)) add("school", value, said);
  for (const said of under(object, KEYS.interest))
    for (const value of interestsIn(said, true)) add("interest", value, said);
  for (const said of [
    ...under(object, KEYS.location),
    ...(isPlain(object.address) ? texts(object.address.addressLocality) : []),
  ]) {
    const place = placeIn(said);
    if (place) add("location", shortPlace(place), said);
  }
  const all = JSON.stringify(object).slice(0, 20_000);
  for (const claim of sealedClaims(all)) claims.push({ ...claim, quote: `[${claim.value}: yours]` });
  const name = under(object, KEYS.name)[0] ?? [...texts(object.givenName), ...texts(object.familyName)].join(" ");
  const year = /^(?:19|20)\d\d$/.exec(texts(object.birthDate)[0] ?? "")?.[0];
  return {
    names: name === "" ? [] : [name],
    handles: under(object, KEYS.handle).filter((handle) => /^@?[\w.-]{2,38}$/.test(handle)),
    claims,
    links: under(object, KEYS.sites)
      .map((link) => absolute(link, base))
      .filter((link) => /^https?:/.test(link)),
    photos: under(object, KEYS.photo)
      .map((src) => absolute(src, base))
      .filter((src) => /^https?:/.test(src)),
    others: [
      ...new Set(
        maskedIn(all)
          .filter((label) => !label.yours)
          .map((label) => label.kind),
      ),
    ],
    ...(year === undefined ? {} : { born: Number(year) }),
  };
}
