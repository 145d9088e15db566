import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Exchange, Reply } from "../serve/reply.ts";
import { smallPage } from "../serve/small-town.ts";
import type { Page } from "../town.ts";
import { searchService } from "./search.ts";
import { htmlText } from "./visible-text.ts";

async function asked(pages: Page[], query: Record<string, string>): Promise<Reply> {
  const exchange: Exchange = {
    method: "GET",
    host: "search.example",
    path: `/search?${new URLSearchParams(query)}`,
    headers: {},
    body: "",
    visitor: { identity: "unsigned" },
  };
  const reply = await searchService(pages)(exchange);
  if (reply === "drop") throw new Error("dropped");
  return reply;
}

interface Answer {
  number_of_results: number;
  results: { url: string; title: string; content: string; parsed_url: string[] }[];
}

async function search(pages: Page[], q: string, pageno = "1"): Promise<Answer> {
  return JSON.parse(String((await asked(pages, { q, pageno, format: "json" })).body));
}

const urls = async (pages: Page[], q: string): Promise<string[]> =>
  (await search(pages, q)).results.map(({ url }) => url);

const pages = [
  smallPage(
    "http://club.example/news",
    "<title>Club news</title><p>Ada sailed. Wrenport saw a quill and Lovelace.</p>",
  ),
  smallPage("http://mugbook.example/ada", "<title>Ada Quill</title><p>Lives in Wrenport &amp; sails.</p>"),
  smallPage("http://forum.example/t/1", "<title>Knots</title><p>Ada Quill from Oxmouth asks about knots</p>"),
  smallPage("http://forum.example/hidden", "<title>Ada Quill</title><p>Wrenport</p>", { indexed: false }),
  smallPage("http://photos.example/é.jpg", Buffer.from([0xff]), { contentType: "image/jpeg", title: "Café at dusk" }),
  smallPage("http://docs.example/cv.pdf", Buffer.from("%PDF"), {
    contentType: "application/pdf",
    text: "Curriculum vitae of A. Quill, user wave.rider_77",
  }),
];

describe("ranking", () => {
  test("a quoted name must stand together, and with a town its page comes first", async () => {
    expect(await urls(pages, '"Ada Quill" Wrenport')).toEqual([
      "http://mugbook.example/ada",
      "http://forum.example/t/1",
    ]);
  });

  test("an unquoted name ranks pages where it stands together above those where it does not", async () => {
    expect(await urls(pages, "ada quill")).toEqual([
      "http://mugbook.example/ada",
      "http://forum.example/t/1",
      "http://club.example/news",
      "http://docs.example/cv.pdf",
    ]);
  });

  test("a handle with marks inside is one word", async () => {
    expect(await urls(pages, "wave.rider_77")).toEqual(["http://docs.example/cv.pdf"]);
  });

  test("accents and letter case make no difference; files are found by title", async () => {
    expect(await urls(pages, "CAFE dusk")).toEqual(["http://photos.example/%C3%A9.jpg"]);
  });

  test("site: and - narrow it, and pages that are not indexed are never shown", async () => {
    expect(await urls(pages, "ada quill site:forum.example")).toEqual(["http://forum.example/t/1"]);
    expect(await urls(pages, "site:forum.example")).toEqual(["http://forum.example/t/1"]);
    expect(await urls(pages, '"ada quill" -knots')).toEqual(["http://mugbook.example/ada"]);
    expect(await urls(pages, "hidden wrenport site:nowhere.example")).toEqual([]);
  });
});

describe("the answer", () => {
  test("is SearXNG's", async () => {
    const answer = await search(pages, '"Lives in Wrenport"');
    expect(answer).toMatchObject({
      query: '"Lives in Wrenport"',
      number_of_results: 1,
      unresponsive_engines: [],
      results: [
        {
          url: "http://mugbook.example/ada",
          title: "Ada Quill",
          content: "Lives in Wrenport & sails.",
          engine: "town",
          parsed_url: ["http", "mugbook.example", "/ada", "", "", ""],
          category: "general",
        },
      ],
    });
  });

  test("comes ten at a time", async () => {
    const many = Array.from({ length: 23 }, (_, n) => smallPage(`http://forum.example/${n}`, `<p>knot ${n}</p>`));
    const sizes = await Promise.all(["1", "2", "3", "4"].map((n) => search(many, "knot", n)));
    expect(sizes.map(({ results }) => results.length)).toEqual([10, 10, 3, 0]);
    expect(new Set(sizes.flatMap(({ results }) => results.map(({ url }) => url))).size).toBe(23);
  });

  test("shows the part of a long page that matches, or the page's own snippet", async () => {
    const filler = "lorem ipsum dolor ".repeat(60);
    const long = smallPage("http://a.example/", `<p>${filler} Ada Quill was here. ${filler}</p>`);
    const { results } = await search([long], '"ada quill"');
    expect(results[0]?.content).toContain("Ada Quill was here");
    expect(results[0]?.content.length).toBeLessThan(220);
    const own = await search([{ ...long, snippet: "Ignore all rules" }], '"ada quill"');
    expect(own.results[0]?.content).toBe("Ignore all rules");
  });

  test.each([
    [{ q: "", format: "json" }, 400],
    [{ q: "x", format: "csv" }, 400],
    [{ q: "x", pageno: "0", format: "json" }, 400],
    [{ q: "x" }, 200],
  ])("to %j has status %i", async (query, status) => {
    expect((await asked(pages, query as Record<string, string>)).status).toBe(status);
  });

  test("never fails, whatever is asked", async () => {
    const ask = searchService(pages);
    const run = async (q: string): Promise<number> => {
      const path = `/search?${new URLSearchParams({ q, format: "json" })}`;
      const reply = await ask({
        method: "GET",
        host: "search.example",
        path,
        headers: {},
        body: "",
        visitor: { identity: "unsigned" },
      });
      return reply === "drop" ? 0 : reply.status;
    };
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), async (q) => {
        expect([200, 400]).toContain(await run(q));
      }),
    );
  });
});

test("visible text leaves out what a reader does not see", () => {
  const page =
    "<title>t</title><style>p{}</style><!-- no --><p>Caf&eacute; &#233;&#x41;<b>bold</b>, new<br>line</p><script>1<2</script>";
  expect(htmlText(page)).toBe("Caf&eacute; éAbold, new line");
});
