/** Remembers which text came from where, and tells which of it a proposal repeats. Memory is bounded. */
import { readBait } from "../bait/bait.ts";
import { repeatsOrder } from "../bait/repeats.ts";
import { argumentsOf, SENT, THOUGHT, WHOLE, wholeOf } from "../guard/arguments.ts";
import { isPage } from "../guard/labels.ts";
import { type Address, addressesOf, httpUrl } from "./addresses.ts";
import { type Facet, facet } from "./facets.ts";
import { FORGOTTEN, OriginIndex, OriginSets } from "./origin-index.ts";
import { dataOf, readingsOf, readingsOfText } from "./readings.ts";
import { type Scan, scan } from "./scan.ts";

export interface Tracer {
  /**
   * @param origin `operator`, `memory`, `child:RUN`, `host:NAME` or `tool:NAME`
   * @param link the address that a page or a search offers under this text
   */
  add(origin: string, text: string, link?: string): void;
  /**
   * For each argument path the origins of the text it repeats, and facets of it (`facets.ts`).
   * @param thought why the mind proposes it
   */
  originsOf(args: Record<string, unknown>, thought?: string): Record<string, string[]>;
  /** What has gone out: what goes out next is read together with the last of it, since a text can be sent in pieces. */
  sent(args: Record<string, unknown>): void;
}

const GRAM = 3;
const REPEATED_WORDS = 4;
const LONG_WORDS = 12;
const LONG_CHARACTERS = 80;
/** Of a page with an order in it, one needs to repeat little to be suspected of following it. */
const BAIT_WORDS = 5;
/** Orders that a thought may say again. */
const MOST_ORDERS = 300;
/** Words that went out, and are read on from. */
const MOST_OUTGOING = 60;
/** Longest text taken in; pages are capped well below it. */
const MOST_CHARACTERS = 5_000_000;

/** @param options.most runs of words that are kept (about 60 bytes each, some 200 pages by default); the older half goes first */
export function createTracer(options: { most?: number } = {}): Tracer {
  const most = options.most ?? 400_000;
  const sets = new OriginSets();
  const grams = new OriginIndex<number>(sets, most, "taint");
  const tokens = new OriginIndex<string>(sets, most / 5, "taint");
  const links = new OriginIndex<string>(sets, most / 5, "nothing");
  const baitGrams = new OriginIndex<number>(sets, most / 10, "taint");
  const baitTokens = new OriginIndex<string>(sets, most / 20, "taint");
  const hosts = new OriginIndex<string>(sets, most / 40, "nothing");
  const orderedHosts = new OriginIndex<string>(sets, most / 40, "taint");
  const orderedLinks = new OriginIndex<string>(sets, most / 40, "taint");
  const marks = new OriginIndex<string>(sets, most / 20, "nothing");
  let orders: { origin: string; text: string }[] = [];
  /** Hosts of which a page was read. */
  const read = new Set<string>();

  /** Takes orders in, and returns what else the text says. */
  const addBait = (origin: string, text: string): { orders: boolean; rest: string } => {
    const entries = entriesOf(origin, text).map(readBait);
    const passages = entries.flatMap((entry) => entry.passages);
    for (const passage of passages) {
      const bait = scan(passage.text);
      if (passage.kind === "order") orders = [...orders, { origin, text: passage.orders }].slice(-MOST_ORDERS);
      const { urls } = scan(passage.orders, false);
      const ordered = new Set(urls.map((url) => url.href));
      addGrams(baitGrams, bait, origin);
      // An address in the sentences after an order may be any link of the page.
      const words = [...bait.tokens, ...bait.marks].filter((token) => !token.includes("://") || ordered.has(token));
      const inUrls = urls.map((url) => scan(dataOf(url), false)).flatMap(({ tokens, marks }) => [...tokens, ...marks]);
      for (const token of [...words, ...inUrls]) baitTokens.add(token, origin);
      for (const host of hostsIn(passage.orders)) orderedHosts.add(host, origin);
      for (const href of ordered) orderedLinks.add(href, origin);
    }
    return { orders: passages.length > 0, rest: entries.map((entry) => entry.rest).join("\n") };
  };

  const originsOfBait = (found: Scan): string[] => [
    ...above(runs(found, baitGrams), BAIT_WORDS),
    ...[...found.tokens, ...found.marks].flatMap((token) => baitTokens.origins(token)),
  ];

  const carries = (url: URL): string[] => {
    const own = `host:${url.host}`;
    const { plain, hidden } = readingsOf(url);
    const all = [...plain, ...hidden].flatMap((reading) => {
      const found = scan(reading);
      return [
        ...found.tokens.map((token) => tokens.origins(token)),
        ...found.grams.map((gram) => (gram === 0 ? [] : grams.origins(gram))),
      ];
    });
    // What the host itself shows is no news to it, wherever else it stands.
    return all.filter((origins) => !origins.includes(own)).flat();
  };

  /** An address's own words belong to its host: going on from it carries nothing there. */
  const addOwn = (url: URL): void => {
    const parts = scan(dataOf(url));
    for (const token of parts.tokens) tokens.add(token, `host:${url.host}`);
    addGrams(grams, parts, `host:${url.host}`);
  };

  /** Tokens by which a text of a page could point somewhere: not names, dates, or sites that the run has read. */
  const passedOn = (found: Scan): string[] => {
    const sites = new Set(found.urls.filter((url) => read.has(url.host)).map((url) => url.href));
    const pointing = found.tokens.filter(
      (token) => !sites.has(token) && (/[:@]/.test(token) || (/\d/.test(token) && /^[^#].*\p{L}/u.test(token))),
    );
    return pointing.flatMap((token) => tokens.origins(token)).filter(isPage);
  };

  const facetsOf = ({ url, whole }: Address): [Facet, readonly string[]][] => {
    const bare = new URL(url);
    bare.hash = "";
    const facets: [Facet, readonly string[]][] = [
      ["carries", carries(url)],
      ["link", links.origins(bare.href)],
      // What is only thought to have been shown is no offer.
      ["mention", tokens.origins(bare.href).filter((origin) => origin !== FORGOTTEN)],
      ["host", hosts.origins(url.hostname)],
      ["ordered", orderedHosts.origins(url.hostname)],
    ];
    if (whole) for (const reading of readingsOf(url).plain) facets.push(["bait", originsOfBait(scan(reading))]);
    return facets;
  };

  /** The last words that went out, in their order. */
  let outgoing: string[] = [];

  return {
    sent(args) {
      const words = [...argumentsOf(args).values()].flatMap((text) => text.split(/\s+/).filter(Boolean));
      outgoing = [...outgoing, ...words].slice(-MOST_OUTGOING);
    },

    add(origin, text, link) {
      const found = scan(text.slice(0, MOST_CHARACTERS));
      for (const token of found.tokens) tokens.add(token, origin);
      for (const mark of found.marks) marks.add(mark, origin);
      addGrams(grams, found, origin);
      for (const url of found.urls) addOwn(url);
      if (origin === "operator") {
        for (const url of found.urls) {
          links.add(url.href, origin);
          hosts.add(url.hostname, origin);
        }
      }
      if (!isPage(origin)) return;
      if (origin.startsWith("host:")) read.add(origin.slice(5));
      const { orders: ordering, rest } = addBait(origin, text);
      for (const url of ordering ? scan(rest, false).urls : found.urls) hosts.add(url.hostname, origin);
      const target = link === undefined ? null : httpUrl(link);
      if (!target) return;
      target.hash = "";
      for (const token of scan(target.href).tokens) tokens.add(token, origin);
      addOwn(target);
      // An order stays one when its address can be clicked; a result of a search is offered whatever its page says.
      const ordered = (ordering && origin.startsWith("host:")) || orderedLinks.origins(target.href).includes(origin);
      if (ordered) orderedHosts.add(target.hostname, origin);
      else {
        links.add(target.href, origin);
        hosts.add(target.hostname, origin);
      }
    },

    originsOf(args, thought = "") {
      const result = new Map<string, string[]>();
      const put = (path: string, name: Facet | undefined, origins: readonly string[]): void => {
        const key = name ? facet(path, name) : path;
        const all = new Set([...(result.get(key) ?? []), ...origins]);
        if (all.size > 0) result.set(key, [...all].sort());
      };
      const texts = [...argumentsOf(args)].flatMap(([path, text]) => asRead(path, text));
      const joined = wholeOf(args).flatMap((text) => asRead(WHOLE, text));
      for (const [path, text] of [...texts, ...joined]) {
        const found = scan(text);
        const exact = found.tokens.flatMap((token) => tokens.origins(token));
        const repeated = runs(found, grams);
        const words = above(repeated, REPEATED_WORDS);
        put(path, undefined, [...exact, ...words]);
        put(path, "words", words);
        put(path, "token", exact);
        put(
          path,
          "mark",
          found.marks.flatMap((mark) => marks.origins(mark)),
        );
        put(path, "phrase", above(repeated, GRAM));
        put(path, "passed-on", passedOn(found));
        put(path, "long", above(repeated, LONG_WORDS, LONG_CHARACTERS));
        // Pieces that are put together make no order: each is read by itself.
        if (path !== WHOLE) put(path, "bait", originsOfBait(found));
      }
      const again = orders.filter(({ text }) => repeatsOrder(thought, text));
      put(
        THOUGHT,
        "bait",
        again.map(({ origin }) => origin),
      );
      if (outgoing.length > 0) {
        const before = outgoing.join(" ");
        const found = scan([before, ...argumentsOf(args).values()].join(" "));
        const repeated = runs(found, grams, scan(before).grams.length);
        put(SENT, "words", above(repeated, REPEATED_WORDS));
        put(SENT, "long", above(repeated, LONG_WORDS, LONG_CHARACTERS));
      }
      for (const address of addressesOf(args)) {
        for (const [name, origins] of facetsOf(address)) {
          put(address.path, name, origins);
          if (address.whole && (name === "carries" || name === "link")) put(address.path, undefined, origins);
        }
      }
      return Object.fromEntries(result);
    },
  };
}

/** A text in each way in which it may be meant. */
function asRead(path: string, text: string): [path: string, text: string][] {
  const { plain, hidden } = readingsOfText(text);
  return [...new Set([text, ...plain, ...hidden])].map((reading) => [path, reading]);
}

/** Hosts that a text names, with or without a scheme. */
function hostsIn(text: string): string[] {
  const named = text.toLowerCase().match(/(?<![\w@.-])(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}(?![\w-])/g) ?? [];
  return [...new Set([...named, ...scan(text, false).urls.map((url) => url.hostname)])];
}

/** The results of a search are by many hands: what one of them orders is not said by the next. */
const entriesOf = (origin: string, text: string): string[] =>
  origin.startsWith("tool:") ? text.split(/\n(?=https?:\/\/\S+[^\S\n]*\n)/i) : [text];

function addGrams(index: OriginIndex<number>, { grams }: Scan, origin: string): void {
  for (const gram of grams) if (gram !== 0) index.add(gram, origin);
}

interface Run {
  words: number;
  characters: number;
}

/** The longest run of words that a text shares with each origin. @param from of those that reach this gram or a later one */
function runs({ grams, widths }: Scan, index: OriginIndex<number>, from = 0): Map<string, Run> {
  const best = new Map<string, Run>();
  let open = new Map<string, Run>();
  for (const [at, gram] of grams.entries()) {
    const next = new Map<string, Run>();
    const width = widths[at] ?? 0;
    for (const origin of gram === 0 ? [] : index.origins(gram)) {
      const before = open.get(origin);
      const run = before
        ? { words: before.words + 1, characters: before.characters + width }
        : { words: GRAM, characters: width * GRAM };
      next.set(origin, run);
      if (at >= from && run.words > (best.get(origin)?.words ?? 0)) best.set(origin, run);
    }
    open = next;
  }
  return best;
}

function above(found: Map<string, Run>, words: number, characters = Number.POSITIVE_INFINITY): string[] {
  return [...found].flatMap(([origin, run]) => (run.words >= words || run.characters >= characters ? [origin] : []));
}
