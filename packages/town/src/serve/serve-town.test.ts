import { appendFileSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { Town } from "../town.ts";
import { ask } from "./ask.ts";
import { readRequestLog } from "./request-log.ts";
import { type ServeOptions, serveTown, type TownServer } from "./serve-town.ts";
import { smallHost, smallPage, smallTown } from "./small-town.ts";

const open: TownServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

const folder = (): string => mkdtempSync(join(tmpdir(), "candor-town-"));

async function serve(town: Partial<Town> = {}, options: Partial<ServeOptions> = {}): Promise<TownServer> {
  const server = await serveTown(smallTown(town), { inbox: join(folder(), "inbox.jsonl"), ...options });
  open.push(server);
  return server;
}

const hosts = [smallHost("mugbook.example"), smallHost("forum.example")];

describe("addresses", () => {
  test("tells hosts apart by the Host header, whatever its port and letter case", async () => {
    const { port } = await serve({
      hosts,
      pages: [smallPage("http://mugbook.example/", "mug"), smallPage("http://forum.example/", "forum")],
    });
    expect((await ask(port, "http://mugbook.example/")).body).toBe("mug");
    expect((await ask(port, "http://forum.example/", { headers: { host: "FORUM.example:8080" } })).body).toBe("forum");
  });

  test("answers as an HTTP proxy", async () => {
    const { port } = await serve();
    const { status, body } = await ask(port, "http://mugbook.example/ada", { proxy: true });
    expect([status, body]).toEqual([200, "<title>Ada Quill</title><p>Ada Quill of Wrenport</p>"]);
  });

  test("knows a path in any percent-encoding, and its query", async () => {
    const { port } = await serve({
      pages: [smallPage("http://mugbook.example/café?page=2", "two"), smallPage("http://mugbook.example/café", "one")],
    });
    expect((await ask(port, "http://mugbook.example/caf%c3%a9")).body).toBe("one");
    expect((await ask(port, "http://mugbook.example/caf%C3%A9?page=2")).body).toBe("two");
  });

  test("answers 502 for a host that is not in the town", async () => {
    const { port } = await serve();
    expect((await ask(port, "http://nowhere.example/")).status).toBe(502);
  });
});

describe("hosts", () => {
  test("serve robots.txt, and 404 where they have none", async () => {
    const robots = "User-agent: *\nDisallow: /private\n";
    const { port } = await serve({ hosts: [smallHost("mugbook.example", { robots }), smallHost("forum.example")] });
    expect((await ask(port, "http://mugbook.example/robots.txt")).body).toBe(robots);
    expect((await ask(port, "http://forum.example/robots.txt")).status).toBe(404);
  });

  test("say 200 and mean 404 where that is their habit", async () => {
    const notFound = { status: 200, body: "Join mugbook today", contentType: "text/html" };
    const { port } = await serve({ hosts: [smallHost("mugbook.example", { notFound })] });
    const { status, body } = await ask(port, "http://mugbook.example/nobody");
    expect([status, body]).toEqual([200, "Join mugbook today"]);
  });

  test("ration requests by 429 with Retry-After, but never robots.txt", async () => {
    const { port } = await serve({ hosts: [smallHost("mugbook.example", { rate: 0.01, robots: "" })] });
    expect((await ask(port, "http://mugbook.example/ada")).status).toBe(200);
    const second = await ask(port, "http://mugbook.example/ada");
    expect(second.status).toBe(429);
    expect(Number(second.headers["retry-after"])).toBeGreaterThan(0);
    expect((await ask(port, "http://mugbook.example/robots.txt")).status).toBe(200);
  });

  test("answer paths without end", async () => {
    const dynamic = (path: string) =>
      path.startsWith("/calendar/") ? smallPage(`http://mugbook.example${path}`, `month ${path}`) : undefined;
    const { port } = await serve({ hosts: [smallHost("mugbook.example", { dynamic })] });
    expect((await ask(port, "http://mugbook.example/calendar/2031-07")).body).toBe("month /calendar/2031-07");
    expect((await ask(port, "http://mugbook.example/other")).status).toBe(404);
  });
});

describe("pages", () => {
  test("are not sent again when the reader has them", async () => {
    const { port } = await serve();
    const first = await ask(port, "http://mugbook.example/ada");
    const etag = String(first.headers.etag);
    const again = await ask(port, "http://mugbook.example/ada", { headers: { "if-none-match": `"x", W/${etag}` } });
    expect([again.status, again.body, again.headers.etag]).toEqual([304, "", etag]);
    const since = String(first.headers["last-modified"]);
    expect((await ask(port, "http://mugbook.example/ada", { headers: { "if-modified-since": since } })).status).toBe(
      304,
    );
    expect((await ask(port, "http://mugbook.example/ada", { headers: { "if-none-match": '"x"' } })).status).toBe(200);
  });

  test("answer HEAD with the length and no body, and refuse other methods", async () => {
    const { port } = await serve();
    const head = await ask(port, "http://mugbook.example/ada", { method: "HEAD" });
    expect([head.status, head.body, head.headers["content-length"]]).toEqual([200, "", "52"]);
    expect((await ask(port, "http://mugbook.example/ada", { method: "POST", body: "x=1" })).status).toBe(405);
  });

  test("carry their own status, type, headers and bytes", async () => {
    const page = smallPage("http://mugbook.example/a.jpg", Buffer.from("jpeg"), {
      status: 403,
      contentType: "image/jpeg",
      headers: { "X-Robots-Tag": "noindex" },
    });
    const { port } = await serve({ pages: [page] });
    const { status, headers, body } = await ask(port, "http://mugbook.example/a.jpg");
    expect([status, headers["content-type"], headers["x-robots-tag"], body]).toEqual([
      403,
      "image/jpeg",
      "noindex",
      "jpeg",
    ]);
  });

  test("redirect, are busy at first, or slow", async () => {
    const { port } = await serve({
      pages: [
        smallPage("http://mugbook.example/old", "", { behaviour: { kind: "redirect", to: "/ada", status: 301 } }),
        smallPage("http://mugbook.example/busy", "in", { behaviour: { kind: "busy", times: 2, retryAfter: 7 } }),
        smallPage("http://mugbook.example/slow", "late", { behaviour: { kind: "slow", ms: 5 } }),
      ],
    });
    const moved = await ask(port, "http://mugbook.example/old");
    expect([moved.status, moved.headers.location]).toEqual([301, "/ada"]);
    const busy = [1, 2, 3].map(() => ask(port, "http://mugbook.example/busy"));
    const answers = await Promise.all(busy);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 429, 429]);
    expect(answers.find(({ status }) => status === 429)?.headers["retry-after"]).toBe("7");
    expect((await ask(port, "http://mugbook.example/slow")).body).toBe("late");
  });

  test("break off, stop half way, never end, or fail", async () => {
    const broken = (how: "reset" | "truncated" | "endless" | "500") =>
      smallPage(`http://mugbook.example/${how}`, "half of it is here", { behaviour: { kind: "broken", how } });
    const { port, requests } = await serve({
      pages: [broken("reset"), broken("truncated"), broken("endless"), broken("500")],
    });
    await expect(ask(port, "http://mugbook.example/reset")).rejects.toThrow(/hang up|ECONNRESET/);
    await expect(ask(port, "http://mugbook.example/truncated")).rejects.toThrow("aborted");
    const endless = await ask(port, "http://mugbook.example/endless", { limit: 6_000_000 });
    expect(endless.body.length).toBeGreaterThan(6_000_000);
    expect((await ask(port, "http://mugbook.example/500")).status).toBe(500);
    expect(requests().map(({ status }) => status)).toEqual([0, 200, 200, 500]);
  });

  test("that are hostile are left out of a peaceful town", async () => {
    const pages = [smallPage("http://mugbook.example/evil", "Obey", { hostile: true })];
    const { port } = await serve({ pages }, { peaceful: true });
    expect((await ask(port, "http://mugbook.example/evil")).status).toBe(404);
  });
});

describe("the record of requests", () => {
  test("says who asked for what and when, in memory and on disk", async () => {
    const requestLog = join(folder(), "requests.jsonl");
    const server = await serve({}, { requestLog });
    await ask(server.port, "http://mugbook.example/ada?x=1", { headers: { "user-agent": "Candor/0.1" } });
    await ask(server.port, `http://127.0.0.1:${server.port}/`);
    const [request, ...others] = server.requests();
    expect(request).toMatchObject({ host: "mugbook.example", path: "/ada?x=1", userAgent: "Candor/0.1", status: 404 });
    expect(others).toEqual([]);
    expect(readRequestLog(requestLog)).toEqual([request]);
  });
});

describe("the view for people", () => {
  test("lists the hosts and shows their pages with links that stay inside", async () => {
    const { port } = await serve({
      hosts,
      pages: [
        smallPage(
          "http://mugbook.example/ada",
          '<a href="http://forum.example/u/ada?a=1&amp;b=2">forum</a> <img alt="x" src=\'/ada.jpg\'> <a href=next>n</a> <a href="https://elsewhere.org/">out</a>',
        ),
      ],
    });
    const base = `http://127.0.0.1:${port}`;
    expect((await ask(port, `${base}/`)).body).toContain('href="/hosts/forum.example"');
    expect((await ask(port, `${base}/hosts/mugbook.example`)).body).toContain('href="/~/mugbook.example/ada"');
    const page = await ask(port, `${base}/~/mugbook.example/ada`);
    expect(page.body).toBe(
      '<a href="/~/forum.example/u/ada?a=1&amp;b=2">forum</a> <img alt="x" src="/~/mugbook.example/ada.jpg"> <a href="next">n</a> <a href="https://elsewhere.org/">out</a>',
    );
    expect(page.headers["content-security-policy"]).toContain("sandbox");
    expect((await ask(port, `${base}/~/search.example/search?q=ada`)).body).toContain("/~/mugbook.example/ada");
    expect((await ask(port, `${base}/~/nowhere.example/`)).status).toBe(404);
  });

  test("shows the inbox with nothing in it left unescaped", async () => {
    const inbox = join(folder(), "inbox.jsonl");
    const message = { sid: "SM1", at: 0, account: "AC1", from: "+1", to: "+2", body: "<script>alert(1)</script>" };
    appendFileSync(inbox, `${JSON.stringify(message)}\n`);
    const { port } = await serve({}, { inbox });
    const { body } = await ask(port, `http://127.0.0.1:${port}/inbox`);
    expect(body).toContain("&#60;script&#62;alert(1)");
  });
});

describe("bad input", () => {
  test("a port that is taken, or none, is one clear line", async () => {
    const { port } = await serve();
    await expect(serve({}, { port })).rejects.toThrow(`Port ${port} is taken by another program`);
    await expect(serve({}, { port: 70_000 })).rejects.toThrow("70000 is not a port");
  });

  test("an inbox cut short by a crash loses only its torn line; another file is refused", async () => {
    const inbox = join(folder(), "inbox.jsonl");
    const message = { sid: "SM1", at: 0, account: "AC1", from: "+1", to: "+2", body: "hello" };
    appendFileSync(inbox, `${JSON.stringify(message)}\n{"sid":"SM2","at`);
    const server = await serve({}, { inbox });
    expect(server.messages()).toEqual([{ ...message, disclosed: false }]);
    expect(readFileSync(inbox, "utf8")).toBe(`${JSON.stringify(message)}\n`);
    const other = join(folder(), "notes.txt");
    appendFileSync(other, "dear diary\n");
    await expect(serve({}, { inbox: other })).rejects.toThrow("notes.txt line 1 is not a message");
  });
});
