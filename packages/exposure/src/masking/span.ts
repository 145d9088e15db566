/** A stretch of folded text that holds an identifier. */
import type { SealedKind } from "../identity/schema.ts";

export type MaskedKind = SealedKind | "person";

export interface Span {
  start: number;
  end: number;
  kind: MaskedKind;
  /** 0-based index of the operator's value; null for somebody else's. */
  own: number | null;
  /** Equal for two spellings of one identifier. */
  key: string;
}

/** What the place of a string says about it: the label of a field, the key of a JSON value, the scheme of a link. */
export type Cue = SealedKind | null;

const CUES: [Cue, RegExp][] = [
  ["e-mail", /e-?mail|^mail$|mailto|correo|courriel|e-?post\b|^attendee|^organizer/i],
  [
    "phone",
    /phone|\btel\b|^tel|\bfax|mobile?\b|\bmob\b|\bcell\b|handy|telefon|tel[eé]fono|t[eé]l[eé]phone|m[oó]vil|portable|rufnummer|whats\s?app|\bsms\b|\bring\b|\bcall\b|telefoon|telefone|celular|cellulare|\bcontact (?:number|no)|☎|📞/i,
  ],
  [
    "birth date",
    /birth|\bborn\b|\bd\.?o\.?b\b|\bbday\b|geburt|geboren|naissance|n[eé]e? le|nacimiento|nascita|geboorte|nascimento|född|født|urodz/i,
  ],
  [
    "address",
    /street|address(?!es? of)|\badr\b|^addr|anschrift|adresse|stra(?:ß|ss)e|\brue\b|direcci[oó]n|domicil|indirizzo|\badres\b|endere[cç]o|residence|lives at|postcode|postal|^zip|\bplz\b|house/i,
  ],
];
const OTHER_ADDRESS = /\b(?:web|ip|url|mac|site|page|http|bitcoin|wallet|server|host|link)\b/i;

/** @returns which identifier a label, JSON key or column heading announces */
export function cueOf(label: string): Cue {
  if (label === "" || label.length > 60) return null;
  for (const [kind, pattern] of CUES) {
    if (pattern.test(label) && !(kind === "address" && OTHER_ADDRESS.test(label))) return kind;
  }
  return null;
}
