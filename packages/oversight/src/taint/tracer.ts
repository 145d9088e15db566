/** Remembers which text came from where, and tells which of it a proposal repeats. */
import { passagesIn } from "../injection/passages.ts";
import { AddressBook, addressesIn } from "./addresses.ts";
import { leavesOf, readings } from "./leaves.ts";
import { ShingleIndex } from "./shingles.ts";
import { tokensOf, wordsOf } from "./words.ts";

/** A part of an argument that a source holds as well. */
export interface Repeat {
  /** Path of the argument. */
  path: string;
  origin: string;
  /** Length in words; an address, key or number counts as one. */
  words: number;
  quote: string;
}

/** What is known of an address. */
export interface Standing {
  /** Origins that named this very address outside an order: pages, searches, the operator. */
  namedBy: string[];
  /** Origins whose orders to the agent named it, or that named nothing of its host but in an order. */
  orderedBy: string[];
  /** Origins that named anything on its host. */
  hostNamedBy: string[];
  /** The mind wrote this address before anybody else named it. */
  invented: boolean;
}

/** What the guard asks of the texts seen so far. */
export interface Sources {
  /** Runs of four or more words, and addresses, keys and numbers, that came from `origin`s other than the mind. */
  repeats(args: Record<string, unknown>): Repeat[];
  /** Arguments that do what a page tells the agent to do, and the origin of the order. */
  orders(args: Record<string, unknown>): { path: string; origin: string }[];
  standing(url: URL): Standing;
}

export interface Tracer extends Sources {
  /** `origin` is the event's; `mind` for what a mind wrote, so that its own inventions are known for what they are. */
  add(origin: string, text: string): void;
  /** Origins of the text that each argument repeats; `mind` where it repeats nobody's. */
  originsOf(args: Record<string, unknown>): Record<string, string[]>;
}

/** Words of an order that a mind's argument may share with it by chance. */
const ORDER_WORDS = 6;
/** An argument of a few words that stand nowhere but in an order repeats it. */
const FEW_WORDS = 3;
const INSIDE = 1;
const OUTSIDE = 2;

/**
 * @example
 * const tracer = createTracer();
 * tracer.add("host:mugbook.example", "Ada sings in the Harbour Choir of Wrenport");
 * tracer.originsOf({ body: "She sings in the harbour choir" }); // { body: ["host:mugbook.example"] }
 */
export function createTracer(): Tracer {
  const index = new ShingleIndex();
  const orders = new ShingleIndex();
  const addresses = new AddressBook();
  const ordered = new AddressBook();
  const invented = new AddressBook();
  /** Longer words: seen inside orders, outside, or both. */
  const vocabulary = new Map<string, number>();
  const seen = new Set<string>();

  const learn = (words: readonly string[], where: number) => {
    for (const word of words) if (word.length >= 4) vocabulary.set(word, (vocabulary.get(word) ?? 0) | where);
  };

  const addOrders = (origin: string, text: string): string => {
    let rest = text;
    for (const passage of passagesIn(text)) {
      const words = wordsOf(passage.text);
      orders.add(origin, words, tokensOf(passage.text));
      learn(words, INSIDE);
      for (const url of addressesIn(passage.text)) ordered.add(origin, url);
      rest = without(rest, passage.text);
    }
    return rest;
  };

  const add = (origin: string, text: string): void => {
    const key = `${origin}\n${text}`;
    if (text === "" || seen.has(key)) return;
    if (text.length < 2_000) seen.add(key);
    if (origin === "mind") {
      for (const url of addressesIn(text)) if (addresses.address(url).size === 0) invented.add(origin, url);
      return;
    }
    index.add(origin, wordsOf(text), tokensOf(text));
    const rest = isData(origin) ? addOrders(origin, text) : text;
    learn(wordsOf(rest), OUTSIDE);
    for (const url of addressesIn(rest)) addresses.add(origin, url);
    if (origin.startsWith("host:")) addresses.addHost(origin.slice("host:".length), origin);
  };

  const repeats = (args: Record<string, unknown>): Repeat[] =>
    leavesOf(args).flatMap(({ path, text }) => distinct(readings(text).flatMap((reading) => repeatsIn(index, path, reading))));

  return {
    add,
    repeats,
    originsOf(args) {
      const origins: Record<string, string[]> = {};
      for (const { path } of leavesOf(args)) origins[path] ??= [];
      for (const { path, origin } of repeats(args)) if (!origins[path]?.includes(origin)) origins[path]?.push(origin);
      for (const list of Object.values(origins)) if (list.length === 0) list.push("mind");
      return origins;
    },
    orders(args) {
      return leavesOf(args).flatMap(({ path, text }) => {
        const origin = readings(text).map((reading) => orderIn(orders, vocabulary, reading)).find((found) => found !== undefined);
        return origin === undefined ? [] : [{ path, origin }];
      });
    },
    standing(url) {
      const orderedBy = [...ordered.address(url)];
      const hostNamedBy = [...addresses.host(url)];
      const onlyOrdered = hostNamedBy.length === 0 ? [...ordered.host(url)] : [];
      return {
        // A page that orders the agent to an address does not recommend it by linking to it too.
        namedBy: [...addresses.address(url)].filter((origin) => !orderedBy.includes(origin)),
        orderedBy: [...new Set([...orderedBy, ...onlyOrdered])],
        hostNamedBy,
        invented: invented.address(url).size > 0,
      };
    },
  };
}

/** Origins of `args` among `sources`, in one go. */
export function originsOf(
  args: Record<string, unknown>,
  sources: readonly { origin: string; text: string }[],
): Record<string, string[]> {
  const tracer = createTracer();
  for (const { origin, text } of sources) tracer.add(origin, text);
  return tracer.originsOf(args);
}

/** Text from outside the run, or that may have come from there. It is data, never an instruction. */
export const isData = (origin: string): boolean => /^(?:host|tool|child):|^memory$/.test(origin);

function repeatsIn(index: ShingleIndex, path: string, text: string): Repeat[] {
  const words = wordsOf(text);
  const runs = index.runs(words).map(({ origin, start, words: length }) => ({
    path,
    origin,
    words: length,
    quote: words.slice(start, start + length).join(" "),
  }));
  const tokens = tokensOf(text).flatMap((token) =>
    index.token(token).map((origin) => ({ path, origin, words: 1, quote: token })),
  );
  return [...runs, ...tokens];
}

function distinct(repeats: readonly Repeat[]): Repeat[] {
  const seen = new Set<string>();
  return repeats.filter(({ origin, quote }) => {
    const key = `${origin}\n${quote}`;
    return !seen.has(key) && seen.add(key);
  });
}

function orderIn(orders: ShingleIndex, vocabulary: ReadonlyMap<string, number>, text: string): string | undefined {
  const words = wordsOf(text);
  const run = orders.runs(words).find((each) => each.words >= ORDER_WORDS);
  if (run) return run.origin;
  const token = tokensOf(text).flatMap((each) => (vocabularyKnows(vocabulary, each) ? [] : orders.token(each)))[0];
  if (token) return token;
  const long = words.filter((word) => word.length >= 4);
  const onlyOrdered = (word: string) => vocabulary.get(word) === INSIDE;
  const few = long.length > 0 && words.length <= FEW_WORDS && long.every(onlyOrdered);
  const code = long.find((word) => word.length >= 7 && /\d/.test(word) && /\p{L}/u.test(word) && onlyOrdered(word));
  return few || code !== undefined ? "a page" : undefined;
}

/** Whether a token's words were all seen outside orders too. */
function vocabularyKnows(vocabulary: ReadonlyMap<string, number>, token: string): boolean {
  const long = wordsOf(token).filter((word) => word.length >= 4);
  return long.length > 0 && long.every((word) => ((vocabulary.get(word) ?? OUTSIDE) & OUTSIDE) !== 0);
}

/** `text` without a passage that was found in it, however its lines were broken. */
function without(text: string, passage: string): string {
  const words = passage.split(/\s+/).map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
  const found = new RegExp(words.join("\\s+"), "u").exec(text);
  return found ? `${text.slice(0, found.index)}\n${text.slice(found.index + found[0].length)}` : text;
}
