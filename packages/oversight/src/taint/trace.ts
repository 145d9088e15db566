/** Remembers which text came from where, and tells which of it a proposal repeats. Memory is bounded. */
import { findBait } from "../bait/bait.ts";
import { argumentsOf } from "../guard/arguments.ts";
import { decoded, isPage } from "../guard/labels.ts";
import { type Facet, facet } from "./facets.ts";
import { OriginIndex, OriginSets } from "./origin-index.ts";
import { type Scan, scan } from "./scan.ts";

export interface Tracer {
  /** @param origin `operator`, `memory`, `child:RUN`, `host:NAME` or `tool:NAME` */
  add(origin: string, text: string): void;
  /** For each argument path the origins of the text it repeats, and facets of it (`facets.ts`). */
  originsOf(args: Record<string, unknown>): Record<string, string[]>;
}

const GRAM = 3;
const REPEATED_WORDS = 4;
const LONG_WORDS = 12;
const LONG_CHARACTERS = 80;
/** Of a page with an order in it, one needs to repeat little to be suspected of following it. */
const BAIT_WORDS = 5;
/** A link comes as its label and its address; longer texts are pages. */
const LINK_CHARACTERS = 800;
/** Longest text taken in; pages are capped well below it. */
const MOST_CHARACTERS = 5_000_000;

/** @param options.most runs of words that are kept (about 60 bytes each, some 200 pages by default); the older half goes first */
export function createTracer(options: { most?: number } = {}): Tracer {
  const most = options.most ?? 400_000;
  const sets = new OriginSets();
  const grams = new OriginIndex<number>(sets, most);
  const tokens = new OriginIndex<string>(sets, most / 5);
  const links = new OriginIndex<string>(sets, most / 5);
  const baitGrams = new OriginIndex<number>(sets, most / 10);
  const baitTokens = new OriginIndex<string>(sets, most / 20);

  const addBait = (origin: string, text: string): boolean => {
    const passages = entriesOf(origin, text).flatMap(findBait);
    for (const passage of passages) {
      const bait = scan(passage.text);
      addGrams(baitGrams, bait, origin);
      const inUrls = bait.urls.map((url) => scan(dataOf(url), false));
      for (const part of [bait, ...inUrls])
        for (const token of [...part.tokens, ...part.marks]) baitTokens.add(token, origin);
    }
    return passages.length > 0;
  };

  const originsOfBait = (found: Scan): string[] => [
    ...above(runs(found, baitGrams), BAIT_WORDS),
    ...[...found.tokens, ...found.marks].flatMap((token) => baitTokens.origins(token)),
  ];

  const carries = (url: URL): string[] => {
    const own = `host:${url.host}`;
    const found = scan(`${dataOf(url)} ${decoded(url.hash.slice(1))}`);
    const all = [
      ...found.tokens.map((token) => tokens.origins(token)),
      ...found.grams.map((gram) => (gram === 0 ? [] : grams.origins(gram))),
    ];
    // What the host itself shows is no news to it, wherever else it stands.
    return all.filter((origins) => !origins.includes(own)).flat();
  };

  return {
    add(origin, text) {
      const found = scan(text.slice(0, MOST_CHARACTERS));
      for (const token of found.tokens) tokens.add(token, origin);
      addGrams(grams, found, origin);
      // An address's own words belong to its host: going on from it carries nothing there.
      for (const url of found.urls) {
        const parts = scan(dataOf(url));
        for (const token of parts.tokens) tokens.add(token, `host:${url.host}`);
        addGrams(grams, parts, `host:${url.host}`);
      }
      if (origin === "operator") for (const url of found.urls) links.add(url.href, origin);
      if (!isPage(origin) || addBait(origin, text)) return;
      const last = found.urls.at(-1);
      if (last && text.length <= LINK_CHARACTERS && /https?:\/\/\S+\s*$/i.test(text)) links.add(last.href, origin);
    },

    originsOf(args) {
      const result = new Map<string, string[]>();
      const put = (path: string, name: Facet | undefined, origins: readonly string[]): void => {
        const key = name ? facet(path, name) : path;
        const all = new Set([...(result.get(key) ?? []), ...origins]);
        if (all.size > 0) result.set(key, [...all].sort());
      };
      for (const [path, text] of argumentsOf(args)) {
        const found = scan(text);
        const exact = found.tokens.flatMap((token) => tokens.origins(token));
        const repeated = runs(found, grams);
        put(path, undefined, [...exact, ...above(repeated, REPEATED_WORDS)]);
        put(path, "token", exact);
        put(path, "long", above(repeated, LONG_WORDS, LONG_CHARACTERS));
        put(path, "bait", originsOfBait(found));
        const url = /^\s*https?:\/\/\S/i.test(text) ? URL.parse(text.trim()) : null;
        if (!url) continue;
        const carried = carries(url);
        url.hash = "";
        const offered = links.origins(url.href);
        put(path, undefined, [...carried, ...offered]);
        put(path, "carries", carried);
        put(path, "link", offered);
        put(path, "mention", tokens.origins(url.href));
        put(path, "bait", originsOfBait(scan(dataOf(url))));
      }
      return Object.fromEntries(result);
    },
  };
}

/** The results of a search are by many hands: what one of them orders is not said by the next. */
const entriesOf = (origin: string, text: string): string[] =>
  origin.startsWith("tool:") ? text.split(/\n(?=https?:\/\/\S+[^\S\n]*\n)/i) : [text];

function addGrams(index: OriginIndex<number>, { grams }: Scan, origin: string): void {
  for (const gram of grams) if (gram !== 0) index.add(gram, origin);
}

/** What an address says besides its host: path, query, user and password, as words. */
export function dataOf(url: URL): string {
  return decoded(`${url.username} ${url.password} ${url.pathname} ${url.search}`).replace(/[/?&=;|,_]+/g, " ");
}

interface Run {
  words: number;
  characters: number;
}

/** The longest run of words that a text shares with each origin. */
function runs({ grams, widths }: Scan, index: OriginIndex<number>): Map<string, Run> {
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
      if (run.words > (best.get(origin)?.words ?? 0)) best.set(origin, run);
    }
    open = next;
  }
  return best;
}

function above(found: Map<string, Run>, words: number, characters = Number.POSITIVE_INFINITY): string[] {
  return [...found].flatMap(([origin, run]) => (run.words >= words || run.characters >= characters ? [origin] : []));
}
