/** Replaces every identifier in a string by its label. */
import { fold } from "../identity/forms/fold.ts";
import { plainNumberWords } from "../identity/forms/number-words.ts";
import { findCoded } from "./find-coded.ts";
import { findIdentifiers } from "./find-identifiers.ts";
import { findNames } from "./find-names.ts";
import { maskUrl } from "./mask-url.ts";
import type { Masking } from "./masking.ts";
import { LABEL, type Numbering } from "./numbering.ts";
import type { Cue, Span } from "./span.ts";

/** Stands for text that is settled: no pattern reaches across it. */
const SETTLED = "\ue000";
/** What one pass leaves behind could be read anew once its surroundings are labels; more than two passes are rare. */
const MOST_PASSES = 6;

/** A bare `www.` after an at-sign, written out or not, is the host of a mailbox. */
const URL_IN_TEXT =
  /(?:\b(?:https?|ftp):\/\/|(?<!(?:[@＠]|%40|&#0*64;|&#x0*40;|&commat;|[[({<|*_-]\s*(?:at|ät|arroba|arobase|chiocciola|@|a t)\s*[\])}>|*_-])\s{0,3})\bwww\.)[^\s<>"'`\ue000]+|\b(?:mailto|tel|sms|callto|skype|facetime|whatsapp|xmpp|sip):[^\s<>"'`\ue000]+|(?<![@\p{L}\p{N}._%+-])(?:[\p{L}\p{N}-]+\.)+[a-z]{2,}(?::\d+)?\/[^\s<>"'`\ue000]*/giu;
const WORTH_A_LOOK = new RegExp(
  `[\\d@%&\\\\]|[^\\t\\n\\r\\x20-\\x7e]|\\b(?:at|oh|${plainNumberWords().join("|")})\\b|arroba|chiocciola|arobase|[A-Za-z+/]{10}`,
  "i",
);

/** What is shown from right to left though it was written from left to right. */
const TURNED = /\u202e([^\u202c\n]+)\u202c?/g;

export function maskText(text: string, masking: Masking, cue: Cue = null): string {
  let masked = text.replace(TURNED, (turned, inner: string) => {
    const seen = [...inner].reverse().join("");
    const hidden = onePass(seen, masking, cue);
    return hidden === seen ? turned : hidden;
  });
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const next = onePass(masked, masking, cue);
    if (next === masked) break;
    masked = next;
  }
  return masked;
}

interface Replacement {
  start: number;
  end: number;
  text: string;
}

function onePass(text: string, masking: Masking, cue: Cue): string {
  if (!masking.names && cue === null && !WORTH_A_LOOK.test(text)) return text;
  const { text: folded, at } = fold(text);
  const replacements: Replacement[] = [];
  let open = folded;
  if (open.includes("[")) open = open.replace(LABEL, (label) => SETTLED.repeat(label.length));
  open = open.replace(URL_IN_TEXT, (match, offset: number) => {
    const url = match.replace(/[.,;:!?)\]}]+$/, "");
    const masked = maskUrl(url, masking, maskText);
    if (masked !== url) replacements.push({ start: offset, end: offset + url.length, text: masked });
    return SETTLED.repeat(url.length) + match.slice(url.length);
  });
  const spans = findIdentifiers(open, masking, cue);
  spans.push(...findCoded(open, (decoded) => findIdentifiers(decoded, masking, cue)));
  for (const cluster of clusters(spans))
    replacements.push({ start: cluster.start, end: cluster.end, text: labels(cluster.spans, masking.numbering) });
  if (masking.names) {
    for (const span of spans)
      open = open.slice(0, span.start) + SETTLED.repeat(span.end - span.start) + open.slice(span.end);
    const names = findNames(open, masking.isOwnName, masking.isOwnHandle).map(
      ({ start, end, name }): Span => ({ start, end, kind: "person", own: null, key: name }),
    );
    for (const cluster of clusters(names)) {
      const longest = cluster.spans.reduce((best, span) =>
        span.end - span.start > best.end - best.start ? span : best,
      );
      replacements.push({ start: cluster.start, end: cluster.end, text: masking.numbering.label(longest) });
    }
  }
  if (replacements.length === 0) return text;
  replacements.sort((a, b) => a.start - b.start);
  let result = "";
  let from = 0;
  for (const { start, end, text: label } of replacements) {
    const [first, last] = at === null ? [start, end] : [at[start] ?? text.length, at[end] ?? text.length];
    if (first < from) continue;
    result += text.slice(from, first) + label;
    from = last;
  }
  return result + text.slice(from);
}

interface Cluster {
  start: number;
  end: number;
  spans: Span[];
}

function clusters(spans: readonly Span[]): Cluster[] {
  const sorted = [...spans].sort((a, b) => a.start - b.start || b.end - a.end);
  const found: Cluster[] = [];
  for (const span of sorted) {
    const last = found.at(-1);
    if (last !== undefined && span.start < last.end) {
      last.end = Math.max(last.end, span.end);
      last.spans.push(span);
    } else found.push({ start: span.start, end: span.end, spans: [span] });
  }
  return found;
}

/** One label for each identifier of overlapping spans; one that lies within another counts only if it is the operator's. */
function labels(spans: readonly Span[], numbering: Numbering): string {
  const kept = spans.filter((span, index) => {
    if (span.own !== null)
      return spans.findIndex((other) => other.kind === span.kind && other.own === span.own) === index;
    return !spans.some(
      (other, at) =>
        at !== index &&
        (other.own !== null && other.kind === span.kind
          ? other.start < span.end && span.start < other.end
          : other.start <= span.start &&
            other.end >= span.end &&
            (other.end - other.start > span.end - span.start || at < index)),
    );
  });
  return kept.map((span) => numbering.label(span)).join(" ");
}
