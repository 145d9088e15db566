import { describe, expect, test } from "vitest";
import { type Answer, page, smallWeb } from "../web/fixture.ts";
import { brave, searxng, tavily } from "./engines.ts";

const signal = AbortSignal.timeout(5_000);
const json = (value: unknown, status = 200): Answer => page(JSON.stringify(value), status, "application/json");

describe("a search engine", () => {
  test("gives addresses, titles and snippets, whichever engine it is", async () => {
    const hit = { url: "http://a.example/", title: "A" };
    await using web = await smallWeb({
      "searx.example/search?q=ada&format=json&pageno=2": json({ results: [{ ...hit, content: "about a" }] }),
      "brave.example/web?q=ada&count=10&offset=1": (request, response) => {
        expect(request.headers["x-subscription-token"]).toBe("key");
        json({ web: { results: [{ ...hit, description: "about a" }] } })(request, response);
      },
      "tavily.example/search": (request, response) => {
        expect(request.method).toBe("POST");
        expect(request.headers.authorization).toBe("Bearer key");
        json({ results: [{ ...hit, content: "about a" }] })(request, response);
      },
    });
    const expected = [{ ...hit, snippet: "about a" }];
    expect(await searxng("http://searx.example", web.fetcher).search("ada", 2, signal)).toEqual(expected);
    expect(await brave("key", web.fetcher, "http://brave.example/web").search("ada", 2, signal)).toEqual(expected);
    expect(await tavily("key", web.fetcher, "http://tavily.example/search").search("ada", 1, signal)).toEqual(expected);
  });

  test.each([
    ["a wrong key", page("no", 403), "refused"],
    ["too many requests", page("slow", 429), "slow down"],
    ["a page instead of JSON", page("<html>"), "not JSON"],
    ["another shape", json({ hits: [] }), "unknown shape"],
    ["a failure", page("no", 500), "did not answer"],
  ])("says in one line what is wrong with %s", async (_, answer, said) => {
    await using web = await smallWeb({ "searx.example/search?q=ada&format=json&pageno=1": answer });
    await expect(searxng("http://searx.example/", web.fetcher).search("ada", 1, signal)).rejects.toThrow(said);
  });
});
