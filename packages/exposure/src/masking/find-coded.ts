/** Finds identifiers that were written in a code which a program, or a language model, reads as well as plain text. */
import { fold } from "../identity/forms/fold.ts";
import type { Span } from "./span.ts";

interface Code {
  /** Cheap to look for: without it there is no such code. */
  sign: RegExp;
  pattern: RegExp;
  decode(said: string): string;
}

const character = (code: number): string => (code > 0 && code < 0x11_0000 ? String.fromCodePoint(code) : "");
const bytes = (encoding: "base64" | "hex") => (said: string) => Buffer.from(said, encoding).toString("utf8");
/** A character that another name was given, with anything plain beside it. */
const named = (form: string) => new RegExp(String.raw`(?:[\w+().@ -]{0,40}${form}){3,}[\w+().@-]{0,40}`, "gi");

const CODES: readonly Code[] = [
  {
    sign: /%/,
    pattern: named("%[0-7][0-9a-f]"),
    decode: (said) => said.replace(/%([0-7][0-9a-f])/gi, (_, hex: string) => character(Number.parseInt(hex, 16))),
  },
  {
    sign: /&#/,
    pattern: named("&#(?:\\d{2,7}|x[0-9a-f]{2,6});"),
    decode: (said) =>
      said.replace(/&#(?:x([0-9a-f]+)|(\d+));/gi, (_, hex: string | undefined, plain: string | undefined) =>
        character(hex === undefined ? Number(plain) : Number.parseInt(hex, 16)),
      ),
  },
  {
    sign: /\\[ux]/,
    pattern: named(String.raw`\\(?:u\{?00[0-9a-f]{2}\}?|x[0-9a-f]{2})`),
    decode: (said) =>
      said.replace(/\\(?:u\{?00|x)([0-9a-f]{2})\}?/gi, (_, hex: string) => character(Number.parseInt(hex, 16))),
  },
  {
    sign: /[A-Z][\w+/-]{8}/,
    pattern: /(?<![\w+/=-])(?=[\w+/-]*[A-Z])[\w+/-]{10,400}={0,2}(?![\w=])/g,
    decode: bytes("base64"),
  },
  {
    sign: /(?:[2-7][0-9a-f]){7}/i,
    pattern: /(?<![0-9a-z])(?:[2-7][0-9a-f]){7,200}(?![0-9a-z])/gi,
    decode: bytes("hex"),
  },
  {
    sign: /\d[^\p{L}\p{N}]{1,3}\d\d[^\p{L}\p{N}]/u,
    // The numbers of the characters; digits are 48 to 57.
    pattern:
      /(?<!\d)(?:(?:3[2-9]|[4-9]\d|1[01]\d|12[0-6])[^\p{L}\p{N}]{1,3}){8,60}(?:3[2-9]|[4-9]\d|1[01]\d|12[0-6])(?!\d)/gu,
    decode: (said) => (said.match(/\d+/g) ?? []).map((code) => character(Number(code))).join(""),
  },
];
const READABLE = /^[\p{L}\p{N}\p{P}\p{S}\p{Zs}\n\r\t]{7,}$/u;

/** @param find the identifiers of a decoded text */
export function findCoded(open: string, find: (decoded: string) => Span[]): Span[] {
  const spans: Span[] = [];
  for (const { sign, pattern, decode } of CODES) {
    if (!sign.test(open)) continue;
    for (const match of open.matchAll(pattern)) {
      const said = decode(match[0]);
      if (said === match[0] || !READABLE.test(said)) continue;
      const end = match.index + match[0].length;
      for (const { kind, own, key } of find(fold(said).text)) spans.push({ start: match.index, end, kind, own, key });
    }
  }
  return spans;
}
