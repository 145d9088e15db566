/** The concepts: what is true of each, and what each kind of confusion makes of it. */
import { hash32 } from "../random.ts";
import { kinds, table } from "./concept-table.ts";
import type { Domain } from "./types.ts";

/** One way to say what a concept does, and what goes wrong when it is said wrongly. */
interface Core {
  /** "puts duty above results" */
  readonly said: string;
  /** "puts results above duty", where there is a pair to turn round. */
  readonly reversed: string | null;
  /** "does not put duty above results" and "never puts duty above results" */
  readonly negated: readonly [string, string];
}

export interface Concept {
  readonly index: number;
  /** "compiler" */
  readonly term: string;
  /** "a compiler", or the term where it takes no article. */
  readonly named: string;
  readonly domain: Domain;
  readonly kinds: readonly [string, string];
  readonly cores: readonly [Core, Core];
  /** The index of the concept that it is commonly taken for. */
  readonly mistakenFor: number;
}

export const concepts: readonly Concept[] = read();

export const conceptByTerm: ReadonlyMap<string, Concept> = new Map(concepts.map((concept) => [concept.term, concept]));

/**
 * Concepts to teach judgments on and concepts to measure on. Both are in the corpus: a model cannot know what it never read;
 * held out is that nobody judged an answer about them.
 */
export function splitConcepts(
  seed: number,
  heldOut = 0.2,
  among: readonly Concept[] = concepts,
): { taught: Concept[]; heldOut: Concept[] } {
  const order = [...among].sort((a, b) => hash32(seed, a.index, 77) - hash32(seed, b.index, 77) || a.index - b.index);
  const count = Math.round(order.length * heldOut);
  return { heldOut: order.slice(0, count), taught: order.slice(count) };
}

/** "put" to "puts"; the table uses no other irregular verbs. */
export function thirdPerson(verb: string): string {
  const irregular: Record<string, string> = { be: "is", have: "has", do: "does", go: "goes" };
  const known = irregular[verb];
  if (known !== undefined) return known;
  if (/[^aeiou]y$/.test(verb)) return `${verb.slice(0, -1)}ies`;
  return /(s|sh|ch|x|z)$/.test(verb) ? `${verb}es` : `${verb}s`;
}

function core(text: string): Core {
  const pair = text.match(/^(.*)\[(.+)\](.*)\[(.+)\](.*)$/);
  const [, before = "", one = "", between = "", other = "", after = ""] = pair ?? [];
  const plain = text.replace(/[[\]]/g, "");
  const [verb = "", ...rest] = plain.split(" ");
  const tail = rest.join(" ");
  const said = `${thirdPerson(verb)} ${tail}`;
  return {
    said,
    reversed: pair ? `${before}${other}${between}${one}${after}`.replace(verb, thirdPerson(verb)) : null,
    negated: verb === "be" ? [`is not ${tail}`, `is never ${tail}`] : [`does not ${verb} ${tail}`, `never ${said}`],
  };
}

function read(): Concept[] {
  const all: Concept[] = [];
  for (const [domain, lines] of Object.entries(table) as [Domain, string][]) {
    const first = all.length;
    const rows = lines.trim().split("\n");
    for (const [place, row] of rows.entries()) {
      const [, named = "", kind = "", one = "", two = ""] = row.match(/^(.+) = (.+): (.+); (.+)$/) ?? [];
      if (!isKind(kind)) throw new Error(`concept-table: "${row}" is not "term = kind: core; core"`);
      all.push({
        index: first + place,
        term: named.replace(/^an? /, ""),
        named,
        domain,
        kinds: kinds[kind],
        cores: [core(one), core(two)],
        mistakenFor: first + (place ^ 1),
      });
    }
  }
  return all;
}

function isKind(name: string): name is keyof typeof kinds {
  return Object.hasOwn(kinds, name);
}
