/** What one block says of its subject: labelled fields, masked identifiers, sections of a CV, sentences. */
import type { Document } from "@candor/agent";
import type { Block } from "./blocks.ts";
import { interestOfClub, isKnownHobby } from "./hobbies.ts";
import { meaningOf, sectionOf } from "./labels.ts";
import type { Claim, FindingKind } from "./record.ts";
import { affiliations, sentenceClaims } from "./sentences.ts";
import { employerIn, interestsIn, isRole, isSchool, placeIn, schoolsIn, shortPlace } from "./values.ts";
import { maskedIn, quoteOf, tidy } from "./words.ts";

/** The claims of labelled values. A field may give several: `Hobbies: chess, bread baking`. */
export function fieldClaims(fields: Document["fields"]): Claim[] {
  return fields.flatMap((field) => valueClaims(field.label, field.value));
}

export function valueClaims(label: string, value: string): Claim[] {
  const quote = quoteOf(`${tidy(label)}: ${value}`);
  const claim = (kind: FindingKind, text: string | undefined, confidence = 0.95): Claim[] =>
    text ? [{ kind, value: text, quote, confidence }] : [];
  switch (meaningOf(label)) {
    case "employer": {
      const firm = employerIn(value);
      return firm && isSchool(firm) && /educ/i.test(label) ? claim("school", firm) : claim("employer", firm);
    }
    case "role": {
      const at = /\b(?:at|@|bei|chez|with)\s+(.+)$/i.exec(value)?.[1];
      return at ? claim("employer", employerIn(at), 0.9) : [];
    }
    case "school":
      return schoolsIn(value, true).flatMap((school) => claim("school", school));
    case "interest":
      return interestsIn(value, true).flatMap((item) => claim("interest", item));
    case "club":
      return claim("interest", interestOfClub(value), 0.85);
    case "location":
      return value
        .split(/\s*[;|•·→]\s*/)
        .slice(0, 4)
        .flatMap((part) => {
          const place = placeIn(part);
          return place && !isSchool(place) ? claim("location", shortPlace(place)) : [];
        });
    default:
      return [];
  }
}

const LABELLED = /^[\s•*·–-]*([\p{L}][\p{L} '’/&-]{1,32}?)\s*(?::|\s[–—=]\s|=)\s*(\S.{0,200})$/u;

const SIGNS: readonly [RegExp, string][] = [
  [/^(?:💼|🏢|🏭|👔|🛠️?)\s*/u, "employer"],
  [/^(?:🎓|🏫|📚)\s*/u, "school"],
  [/^(?:📍|🏠|🏡|🌍|🌎|🌏|🗺️?|📌)\s*/u, "location"],
  [/^(?:❤️?|♥️?|💙|💚|💛|💜|🧡|🖤|😍|🎯)\s*/u, "interests"],
];

/** `Label: value` on a line of its own; a pictogram can be the label. */
export function labelledLine(text: string): { label: string; value: string } | undefined {
  for (const [sign, label] of SIGNS) {
    const value = text.replace(sign, "");
    if (value !== text && value.length > 1 && value.length < 120) return { label, value };
  }
  const match = LABELLED.exec(text);
  return match?.[1] && match[2] ? { label: match[1], value: match[2] } : undefined;
}

/** The operator's identifiers in a passage. */
export function sealedClaims(text: string): Claim[] {
  return maskedIn(text)
    .filter((label) => label.yours)
    .map((label) => ({
      kind: label.kind,
      value: `${label.kind} ${label.index}`,
      quote: quoteOf(text, `[${label.kind}`),
      confidence: 1,
    }));
}

const RELATIVES_WORDS =
  /\b(?:my|his|her|their|our|mon|ma|mes|son|sa|ses)\s+(?:(?:old|best|younger|elder|older|big|little|late|first)\s+)?(?:wife|husband|partner|girlfriend|boyfriend|son|daughter|kids?|children|brother|sister|mother|father|mum|dad|mom|friend|neighbou?r|boss|cat|dog|uncle|aunt|flatmate|colleague|guru|teacher|tutor|coach|mentor|doctor|student|pupil|voisine?|fr[eè]re|s[oœ]eur|m[eè]re|p[eè]re|fils|fille)\b[^.;]{0,60}?\b(?:\w+s|is|are|was)\b/i;

/**
 * @param said whether the words of the block are the subject's or about them; where not, only labels and identifiers count
 */
export function blockClaims(
  block: Pick<Block, "lines" | "fields"> & Partial<Pick<Block, "links">>,
  city: string | undefined,
  said: boolean | ((sentence: string, before: boolean) => boolean) = true,
): Claim[] {
  const claims: Claim[] = fieldClaims(block.fields);
  const shown = new Set(block.fields.map((field) => field.value.trim()));
  for (const link of block.links ?? [])
    if (/^(?:mailto|tel|sms):/i.test(link.href)) claims.push(...sealedClaims(link.href));
  const menu = new Set((block.links ?? []).map((link) => link.label.trim()));
  let section: ReturnType<typeof sectionOf>;
  let room = 0;
  for (const [i, line] of block.lines.entries()) {
    claims.push(...sealedClaims(line));
    const heading = sectionOf(line.replace(/:$/, ""));
    if (heading !== undefined) {
      section = heading;
      room = 14;
      continue;
    }
    if (line.length < 30 && meaningOf(line) !== undefined) {
      section = undefined;
      continue;
    }
    const labelled = labelledLine(line);
    if (labelled && meaningOf(labelled.label) !== undefined) {
      claims.push(...valueClaims(labelled.label, labelled.value));
      // `Likes: sailing. Works at Harrow Ltd.` goes on after the value.
      if (line.length < 80) continue;
    }
    // A label alone on its line, its value on the next.
    const before = block.lines[i - 1];
    if (
      before &&
      before.length < 30 &&
      !menu.has(before) &&
      !labelledLine(before) &&
      meaningOf(before) &&
      sectionOf(before) === undefined &&
      line.length < 120
    )
      claims.push(...valueClaims(before, line));
    // `Harrow Ltd`, below it `2014 - 2019`: a line of dates belongs to the firm over it.
    if (section === "employer" && room > 0 && SPAN.test(line)) {
      const value = [before, block.lines[i - 2]]
        .filter((above) => above !== undefined && above.length < 70 && !SPAN.test(above) && !isRole(above))
        .map((above) => employerIn(above ?? ""))
        .find((firm) => firm !== undefined);
      if (value && !isSchool(value) && sectionOf(value) === undefined)
        claims.push({ kind: "employer", value, quote: quoteOf(`${value}, ${line}`), confidence: 0.85 });
    }
    if (section && section !== "other" && room-- > 0 && !shown.has(line)) claims.push(...sectionClaims(section, line));
    if (!said || RELATIVES_WORDS.test(line)) continue;
    claims.push(...sentenceClaims(typeof said === "function" ? saidOf(line, said) : line, line.length > 60));
    for (const firm of affiliations(line))
      claims.push({ kind: "employer", value: firm, quote: quoteOf(line, firm), confidence: 0.75 });
    const lead = /^From\s+(\p{Lu}[\p{L}' -]{2,30},\s*\p{Lu}[\p{L}' -]{2,30})$/u.exec(line)?.[1];
    if (lead) claims.push({ kind: "location", value: shortPlace(lead), quote: line, confidence: 0.75 });
    if (city && tidy(line).toLowerCase() === city.toLowerCase())
      claims.push({ kind: "location", value: city, quote: line, confidence: 0.7 });
    if (section !== "school" && section !== "employer") claims.push(...listedPastimes(line));
    const signed = /^(?:--|—|–|~)\s*\p{Lu}[\p{L}'-]+(?:\s\p{Lu}[\p{L}'.-]+)?\s*,\s*(\p{Lu}[\p{L} '-]{2,30})$/u.exec(
      line,
    )?.[1];
    if (signed && !isSchool(signed))
      claims.push({ kind: "location", value: shortPlace(signed), quote: line, confidence: 0.7 });
  }
  return merged(claims);
}

/** `kayaks, kintsugi & puns`: of a short enumeration without a verb, the items that are known pastimes. */
function listedPastimes(line: string): Claim[] {
  if (line.length > 160) return [];
  return line.split(/\s*[|•·]\s*/).flatMap((part) => {
    const items = part.split(/\s*(?:,|&|\/|\band\b|\+)\s*/).map((item) => tidy(item));
    if (items.length < 2 || items.some((item) => item.split(" ").length > 3 || isSchool(item) || /\d/.test(item)))
      return [];
    return items
      .filter((item) => isKnownHobby(item))
      .map((value) => ({ kind: "interest" as const, value, quote: quoteOf(line, value), confidence: 0.75 }));
  });
}

/** The sentences of a passage that are about the subject; a pronoun goes on about whoever the sentence before was about. */
function saidOf(line: string, about: (sentence: string, before: boolean) => boolean): string {
  let before = false;
  return line
    .split(/(?<=[.!?])\s+(?=\p{Lu})/u)
    .filter((sentence) => (before = about(sentence, before)))
    .join(" ");
}

/** A line that is nothing but years or months: `2014 – today`, `Aug 2015 - Present`, `seit 2014`. */
const SPAN =
  /^\(?(?:(?:since|from|seit|depuis|desde|dal)\s+)?(?:\p{L}{3,9}\.?\s+)?(?:\d{1,2}[./])?(?:19|20)\d\d(?:\s*(?:-|–|—|to|until|bis|à|au|a|al)\s*(?:(?:\p{L}{3,9}\.?\s+)?(?:\d{1,2}[./])?(?:19|20)\d\d|present|today|now|current|date|till date|heute|aujourd'hui|actualidad|oggi))?\)?(?:\s*[·(|].{0,25})?$/iu;

function sectionClaims(section: "employer" | "school" | "interest", line: string): Claim[] {
  const quote = quoteOf(line);
  if (section === "interest")
    return line.length > 160
      ? []
      : interestsIn(line, true).map((value) => ({ kind: "interest", value, quote, confidence: 0.9 }));
  if (section === "school")
    return schoolsIn(line, false).map((value) => ({ kind: "school", value, quote, confidence: 0.9 }));
  // A line of work history names a role or a span of years; other lines tell what was done there.
  if (
    line.length > 110 ||
    !/\b(?:19|20)\d\d\b|\s(?:at|@|bei|chez)\s|,|–|—|\|/.test(line) ||
    /^[•*-]\s*\p{Ll}|[.!?]$/u.test(line)
  )
    return [];
  const value = employerIn(line);
  return value && !isSchool(value) ? [{ kind: "employer", value, quote, confidence: 0.85 }] : [];
}

/** One claim per kind and value, the surest. */
export function merged(claims: readonly Claim[]): Claim[] {
  const best = new Map<string, Claim>();
  for (const claim of claims) {
    const key = `${claim.kind} ${claim.value.toLowerCase()}`;
    const known = best.get(key);
    if (!known || known.confidence < claim.confidence) best.set(key, claim);
  }
  return [...best.values()];
}
