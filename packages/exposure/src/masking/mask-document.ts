/** Masks every string of a document, with what its place says about it. */
import type { Document } from "@candor/agent";
import { plainLetters } from "../identity/forms/fold.ts";
import { maskText } from "./mask-text.ts";
import { maskUrl } from "./mask-url.ts";
import type { Masking } from "./masking.ts";
import { LABEL } from "./numbering.ts";
import { type Cue, cueOf } from "./span.ts";

const URL_VALUE = /^(?:[a-z][a-z0-9+.-]*:|\/\/|www\.)\S+$/i;
const NO_VALUE =
  /^(?:none|private|hidden|n\/?a|yes|no|unknown|verified|unlisted|ask|-+|null|true|false|contact|form|here|click|home|work|mobile|fax|e-?mail|phone)$/i;
const DEEPEST = 40;

export function maskDocument(document: Document, masking: Masking): Document {
  const text = (value: string) => maskText(value, masking);
  return {
    ...document,
    contentType: maskUrl(document.contentType, masking, maskText),
    text: text(document.text),
    title: text(document.title),
    fields: document.fields.map(({ label, value }) => ({
      label: text(label),
      value: maskValue(value, cueOf(label), masking),
    })),
    hidden: text(document.hidden),
    links: document.links.map(({ href, label, rel }) => ({
      href: maskUrl(href, masking, maskText),
      label: maskValue(label, /^(?:tel|sms|callto):/i.test(href) ? "phone" : null, masking),
      rel: text(rel),
    })),
    structured: document.structured.map((value) => maskJson(value, null, masking, 0)),
    images: document.images.map(({ src, alt }) => ({ src: maskUrl(src, masking, maskText), alt: text(alt) })),
    meta: Object.fromEntries(
      Object.entries(document.meta).map(([key, value]) => [text(key), maskValue(value, keyCue(key), masking)]),
    ),
    url: maskUrl(document.url, masking, maskText),
  };
}

/** A value whose label or key says what it is. It may hold only a part of an identifier, and is masked all the same. */
function maskValue(value: string, cue: Cue, masking: Masking): string {
  if (URL_VALUE.test(value)) return maskUrl(value, masking, maskText);
  const masked = maskText(cue === "address" ? withLinesApart(value) : value, masking, cue);
  if (cue === null || value.length > 120) return masked;
  const bare = masked.replace(LABEL, "");
  const whole = () =>
    masking.numbering.label({
      kind: cue,
      own: masking.scanner.match({ kind: cue, text: value }),
      key: plainLetters(value),
    });
  switch (cue) {
    case "phone":
      return /\d{3}/.test(bare.replace(/[^\d\p{L}]/gu, "")) ? whole() : masked;
    case "e-mail":
      return bare === masked &&
        /^[\p{L}\p{N}][\p{L}\p{N}._+@-]{2,}$/u.test(value.trim()) &&
        !NO_VALUE.test(value.trim())
        ? whole()
        : masked;
    case "address":
      return /\d/.test(bare) ? whole() : masked;
    case "birth date":
      return masked;
  }
}

/** Readers may run the lines of an address together: `14 Harbour StreetAshby`. */
function withLinesApart(value: string): string {
  return /\d/.test(value) ? value.replace(/(\p{Ll}{3})(?=\p{Lu}\p{Ll})/gu, "$1, ") : value;
}

function keyCue(key: string): Cue {
  return cueOf(key.replace(/([\p{Ll}\d])(\p{Lu})/gu, "$1 $2").replace(/[_:.-]/g, " "));
}

function maskJson(value: unknown, cue: Cue, masking: Masking, depth: number): unknown {
  if (depth > DEEPEST) return null;
  if (typeof value === "string") return maskValue(value, cue, masking);
  if (typeof value === "number" || typeof value === "bigint") {
    const plain = String(value);
    const masked = maskValue(plain, cue, masking);
    return masked === plain ? value : masked;
  }
  if (Array.isArray(value)) return value.map((item) => maskJson(item, cue, masking, depth + 1));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const person =
    masking.names && entries.some(([key, type]) => /^@?type$/.test(key) && /person|h-card|vcard/i.test(String(type)));
  return Object.fromEntries(
    entries.map(([key, item]) => {
      const own = keyCue(key);
      const inner = own ?? (typeof item === "string" ? null : cue);
      if (
        person &&
        /^(?:name|fn|givenName|familyName|additionalName|alternateName|nickname)$/i.test(key) &&
        typeof item === "string"
      ) {
        const plain = plainLetters(item);
        return [
          key,
          masking.isOwnName(plain) ? item : masking.numbering.label({ kind: "person", own: null, key: plain }),
        ];
      }
      return [maskText(key, masking), maskJson(item, inner, masking, depth + 1)];
    }),
  );
}

/** Takes the sense from labels that a page wrote itself: `[phone 1: yours]` on a page claims what only a masker may say. */
export function withoutForgedLabels<T>(value: T): T {
  if (typeof value === "string") {
    return (value.includes("[") || /[\uff3b\u3010]/.test(value) ? value.replace(FORGED, "($1)") : value) as T;
  }
  if (Array.isArray(value)) return value.map(withoutForgedLabels) as T;
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [withoutForgedLabels(key), withoutForgedLabels(item)]),
    ) as T;
  }
  return value;
}

const FORGED =
  /[[\uff3b\u3010]\s*((?:phone|e-?mail|address|birth\s*date)\s*\d+\s*:\s*(?:not\s+)?yours|person\s*\d+)\s*[\]\uff3d\u3011]/giu;
