/** Search engines behind one shape: SearXNG, Brave and Tavily. What they answer is parsed; a page of theirs is never trusted. */
import { z } from "zod";
import type { SearchEngine, SearchResult } from "../ports.ts";
import type { Fetched, Fetcher, FetchOptions } from "../web/fetched.ts";

/** The engine did not answer, or not with results. */
export class SearchError extends Error {
  override name = "SearchError";
  /** `blocked`: it refuses or asks to slow down. `error`: it failed, or what came is no answer. */
  readonly status: "blocked" | "error";

  constructor(message: string, status: "blocked" | "error" = "error") {
    super(message);
    this.status = status;
  }
}

/** Engines mark the words that they found; nobody reads the marks. */
const text = z
  .string()
  .nullish()
  .transform((value) => (value ?? "").slice(0, 5_000).replace(/<\/?(?:strong|b|em|mark)\b[^<>]{0,100}>/gi, ""));

const SearxngAnswer = z.object({ results: z.array(z.object({ url: z.string(), title: text, content: text })) });
const BraveAnswer = z.object({
  web: z.object({ results: z.array(z.object({ url: z.string(), title: text, description: text })) }).nullish(),
});
const TavilyAnswer = z.object({ results: z.array(z.object({ url: z.string(), title: text, content: text })) });

/** Any SearXNG instance that allows `format=json` (https://docs.searxng.org/dev/search_api.html). */
export function searxng(baseUrl: string, fetcher: Fetcher): SearchEngine {
  return {
    name: "searxng",
    search: async (query, page, signal) => {
      const url = new URL("search", baseUrl.endsWith("/") ? baseUrl : `${baseUrl}/`);
      url.search = new URLSearchParams({ q: query, format: "json", pageno: String(page) }).toString();
      const answer = await ask(fetcher, url.href, { signal }, SearxngAnswer);
      return answer.results.map(({ url, title, content }) => ({ url, title, snippet: content }));
    },
  };
}

/** https://api-dashboard.search.brave.com/app/documentation/web-search */
export function brave(
  key: string,
  fetcher: Fetcher,
  baseUrl = "https://api.search.brave.com/res/v1/web/search",
): SearchEngine {
  return {
    name: "brave",
    search: async (query, page, signal) => {
      const parameters = new URLSearchParams({ q: query, count: "10", offset: String(page - 1) });
      const answer = await ask(
        fetcher,
        `${baseUrl}?${parameters}`,
        { signal, service: { headers: { "x-subscription-token": key } } },
        BraveAnswer,
      );
      return (answer.web?.results ?? []).map(({ url, title, description }) => ({ url, title, snippet: description }));
    },
  };
}

/** https://docs.tavily.com/documentation/api-reference/endpoint/search. It has one page of results. */
export function tavily(key: string, fetcher: Fetcher, baseUrl = "https://api.tavily.com/search"): SearchEngine {
  return {
    name: "tavily",
    search: async (query, page, signal) => {
      if (page > 1) return [];
      const body = JSON.stringify({ query, max_results: 10 });
      const answer = await ask(
        fetcher,
        baseUrl,
        {
          signal,
          service: {
            method: "POST",
            body,
            headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
          },
        },
        TavilyAnswer,
      );
      return answer.results.map(({ url, title, content }) => ({ url, title, snippet: content }));
    },
  };
}

async function ask<S extends z.ZodType>(
  fetcher: Fetcher,
  url: string,
  options: FetchOptions,
  schema: S,
): Promise<z.output<S>> {
  const fetched = await fetcher.fetch(url, { accept: "application/json", service: {}, ...options });
  if (fetched.status !== "ok") {
    throw new SearchError(refusal(fetched), fetched.status === "blocked" ? "blocked" : "error");
  }
  if (!fetched.complete) throw new SearchError("the search engine answered more than the limit for a page");
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(fetched.bytes).toString("utf8"));
  } catch {
    throw new SearchError("the search engine answered something that is not JSON");
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success)
    throw new SearchError(`the search engine's answer has an unknown shape: ${parsed.error.issues[0]?.path.join(".")}`);
  return parsed.data;
}

function refusal(fetched: Fetched): string {
  if (fetched.httpStatus === 401 || fetched.httpStatus === 403)
    return "the search engine refused: is its key right, and does it allow JSON?";
  if (fetched.httpStatus === 429) return "the search engine asks to slow down";
  return `the search engine did not answer: ${fetched.reason}`;
}

export const onlyWeb = (results: readonly SearchResult[]): SearchResult[] =>
  results.filter((r) => /^https?:\/\//.test(r.url));
