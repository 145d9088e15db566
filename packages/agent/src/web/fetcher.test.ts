import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Network } from "../ports.ts";
import type { CacheEntry, Fetcher } from "./fetched.ts";
import { createFetcher } from "./fetcher.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

let routes: Record<string, Handler | string> = {};
let asked: { host: string; path: string; headers: IncomingMessage["headers"]; at: number }[] = [];
const sockets = new Set<Socket>();
const server = createServer((request, response) => {
  const host = (request.headers.host ?? "").replace(/:\d+$/, "");
  asked.push({ host, path: request.url ?? "", headers: request.headers, at: performance.now() });
  const route = routes[`${host}${request.url}`] ?? routes[request.url ?? ""];
  if (route === undefined) response.writeHead(404).end("nothing");
  else if (typeof route === "string") response.writeHead(200, { "content-type": "text/html" }).end(route);
  else route(request, response);
});
server.on("connection", (socket) => {
  sockets.add(socket);
  socket.on("close", () => sockets.delete(socket));
});

let port = 0;
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
});

const network = (more: Partial<Network> = {}): Network => ({
  resolve: async (host) => (host.endsWith(".example") ? ["127.0.0.1"] : []),
  loopbackPort: port,
  userAgent: "Candor/0.1 (test)",
  politenessMs: 0,
  timeoutMs: 400,
  maxBytes: 100_000,
  ...more,
});

let fetcher: Fetcher;
const open: Fetcher[] = [];
const made = (more: Partial<Network> = {}): Fetcher => {
  const each = createFetcher(network(more));
  open.push(each);
  return each;
};
beforeEach(() => {
  routes = {};
  asked = [];
  fetcher = made();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});
const pages = () => asked.filter(({ path }) => path !== "/robots.txt");
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();
const redirect =
  (location: string, status = 302): Handler =>
  (_, response) => {
    response.writeHead(status, { location }).end();
  };

describe("which addresses are reached", () => {
  test("a name that resolves to the one loopback endpoint is reached whatever port its URL names", async () => {
    routes["/"] = "hello";
    for (const url of ["http://a.example/", "http://a.example:8080/"]) {
      const fetched = await fetcher.fetch(url);
      expect(fetched).toMatchObject({ status: "ok", httpStatus: 200, url });
      expect(text(fetched.bytes)).toBe("hello");
    }
    expect(pages().map(({ headers }) => headers.host)).toEqual(["a.example", "a.example:8080"]);
  });

  test("without a loopback endpoint a name that resolves to this machine is refused", async () => {
    const { loopbackPort: _, ...rest } = network();
    const closed = createFetcher(rest);
    const fetched = await closed.fetch(`http://a.example:${port}/`);
    expect(fetched).toMatchObject({ status: "error", httpStatus: null });
    expect(fetched.reason).toMatch(/refused \(loopback\)/);
    expect(asked).toEqual([]);
    await closed.close();
  });

  test.each([
    "http://127.0.0.1/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0177.0.0.1/",
    "http://0x7f.1/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://0.0.0.0/",
    "http://169.254.169.254/latest/meta-data/",
    "http://10.0.0.1/",
    "http://[fe80::1]/",
    "http://[fd00::1]/",
    "http://255.255.255.255/",
    "http://100.64.0.1/",
  ])("%s is refused, and so is a redirect to it", async (url) => {
    const withPort = url.replace(/^(http:\/\/(?:\[[^\]]*\]|[^/:]*))\//, `$1:${port}/`);
    for (const each of [url, withPort]) {
      const direct = await fetcher.fetch(each);
      expect(direct, each).toMatchObject({ status: "error", httpStatus: null });
      expect(direct.reason).toMatch(/refused/);
    }
    expect(asked).toEqual([]);
    routes["/go"] = redirect(withPort);
    const sent = await fetcher.fetch("http://a.example/go");
    expect(sent).toMatchObject({ status: "error" });
    expect(sent.reason).toMatch(/refused/);
    expect(pages().map(({ path }) => path)).toEqual(["/go"]);
  });

  test("one bad address among good ones condemns the name", async () => {
    const mixed = made({ resolve: async () => ["127.0.0.1", "192.168.0.1"] });
    expect((await mixed.fetch("http://a.example/")).reason).toMatch(/refused \(private\)/);
    expect(asked).toEqual([]);
  });

  test("only 127.0.0.1 is the loopback endpoint", async () => {
    for (const address of ["127.0.0.2", "::1", "::ffff:127.0.0.1"]) {
      const other = made({ resolve: async () => [address] });
      expect((await other.fetch("http://a.example/")).reason, address).toMatch(/refused/);
    }
    expect(asked).toEqual([]);
  });

  test("a name is resolved once for a connection, so a second answer cannot move it", async () => {
    routes["/"] = "hello";
    let resolved = 0;
    const answers = [["127.0.0.1"], ["10.0.0.1"]];
    const rebinding = made({ resolve: async () => answers[resolved++] ?? ["10.0.0.1"] });
    expect(await rebinding.fetch("http://a.example/", { service: {} })).toMatchObject({ status: "ok" });
    expect(resolved).toBe(1);
    // Where a new connection needs a new resolution, its answer is checked anew.
    await Promise.all([...sockets].map((socket) => new Promise((done) => socket.once("close", done).destroy())));
    const again = await rebinding.fetch("http://a.example/", { service: {} });
    expect(again.reason).toMatch(/refused \(private\)/);
  });

  test("a redirect to another name is resolved and checked like the first", async () => {
    routes["a.example/"] = redirect("http://inside.example/");
    const split = made({ resolve: async (host) => (host === "a.example" ? ["127.0.0.1"] : ["172.16.0.1"]) });
    expect((await split.fetch("http://a.example/")).reason).toMatch(/inside\.example.*refused \(private\)/);
  });

  test.each([
    ["ftp://a.example/", /Only http and https/],
    ["file:///etc/passwd", /Only http and https/],
    ["javascript:alert(1)", /Only http and https/],
    ["http://user:secret@a.example/", /user name or password/],
    ["http://a.example:22/", /not a web port/],
    ["nonsense", /absolute URL/],
    [`http://a.example/${"x".repeat(5000)}`, /longer than/],
  ])("%s is refused before anything is asked", async (url, reason) => {
    expect((await fetcher.fetch(url)).reason).toMatch(reason);
    expect(asked).toEqual([]);
    routes["/go"] = redirect(url);
    if (/^[a-z]+:/.test(url)) expect((await fetcher.fetch("http://a.example/go")).reason).toMatch(reason);
  });

  test("a name that nobody has is told plainly", async () => {
    expect(await fetcher.fetch("http://nobody.invalid/")).toMatchObject({
      status: "error",
      reason: "There is no host nobody.invalid.",
    });
  });
});

describe("what a request tells of the operator", () => {
  test("nothing: no cookie, no referrer, one user agent", async () => {
    routes["/"] = (_, response) => response.writeHead(302, { location: "/b", "set-cookie": "id=7" }).end();
    routes["/b"] = "hello";
    await fetcher.fetch("http://a.example/");
    for (const { headers } of asked) {
      expect(Object.keys(headers).sort()).toEqual([
        "accept",
        "accept-encoding",
        "accept-language",
        "connection",
        "host",
        "user-agent",
      ]);
      expect(headers["user-agent"]).toBe("Candor/0.1 (test)");
    }
  });
});

describe("redirects", () => {
  test("are followed and told", async () => {
    routes["/1"] = redirect("/2#part", 301);
    routes["/2"] = redirect("http://b.example/3", 307);
    routes["b.example/3"] = "there";
    const fetched = await fetcher.fetch("http://a.example/1#x");
    expect(fetched).toMatchObject({
      status: "ok",
      url: "http://b.example/3",
      redirects: ["http://a.example/1", "http://a.example/2"],
      requests: 3,
    });
  });

  test("a circle and a chain without end are errors", async () => {
    routes["/a"] = redirect("/b");
    routes["/b"] = redirect("/a");
    expect(await fetcher.fetch("http://a.example/a")).toMatchObject({
      status: "error",
      reason: "The redirects lead in a circle.",
    });
    for (let i = 0; i < 20; i++) routes[`/n${i}`] = redirect(`/n${i + 1}`);
    expect((await fetcher.fetch("http://a.example/n0")).reason).toBe("More than 8 redirects.");
    expect(pages().length).toBeLessThan(14);
  });

  test("to a sign-in form means that the page is blocked", async () => {
    routes["/private"] = redirect("/login?next=/private");
    routes["/login?next=/private"] = "Log in";
    expect(await fetcher.fetch("http://a.example/private")).toMatchObject({ status: "blocked" });
  });

  test("are handed back where the caller asks for that", async () => {
    routes["/1"] = redirect("/2");
    const fetched = await fetcher.fetch("http://a.example/1", { redirect: "manual" });
    expect(fetched).toMatchObject({ httpStatus: 302, location: "http://a.example/2", redirects: [] });
  });

  test("a service is not followed, so that its key reaches nobody else", async () => {
    routes["/api"] = redirect("http://b.example/steal");
    const fetched = await fetcher.fetch("http://a.example/api", {
      service: { headers: { authorization: "Bearer k" } },
    });
    expect(fetched.httpStatus).toBe(302);
    expect(asked.map(({ host }) => host)).toEqual(["a.example"]);
  });
});

describe("verdicts", () => {
  test.each([
    [200, "ok"],
    [204, "ok"],
    [400, "error"],
    [401, "blocked"],
    [403, "blocked"],
    [404, "missing"],
    [410, "missing"],
    [429, "blocked"],
    [451, "blocked"],
    [500, "blocked"],
    [503, "blocked"],
    [999, "blocked"],
  ])("HTTP %i is %s", async (code, status) => {
    routes["/x"] = (_, response) => response.writeHead(code).end(code === 204 ? undefined : "body");
    const fetched = await fetcher.fetch("http://a.example/x");
    expect(fetched).toMatchObject({ status, httpStatus: code });
    if (status !== "ok") expect(fetched.reason).toContain(String(code));
  });

  test("a connection that is refused or reset is an error", async () => {
    routes["/reset"] = (request) => request.socket.resetAndDestroy();
    expect(await fetcher.fetch("http://a.example/reset")).toMatchObject({ status: "error" });
    const dead = made({ loopbackPort: 1 });
    expect((await dead.fetch("http://a.example/", { service: {} })).reason).toMatch(/refused/);
  });
});

describe("bodies", () => {
  const page = "<p>what a person reads</p>".repeat(50);

  test.each([
    ["gzip", gzipSync(page)],
    ["x-gzip", gzipSync(page)],
    ["deflate", deflateSync(page)],
    ["deflate", deflateRawSync(page)],
    ["br", brotliCompressSync(page)],
    ["identity", Buffer.from(page)],
    ["deflate, gzip", gzipSync(deflateSync(page))],
  ])("%s is decoded", async (coding, bytes) => {
    routes["/"] = (_, response) => response.writeHead(200, { "content-encoding": coding }).end(bytes);
    const fetched = await fetcher.fetch("http://a.example/");
    expect(fetched).toMatchObject({ status: "ok", complete: true });
    expect(text(fetched.bytes)).toBe(page);
  });

  test.each([
    ["gzip", gzipSync],
    ["deflate", deflateSync],
    ["br", brotliCompressSync],
  ] as const)("a %s bomb is cut at the limit", async (coding, compress) => {
    const bomb = compress(Buffer.alloc(30_000_000));
    routes["/"] = (_, response) => response.writeHead(200, { "content-encoding": coding }).end(bomb);
    const fetched = await fetcher.fetch("http://a.example/");
    expect(fetched).toMatchObject({ status: "ok", complete: false });
    expect(fetched.bytes.length).toBe(100_000);
    expect(fetched.notes.join()).toMatch(/cut after 100000 bytes/);
  });

  test("a wrong or unknown coding is an error", async () => {
    routes["/wrong"] = (_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end("plain");
    routes["/unknown"] = (_, response) => response.writeHead(200, { "content-encoding": "zip7" }).end("plain");
    for (const path of ["wrong", "unknown"]) {
      expect((await fetcher.fetch(`http://a.example/${path}`)).reason).toMatch(/coding/);
    }
  });

  test("an endless body is cut at the limit and its connection ended", async () => {
    let ended = false;
    routes["/"] = (_, response) => {
      const more = setInterval(() => response.write("x".repeat(50_000)), 1);
      response.on("close", () => {
        ended = true;
        clearInterval(more);
      });
    };
    const fetched = await fetcher.fetch("http://a.example/");
    expect(fetched).toMatchObject({ status: "ok", complete: false });
    expect(fetched.bytes.length).toBe(100_000);
    await expect.poll(() => ended).toBe(true);
  });

  test("a body that trickles for ever is given up", async () => {
    routes["/"] = (_, response) => {
      const more = setInterval(() => response.write("x"), 20);
      response.on("close", () => clearInterval(more));
    };
    const fetched = await fetcher.fetch("http://a.example/");
    expect(fetched).toMatchObject({ status: "error", complete: false });
  });

  test("a body that breaks off is not taken for a whole one", async () => {
    routes["/"] = (request, response) => {
      response.writeHead(200, { "content-length": "1000" });
      response.write("half", () => request.socket.destroy());
    };
    routes["/zip"] = (_, response) =>
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(page.repeat(9)).subarray(0, 60));
    for (const path of ["", "zip"]) {
      const fetched = await fetcher.fetch(`http://a.example/${path}`);
      expect(fetched, path).toMatchObject({ status: "error", complete: false });
      expect(fetched.reason).toMatch(/broke off/);
    }
  });

  test("a server that says nothing is given up", async () => {
    routes["/"] = () => {};
    expect((await fetcher.fetch("http://a.example/")).reason).toMatch(/timeout/);
  });
});

describe("what a body is", () => {
  const answer =
    (type: string | undefined, body: string | Uint8Array): Handler =>
    (_, response) => {
      response.writeHead(200, type === undefined ? {} : { "content-type": type }).end(body);
    };

  test.each([
    ["text/html; charset=utf-8", "<p>x", "text/html"],
    [undefined, "<!doctype html><p>x", "text/html"],
    ["application/octet-stream", "%PDF-1.7 x", "application/pdf"],
    ["text/html", "%PDF-1.7 x", "application/pdf"],
    [undefined, "BEGIN:VCALENDAR\r\n", "text/calendar"],
    [undefined, '{"a":1}', "application/json"],
    [undefined, "just words", "text/plain"],
    ["TEXT/Plain", "<html>", "text/plain"],
    ["nonsense", "words", "text/plain"],
    [undefined, Buffer.from([0, 1, 2, 3]), "application/octet-stream"],
    ["text/plain", Buffer.from([0xff, 0xd8, 0xff, 0xe1]), "image/jpeg"],
  ])("%s %s is %s", async (header, body, type) => {
    routes["/"] = answer(header, body);
    expect((await fetcher.fetch("http://a.example/")).contentType).toBe(type);
  });

  test.each([
    ["text/html; charset=ISO-8859-1", Buffer.from("caf\xe9", "latin1"), "windows-1252"],
    ["text/html", Buffer.from('<meta charset="shift_jis">\x82\xa0', "latin1"), "shift_jis"],
    [
      "text/html",
      Buffer.from('<meta http-equiv=Content-Type content="text/html; charset=koi8-r">', "latin1"),
      "koi8-r",
    ],
    ["text/plain", Buffer.from("caf\xe9", "latin1"), "windows-1252"],
    ["text/plain", Buffer.from("café"), "utf-8"],
    ["text/plain; charset=latin1", Buffer.from("\ufeffcafé"), "utf-8"],
    ["text/plain", Buffer.from("\ufeffcafé", "utf16le"), "utf-16le"],
    ["text/plain; charset=made-up", Buffer.from("café"), "utf-8"],
  ])("the charset of %s", async (header, body, charset) => {
    routes["/"] = answer(header, body);
    expect((await fetcher.fetch("http://a.example/")).charset).toBe(charset);
  });
});

describe("robots.txt", () => {
  const rules =
    (body: string, status = 200): Handler =>
    (_, response) => {
      response.writeHead(status, { "content-type": "text/plain" }).end(body);
    };

  test("is asked for once per host, and what it closes is never asked for", async () => {
    routes["/robots.txt"] = rules("User-agent: *\nDisallow: /private\nAllow: /private/open\n");
    routes["/a"] = "a";
    routes["/private/open"] = "open";
    expect(await fetcher.fetch("http://a.example/a")).toMatchObject({ status: "ok" });
    expect(await fetcher.fetch("http://a.example/private/x")).toMatchObject({
      status: "blocked",
      reason: "robots.txt of a.example does not allow it.",
    });
    expect(await fetcher.fetch("http://a.example/private/open")).toMatchObject({ status: "ok" });
    expect(asked.map(({ path }) => path)).toEqual(["/robots.txt", "/a", "/private/open"]);
  });

  test("concurrent requests share one look at it", async () => {
    routes["/a"] = "a";
    await Promise.all(Array.from({ length: 5 }, () => fetcher.fetch("http://a.example/a")));
    expect(asked.filter(({ path }) => path === "/robots.txt")).toHaveLength(1);
  });

  test("a group of our own is followed instead of the one for all", async () => {
    routes["/robots.txt"] = rules("User-agent: candor\nDisallow: /b\n\nUser-agent: *\nDisallow: /\n");
    routes["/a"] = "a";
    expect(await fetcher.fetch("http://a.example/a")).toMatchObject({ status: "ok" });
    expect(await fetcher.fetch("http://a.example/b")).toMatchObject({ status: "blocked" });
  });

  test("a redirect into a closed place stops there", async () => {
    routes["/robots.txt"] = rules("User-agent: *\nDisallow: /private\n");
    routes["/a"] = redirect("/private/b");
    expect(await fetcher.fetch("http://a.example/a")).toMatchObject({ status: "blocked" });
    expect(pages().map(({ path }) => path)).toEqual(["/a"]);
  });

  test.each([
    [404, "ok"],
    [403, "ok"],
    [500, "blocked"],
    [503, "blocked"],
  ])("answered with %i means that a page is %s", async (code, status) => {
    routes["/robots.txt"] = rules("", code);
    routes["/a"] = "a";
    expect(await fetcher.fetch("http://a.example/a")).toMatchObject({ status });
  });

  test("unreachable means that all is closed", async () => {
    routes["/robots.txt"] = (request) => request.socket.destroy();
    routes["/a"] = "a";
    expect((await fetcher.fetch("http://a.example/a")).reason).toMatch(/robots\.txt of a\.example cannot be read/);
    expect(pages()).toEqual([]);
  });

  test("behind a redirect is followed, and a page instead of rules is none", async () => {
    routes["a.example/robots.txt"] = redirect("http://b.example/rules");
    routes["b.example/rules"] = rules("User-agent: *\nDisallow: /a\n");
    expect(await fetcher.fetch("http://a.example/a")).toMatchObject({ status: "blocked" });
    routes["c.example/robots.txt"] = "<!doctype html><p>Disallow: /";
    routes["c.example/a"] = "a";
    expect(await fetcher.fetch("http://c.example/a")).toMatchObject({ status: "ok" });
  });

  test("does not bind a service that the operator configured", async () => {
    routes["/robots.txt"] = rules("User-agent: *\nDisallow: /\n");
    routes["/search"] = "results";
    expect(await fetcher.fetch("http://a.example/search", { service: {} })).toMatchObject({ status: "ok" });
    expect(asked).toHaveLength(1);
  });

  test("a crawl-delay is kept, and one above the cap is told", async () => {
    routes["a.example/robots.txt"] = rules("User-agent: *\nCrawl-delay: 0.15\n");
    routes["b.example/robots.txt"] = rules("User-agent: *\nCrawl-delay: 600\n");
    for (const path of ["/1", "/2", "/3"]) routes[path] = "x";
    await Promise.all(["/1", "/2", "/3"].map((path) => fetcher.fetch(`http://a.example${path}`)));
    const times = pages().map(({ at }) => at);
    for (const [i, at] of times.slice(1).entries()) expect(at - (times[i] ?? 0)).toBeGreaterThan(120);
    expect((await fetcher.fetch("http://b.example/1")).notes.join()).toMatch(
      /600 s between requests; the agent waits 30 s/,
    );
  });
});

describe("politeness", () => {
  test("requests to one host follow each other with a pause; other hosts do not wait", async () => {
    const polite = made({ politenessMs: 60 });
    let running = 0;
    let most = 0;
    const slow: Handler = (_, response) => {
      most = Math.max(most, ++running);
      setTimeout(() => {
        running -= 1;
        response.end("x");
      }, 20);
    };
    for (const path of ["/1", "/2", "/3"]) routes[`a.example${path}`] = slow;
    routes["b.example/1"] = "x";
    await Promise.all([
      ...["/1", "/2", "/3"].map((path) => polite.fetch(`http://a.example${path}`)),
      polite.fetch("http://b.example/1"),
    ]);
    expect(most).toBe(1);
    const times = pages()
      .filter(({ host }) => host === "a.example")
      .map(({ at }) => at);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(100);
    const order = pages().map(({ host }) => host);
    expect(order.indexOf("b.example")).toBeLessThan(order.lastIndexOf("a.example"));
  });

  test("a short Retry-After is honoured once", async () => {
    let times = 0;
    routes["/"] = (_, response) => {
      times += 1;
      if (times === 1) response.writeHead(429, { "retry-after": "1" }).end();
      else response.end("now");
    };
    const fetched = await fetcher.fetch("http://a.example/");
    expect(fetched).toMatchObject({ status: "ok", requests: 2 });
    const [first, second] = pages().map(({ at }) => at);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThan(950);
  });

  test("a second refusal, or a long wait, is blocked, and the host is left alone", async () => {
    routes["/"] = (_, response) => response.writeHead(503, { "retry-after": "120" }).end();
    expect(await fetcher.fetch("http://a.example/")).toMatchObject({ status: "blocked", retryAfter: 120, requests: 1 });
    routes["/other"] = "x";
    const next = await fetcher.fetch("http://a.example/other");
    expect(next).toMatchObject({ status: "blocked", requests: 0 });
    expect(next.reason).toMatch(/left alone/);
    expect(pages()).toHaveLength(1);
    routes["b.example/"] = (_, response) => response.writeHead(429, { "retry-after": "0" }).end();
    expect(await fetcher.fetch("http://b.example/")).toMatchObject({ status: "blocked", requests: 2 });
  });
});

describe("conditional requests", () => {
  test("send the validators that are known, and a 304 says that nothing changed", async () => {
    const kept = new Map<string, CacheEntry>();
    const cache = {
      get: (url: string) => kept.get(url),
      set: (url: string, entry: CacheEntry) => void kept.set(url, entry),
    };
    routes["/"] = (request, response) => {
      if (request.headers["if-none-match"] === '"v1"') response.writeHead(304).end();
      else response.writeHead(200, { etag: '"v1"' }).end("first");
    };
    const first = await fetcher.fetch("http://a.example/", { cache });
    expect([...kept]).toEqual([["http://a.example/", { etag: '"v1"', hash: first.hash }]]);
    const second = await fetcher.fetch("http://a.example/", { cache });
    expect(second).toMatchObject({ status: "ok", notModified: true, hash: first.hash });
    expect(second.bytes).toHaveLength(0);
    expect(await fetcher.fetch("http://a.example/")).toMatchObject({ status: "ok", notModified: false });
  });
});

describe("the off switch", () => {
  test("an aborted signal ends a fetch in any state with its reason", async () => {
    routes["/silent"] = () => {};
    routes["/trickle"] = (_, response) => void response.write("x");
    routes["/busy"] = (_, response) => response.writeHead(429, { "retry-after": "5" }).end();
    const slow = made({ timeoutMs: 60_000 });
    for (const path of ["silent", "trickle", "busy"]) {
      const stop = new AbortController();
      const fetching = slow.fetch(`http://${path}.example/${path}`, { signal: stop.signal });
      await expect.poll(() => pages().some((each) => each.path === `/${path}`)).toBe(true);
      stop.abort(new Error("stopped"));
      await expect(fetching).rejects.toThrow("stopped");
    }
    await expect(slow.fetch("http://a.example/", { signal: AbortSignal.abort(new Error("before")) })).rejects.toThrow(
      "before",
    );
  });
});

describe("signing", () => {
  test("every request is signed for its own address: robots.txt, each hop, each try", async () => {
    const signed: string[] = [];
    const signing = made({
      sign: async ({ method, url }) => {
        signed.push(`${method} ${url}`);
        return { signature: String(signed.length), "user-agent": "signed" };
      },
    });
    let tries = 0;
    routes["a.example/start"] = redirect("http://b.example/busy?x=1");
    routes["b.example/busy?x=1"] = (_, response) => {
      if (tries++ === 0) response.writeHead(429, { "retry-after": "0" }).end();
      else response.writeHead(200, { "content-type": "text/html" }).end("hello");
    };
    expect(await signing.fetch("http://a.example/start")).toMatchObject({ status: "ok" });
    expect(signed).toEqual([
      "GET http://a.example/robots.txt",
      "GET http://a.example/start",
      "GET http://b.example/robots.txt",
      "GET http://b.example/busy?x=1",
      "GET http://b.example/busy?x=1",
    ]);
    expect(asked.map(({ headers }) => headers.signature)).toEqual(["1", "2", "3", "4", "5"]);
    expect(asked.every(({ headers }) => headers["user-agent"] === "signed")).toBe(true);
  });

  test("what may not be signed is not sent", async () => {
    const refused = made({
      sign: () => {
        throw new Error("revoked");
      },
    });
    const fetched = await refused.fetch("http://a.example/", { service: {} });
    expect(fetched).toMatchObject({ status: "error", httpStatus: null });
    expect(fetched.reason).toMatch(/a\.example was not asked: the agent may not sign/);
    expect(asked).toEqual([]);
  });
});
