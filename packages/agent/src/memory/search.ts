/** Searching what is remembered: BM25 over words, and by meaning where an embedding model is configured. */
import MiniSearch from "minisearch";

/** One vector a text, in order. */
export type Embed = (texts: readonly string[], signal: AbortSignal) => Promise<number[][]>;

const MOST_VECTORS = 5_000;

/** Asks the model about each text once, as long as the process lives. */
export function embedOnce(embed: Embed): Embed {
  const vectors = new Map<string, number[]>();
  return async (texts, signal) => {
    if (vectors.size > MOST_VECTORS) vectors.clear();
    const missing = [...new Set(texts)].filter((text) => !vectors.has(text));
    const found = missing.length > 0 ? await embed(missing, signal) : [];
    for (const [i, text] of missing.entries()) vectors.set(text, found[i] ?? []);
    return texts.map((text) => vectors.get(text) ?? []);
  };
}

/** Facts that share words with `query`, best first: BM25 with prefix and fuzzy matching. */
export function byWords<F extends { text: string }>(facts: readonly F[], query: string): F[] {
  const index = new MiniSearch<{ id: number; text: string }>({
    fields: ["text"],
    searchOptions: { prefix: true, fuzzy: 0.2 },
  });
  index.addAll(facts.map((fact, id) => ({ id, text: fact.text })));
  return index.search(query).flatMap((hit) => facts[hit.id as number] ?? []);
}

/** Facts nearest in meaning to `query`, best first, by the cosine of their vectors. */
export async function byMeaning<F extends { text: string }>(
  facts: readonly F[],
  query: string,
  embed: Embed,
  signal: AbortSignal,
): Promise<F[]> {
  if (facts.length === 0) return [];
  const [wanted, ...vectors] = await embed([query, ...facts.map((fact) => fact.text)], signal);
  if (!wanted) return [];
  return facts
    .map((fact, i) => ({ fact, near: cosine(wanted, vectors[i] ?? []) }))
    .sort((a, b) => b.near - a.near)
    .map(({ fact }) => fact);
}

/** Reciprocal rank fusion (Cormack et al. 2009, k = 60) of several rankings of the same facts. */
export function fuse<F>(rankings: readonly (readonly F[])[], most: number): F[] {
  const scores = new Map<F, number>();
  for (const ranking of rankings) {
    for (const [rank, fact] of ranking.entries()) scores.set(fact, (scores.get(fact) ?? 0) + 1 / (60 + rank));
  }
  return [...scores]
    .sort(([, a], [, b]) => b - a)
    .slice(0, most)
    .map(([fact]) => fact);
}

function cosine(a: readonly number[], b: readonly number[]): number {
  let dot = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const x = a[i] ?? 0;
    const y = b[i] ?? 0;
    dot += x * y;
    aa += x * x;
    bb += y * y;
  }
  return aa === 0 || bb === 0 ? 0 : dot / Math.sqrt(aa * bb);
}
