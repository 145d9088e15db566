/** The town's search engine: which indexed pages answer a query, best first. */
import MiniSearch from "minisearch";
import type { Page } from "../town.ts";
import { parseQuery, type Query } from "./query.ts";
import { fold, readPage } from "./visible-text.ts";

export interface Hit {
  url: string;
  title: string;
  snippet: string;
  score: number;
}

export interface SearchIndex {
  /** All hits, best first. Equal queries give equal answers. */
  search(query: string): Hit[];
}

interface Entry {
  id: number;
  page: Page;
  title: string;
  text: string;
  /** Folded. */
  titleWords: string;
  textWords: string;
}

/** Past this a page's text is not indexed; engines stop reading somewhere too. */
const TEXT_LIMIT = 20_000;
const SNIPPET_LENGTH = 200;

export function searchIndex(pages: Page[]): SearchIndex {
  const entries = pages.filter((page) => page.indexed).map(entry);
  const index = new MiniSearch<Entry>({
    fields: ["titleWords", "textWords"],
    // Words come folded and parted by single spaces.
    tokenize: (words) => words.split(" ").filter(Boolean),
    processTerm: (word) => word,
  });
  index.addAll(entries);

  return {
    search(text) {
      const query = parseQuery(text);
      const found =
        query.words.length > 0
          ? index
              .search(query.words.join(" "), { boost: { titleWords: 3 } })
              .map(({ id, score, queryTerms }) => ({ id: Number(id), score, matched: new Set(queryTerms).size }))
          : query.sites.length > 0
            ? entries.map(({ id }) => ({ id, score: 1, matched: 0 }))
            : [];
      return found
        .flatMap(({ id, score, matched }) => {
          const at = entries[id];
          if (at === undefined || !allowed(at, query)) return [];
          const share = query.words.length === 0 ? 1 : matched / query.words.length;
          if (share < 0.5) return [];
          return [{ at, score: score * share ** 3 * together(at, query) }];
        })
        .sort((a, b) => b.score - a.score || a.at.id - b.at.id)
        .map(({ at, score }) => ({
          url: new URL(at.page.path, `http://${at.page.host}`).href,
          title: at.title,
          snippet: at.page.snippet ?? snippet(at.text, query),
          score,
        }));
    },
  };
}

function entry(page: Page, id: number): Entry {
  const { title, text } = readPage(page);
  const shown = text.slice(0, TEXT_LIMIT);
  return { id, page, title, text: shown, titleWords: fold(title), textWords: fold(shown) };
}

function allowed(at: Entry, query: Query): boolean {
  const holds = (phrase: string): boolean => at.titleWords.includes(phrase) || at.textWords.includes(phrase);
  return (
    (query.sites.length === 0 ||
      query.sites.some((site) => at.page.host === site || at.page.host.endsWith(`.${site}`))) &&
    query.phrases.every(holds) &&
    !query.without.some(holds)
  );
}

/** Names and phrases count for more where their words stand side by side, and most in a title. */
function together(at: Entry, query: Query): number {
  const phrases = query.together === " " ? query.phrases : [...query.phrases, query.together];
  return phrases.reduce((factor, phrase) => {
    if (at.titleWords.includes(phrase)) return factor * 3;
    return at.textWords.includes(phrase) ? factor * 1.5 : factor;
  }, 1);
}

function snippet(text: string, query: Query): string {
  const lower = text.toLowerCase();
  const wanted = [...query.phrases.map((phrase) => phrase.trim()), ...query.words];
  const first = wanted.map((words) => lower.indexOf(words)).find((at) => at >= 0) ?? 0;
  if (text.length <= SNIPPET_LENGTH) return text;
  const from = Math.max(0, Math.min(first - 60, text.length - SNIPPET_LENGTH));
  const start = from === 0 ? 0 : text.indexOf(" ", from) + 1;
  const cut = text.slice(start, start + SNIPPET_LENGTH);
  const end = start + SNIPPET_LENGTH >= text.length ? cut : cut.slice(0, cut.lastIndexOf(" ") || undefined);
  return `${start > 0 ? "… " : ""}${end}${end.length < text.length - start ? " …" : ""}`;
}
