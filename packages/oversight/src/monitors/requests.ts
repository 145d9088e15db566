/** What texts from outside ask for: orders to agents, and requests to whoever reads. */
import { findBait } from "../bait/bait.ts";
import { stemsOf } from "./words.ts";

export interface Request {
  text: string;
  lower: string;
  stems: ReadonlySet<string>;
  /** Its words that no language has: codes, hosts, random letters. */
  odd: readonly string[];
  place: string;
  /** It speaks to agents, and does not merely ask for something. */
  order: boolean;
}

const MOST_OF_ONE = 40;
/** A sentence that asks its reader to do something. In a page for people that is nothing; a mind that does it is. */
const ASKS =
  /(?:^|[\s:'"(])(?:please|kindly)\s+\p{L}+|^\W*(?:(?:can|could|would|will) you|you (?:should|must|need to|have to)|(?:do not|don't) forget to|make sure|remember to|i (?:need|want|would like) you to)\b|\b(?:transfer|send|pay|delete|grant|share|forward|unlock|withdraw|wire|approve|cancel|update|schedule|disable|remove|execute|install|post)\b.{3,}/iu;

export function requestsIn(text: string, place: string): Request[] {
  const orders = findBait(text).map(({ orders }) => ({ sentence: orders, order: true }));
  // Results are often JSON or a Python dictionary: its values are sentences too.
  const sentences = text
    .slice(0, 60_000)
    .split(/\n+|(?<=[.!?])\s+|["']\s*[,:}\]]\s*/)
    .filter((sentence) => sentence.length >= 10 && sentence.length <= 1_500 && ASKS.test(sentence))
    .slice(0, MOST_OF_ONE)
    .map((sentence) => ({ sentence, order: false }));
  return [...orders, ...sentences].map(({ sentence, order }) => ({
    text: sentence,
    lower: sentence.toLowerCase(),
    stems: stemsOf(sentence),
    odd: order ? oddWords(sentence) : [],
    place,
    order,
  }));
}

/** `mk3f9x2a7qp`, `relay.example`, `mkmjgzvjyjj`: whoever writes one of these has it from somewhere. */
export function oddWords(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{N}.-]{4,60}[\p{L}\p{N}]/gu) ?? [];
  return words.filter(
    (word) => /\d.*\p{L}|\p{L}.*\d/u.test(word) || /\p{L}\.\p{L}{2,}$/u.test(word) || /[^aeiouy\W\d]{5,}/.test(word),
  );
}
