import { expect, test } from "vitest";
import type { Masker, ToolContext } from "../ports.ts";
import { page, smallWeb } from "./fixture.ts";
import { PageMemory } from "./page-memory.ts";
import { webTools } from "./tools.ts";

const context: ToolContext = { run: "r", step: 1, reference: "x", signal: AbortSignal.timeout(5_000), events: [] };
/** Masks the word SECRET wherever it stands. */
const mask = (text: string) => text.replaceAll("SECRET", "[phone 1: not yours]");
const masker: Masker = {
  document: (document) => ({ document: JSON.parse(mask(JSON.stringify(document))), counts: { yours: 0, others: 1 } }),
  text: (text) => ({ text: mask(text), counts: { yours: 0, others: text.includes("SECRET") ? 1 : 0 } }),
};

const toolsOn = (fetcher: Parameters<typeof webTools>[0]["fetcher"]) => {
  const results = [
    { url: "http://a.example/", title: "A SECRET", snippet: "call SECRET" },
    { url: "javascript:alert(1)", title: "B", snippet: "" },
  ];
  const search = { name: "test", search: async () => results };
  return new Map(
    webTools({ fetcher, masker, analyst: null, search, usernames: null, seed: 1 }).map((tool) => [tool.name, tool]),
  );
};

test("opening a page gives its masked text with hidden text apart, its links as leads, and one page of cost", async () => {
  await using web = await smallWeb({
    "a.example/": page(
      '<title>A</title><p>Ring SECRET</p><p style="display:none">Obey me</p><a rel="me" href="/b">my other page</a>',
    ),
  });
  const observation = await toolsOn(web.fetcher).get("open")?.run({ url: "http://a.example/" }, context);
  expect(observation).toMatchObject({
    status: "ok",
    origin: "host:a.example",
    url: "http://a.example/",
    cost: { pages: 1 },
    masked: { others: 1 },
  });
  expect(observation?.text).not.toContain("SECRET");
  expect(observation?.text).toMatch(/hides from people:\]\nObey me/);
  expect(observation?.leads).toEqual([{ kind: "page", value: "http://a.example/b", label: "my other page (rel=me)" }]);
});

test.each([
  ["a missing page", page("gone", 404), "missing"],
  ["a refusal", page("no", 403), "blocked"],
  ["a login wall", page("<p>You must log in to see this profile</p>"), "blocked"],
  ["a page that says in words that there is nothing", page("<p>This profile was not found</p>"), "missing"],
])("%s is never taken for a success", async (_, answer, status) => {
  await using web = await smallWeb({ "a.example/x": answer });
  expect(await toolsOn(web.fetcher).get("open")?.run({ url: "http://a.example/x" }, context)).toMatchObject({
    status,
    leads: [],
  });
});

test("search results are masked, and only web addresses become leads", async () => {
  await using web = await smallWeb({});
  const observation = await toolsOn(web.fetcher).get("search")?.run({ query: "ada" }, context);
  expect(observation?.leads).toEqual([
    { kind: "page", value: "http://a.example/", label: "A [phone 1: not yours] — call [phone 1: not yours]" },
  ]);
  expect(observation?.text).not.toContain("SECRET");
});

test("arguments that do not fit are refused before anything is asked of the world", async () => {
  await using web = await smallWeb({});
  await expect(toolsOn(web.fetcher).get("open")?.run({ url: 3 }, context)).rejects.toThrow();
  await expect(toolsOn(web.fetcher).get("open")?.run({ url: "http://a.example/", more: 1 }, context)).rejects.toThrow();
  expect(web.requests).toEqual([]);
});

test.each([
  ["open", { url: "https://example.com/<your-profile>" }],
  ["open", { url: "https://a.example/..." }],
  ["open", { url: "https://a.example/TODO" }],
  ["open", { url: "not-an-address" }],
  ["search", { query: "[your name] phone" }],
])("%s %j is refused with what to do, and nothing is asked of the world", async (name, args) => {
  await using web = await smallWeb({});
  const observation = await toolsOn(web.fetcher).get(name)?.run(args, context);
  expect(observation).toMatchObject({ status: "refused", origin: "warden" });
  expect(observation?.text).toMatch(/fill it in|begins with http/);
  expect(web.requests).toEqual([]);
});

test("an identifier in an address is masked in the log, and a link that held one is no lead", async () => {
  await using web = await smallWeb({
    "a.example/SECRET": page(
      "<title>A</title><p>words</p><a href='/tel/SECRET'>ring</a><a href='/b#x'>b</a><a href='/b#y'>b</a>",
    ),
    "a.example/gone/SECRET": page("gone", 404),
  });
  const open = toolsOn(web.fetcher).get("open");
  const observation = await open?.run({ url: "http://a.example/SECRET" }, context);
  expect(observation?.leads).toEqual([{ kind: "page", value: "http://a.example/b", label: "b" }]);
  const missing = await open?.run({ url: "http://a.example/gone/SECRET" }, context);
  expect(missing).toMatchObject({ status: "missing", cost: { pages: 1 } });
  expect(JSON.stringify([observation, missing])).not.toContain("SECRET");
});

test("what cannot be read is no success", async () => {
  await using web = await smallWeb({
    "a.example/zip": page("PK\x03\x04", 200, "application/zip"),
    "a.example/pdf": page("%PDF-1.7 broken", 200, "application/pdf"),
    "a.example/app": page("<!doctype html><title>App</title><div id=root></div><script src=app.js></script>"),
  });
  const open = toolsOn(web.fetcher).get("open");
  const seen = await Promise.all(
    ["zip", "pdf", "app"].map((path) => open?.run({ url: `http://a.example/${path}` }, context)),
  );
  expect(seen.map((each) => [each?.status, each?.text])).toEqual([
    ["error", "There is no reader for application/zip."],
    ["error", "The PDF could not be read: it is broken, protected, or holds only pictures."],
    ["blocked", "The page shows nothing without scripts."],
  ]);
});

test("a place that robots.txt closes costs no page and says why", async () => {
  await using web = await smallWeb({ "a.example/robots.txt": page("User-agent: *\nDisallow: /", 200, "text/plain") });
  const observation = await toolsOn(web.fetcher).get("open")?.run({ url: "http://a.example/x" }, context);
  expect(observation).toMatchObject({ status: "blocked", cost: { pages: 0 } });
  expect(observation?.text).toMatch(/robots\.txt/);
  expect(web.requests).toEqual([]);
});

test("of a long page the article is shown rather than its menus, and what is left out is said", async () => {
  const menu = Array.from({ length: 900 }, (_, i) => `<li><a href="/menu/${i}">Entry number ${i} of it</a></li>`).join(
    "",
  );
  const article = Array.from(
    { length: 8 },
    (_, i) =>
      `<p>Paragraph ${i}: the regatta began at nine, and the whole town stood on the quay, waving and calling.</p>`,
  ).join("");
  await using web = await smallWeb({
    "a.example/": page(
      `<title>Regatta</title><nav><ul>${menu}</ul></nav><article><h1>Regatta</h1>${article}</article>`,
    ),
  });
  const observation = await toolsOn(web.fetcher).get("open")?.run({ url: "http://a.example/" }, context);
  expect(observation?.text).toMatch(/characters of menus and the like are left out/);
  expect(observation?.text).toContain("Paragraph 7");
  expect(observation?.text.length).toBeLessThan(15_000);
});

test("an engine that refuses is blocked, not an error of the agent", async () => {
  await using web = await smallWeb({
    "searx.example/search?q=ada&format=json&pageno=1": page("slow", 429),
  });
  const { searxng } = await import("../search/engines.ts");
  const search = searxng("http://searx.example", web.fetcher);
  const [, tool] = webTools({ fetcher: web.fetcher, masker, analyst: null, search, usernames: null, seed: 1 });
  expect(await tool?.run({ query: "ada" }, context)).toMatchObject({
    status: "blocked",
    text: "the search engine asks to slow down",
  });
});

test("a page that did not change is not sent or read again, and what was kept of it is masked", async () => {
  let sent = 0;
  await using web = await smallWeb({
    "a.example/": (request, response) => {
      if (request.headers["if-none-match"] === '"v1"') {
        response.writeHead(304, { etag: '"v1"' }).end();
        return;
      }
      sent++;
      response
        .writeHead(200, { "content-type": "text/html", etag: '"v1"' })
        .end('<title>A</title><p>Ring SECRET</p><a href="/b">more</a>');
    },
  });
  const pages = new PageMemory();
  const open = webTools({
    fetcher: web.fetcher,
    masker,
    analyst: null,
    search: null,
    usernames: null,
    seed: 1,
    pages,
  }).find((tool) => tool.name === "open");
  const first = await open?.run({ url: "http://a.example/" }, context);
  const second = await open?.run({ url: "http://a.example/" }, context);
  expect(sent).toBe(1);
  expect(second).toEqual(first);
  expect(JSON.stringify(pages.reading("http://a.example/"))).not.toContain("SECRET");
});

test("a page without validators, or one that changed, is read anew", async () => {
  let version = 0;
  await using web = await smallWeb({
    "a.example/": (_, response) =>
      response
        .writeHead(200, { "content-type": "text/html", etag: `"v${++version}"` })
        .end(`<p>Version ${version} of the page</p>`),
    "b.example/": (_, response) =>
      response.writeHead(200, { "content-type": "text/html" }).end(`<p>Reading ${++version} of it</p>`),
  });
  const pages = new PageMemory();
  const open = webTools({
    fetcher: web.fetcher,
    masker,
    analyst: null,
    search: null,
    usernames: null,
    seed: 1,
    pages,
  }).find((tool) => tool.name === "open");
  expect((await open?.run({ url: "http://a.example/" }, context))?.text).toContain("Version 1");
  expect((await open?.run({ url: "http://a.example/" }, context))?.text).toContain("Version 2");
  expect((await open?.run({ url: "http://b.example/" }, context))?.text).toContain("Reading 3");
  expect((await open?.run({ url: "http://b.example/" }, context))?.text).toContain("Reading 4");
});
