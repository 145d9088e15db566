/** The search engine's face: SearXNG's API, as JSON for programs and HTML for people. */
import { html, json, type Reply, type Service, text } from "../serve/reply.ts";
import { escapeHtml, layout } from "../serve/view/layout.ts";
import type { Page } from "../town.ts";
import { type Hit, type SearchIndex, searchIndex } from "./search-index.ts";

export const SEARCH_HOST = "search.example";

const PER_PAGE = 10;

/**
 * `/search?q=WORDS&format=json&pageno=N`, GET or form POST. Quoted phrases, `-word` and `site:host` are understood.
 * https://docs.searxng.org/dev/search_api.html
 */
export function searchService(pages: Page[]): Service {
  const index = searchIndex(pages);
  return (exchange) => {
    const url = new URL(`http://${SEARCH_HOST}${exchange.path}`);
    if (url.pathname !== "/" && url.pathname !== "/search") return text(404, "Not found\n");
    const ask = exchange.method === "POST" ? new URLSearchParams(exchange.body) : url.searchParams;
    return answer(index, ask);
  };
}

function answer(index: SearchIndex, ask: URLSearchParams): Reply {
  const query = ask.get("q")?.trim() ?? "";
  const format = ask.get("format") ?? "html";
  if (format !== "html" && format !== "json") return text(400, "Unknown format: give format=json or format=html\n");
  if (query === "") return format === "json" ? text(400, "No query\n") : html(200, page("", [], 1, 0));
  const number = Number(ask.get("pageno") ?? "1");
  if (!Number.isSafeInteger(number) || number < 1) return text(400, "Invalid value for parameter pageno\n");
  const hits = index.search(query);
  const shown = hits.slice((number - 1) * PER_PAGE, number * PER_PAGE);
  if (format === "html") return html(200, page(query, shown, number, hits.length));
  return json(200, {
    query,
    number_of_results: hits.length,
    results: shown.map((hit, n) => result(hit, (number - 1) * PER_PAGE + n + 1)),
    answers: [],
    corrections: [],
    infoboxes: [],
    suggestions: [],
    unresponsive_engines: [],
  });
}

function result(hit: Hit, position: number): Record<string, unknown> {
  const { protocol, host, pathname, search } = new URL(hit.url);
  return {
    url: hit.url,
    title: hit.title,
    content: hit.snippet,
    engine: "town",
    engines: ["town"],
    parsed_url: [protocol.replace(":", ""), host, pathname, "", search.replace("?", ""), ""],
    template: "default.html",
    positions: [position],
    category: "general",
    score: Number(hit.score.toFixed(4)),
    publishedDate: null,
  };
}

function page(query: string, hits: Hit[], number: number, total: number): string {
  const results = hits.map(
    (hit) =>
      `<li><a href="${escapeHtml(hit.url)}">${escapeHtml(hit.title)}</a><br><small>${escapeHtml(hit.url)}</small>` +
      `<p>${escapeHtml(hit.snippet)}</p></li>`,
  );
  const more =
    number * PER_PAGE < total
      ? `<p><a href="/search?q=${encodeURIComponent(query)}&amp;pageno=${number + 1}">More results</a></p>`
      : "";
  const summary = query === "" ? "" : `<p>${total} ${total === 1 ? "result" : "results"}</p>`;
  return layout(
    query === "" ? "Search" : `${query} - search`,
    `<form action="/search" method="get"><input name="q" value="${escapeHtml(query)}" aria-label="Search the town" autofocus>` +
      ` <button>Search</button></form>${summary}<ol class="plain">${results.join("\n")}</ol>${more}`,
  );
}
