import { OpenAPIHono } from "@hono/zod-openapi";
import { describe, expect, test, vi } from "vitest";
import { openSession } from "./access.ts";
import { type BorderOptions, border } from "./border.ts";
import { SESSION_MS } from "./session.ts";

const TOKEN = "t".repeat(32);

function server(more: Partial<BorderOptions> = {}) {
  const app = new OpenAPIHono();
  const options = { token: TOKEN, cookie: "candor_1", ...more };
  border(app, options);
  app.get("/", (c) => c.text("page"));
  app.post("/api/session", async (c) => {
    const opened = await openSession(c, options, (await c.req.json<{ token: string }>()).token);
    return opened ? c.json(opened) : c.json({}, 401);
  });
  app.all("/api/*", async (c) => c.json({ caller: c.get("caller"), bytes: (await c.req.text()).length }));
  const ask = (path: string, init: RequestInit = {}) =>
    app.request(`http://127.0.0.1:1${path}`, { ...init, headers: { host: "127.0.0.1:1", ...init.headers } });
  return { ask };
}

const bearer = { authorization: `Bearer ${TOKEN}` };

async function session(ask: ReturnType<typeof server>["ask"]): Promise<string> {
  const answer = await ask("/api/session", { method: "POST", body: JSON.stringify({ token: TOKEN }) });
  const cookie = answer.headers.get("set-cookie") ?? "";
  expect(cookie).toMatch(/HttpOnly/i);
  expect(cookie).toMatch(/SameSite=Strict/i);
  expect(cookie).not.toContain(TOKEN);
  return cookie.split(";")[0] ?? "";
}

describe("names", () => {
  test.each(["evil.example", "127.0.0.1.evil.example", "", "10.0.0.1:80"])("%j is not this server", async (host) => {
    expect((await server().ask("/", { headers: { host } })).status).toBe(421);
  });

  test.each(["localhost:1", "[::1]:1", "LOCALHOST"])("%j is", async (host) => {
    expect((await server().ask("/", { headers: { host } })).status).toBe(200);
  });

  test("more of them can be given", async () => {
    const { ask } = server({ names: ["candor.example"] });
    expect((await ask("/", { headers: { host: "candor.example" } })).status).toBe(200);
  });

  test.each(["https://evil.example", "http://127.0.0.1:2", "null"])(
    "a request from %s is refused, whatever it carries",
    async (origin) => {
      expect((await server().ask("/api/x", { headers: { ...bearer, origin } })).status).toBe(403);
    },
  );
});

describe("access", () => {
  test("the token opens the API; without it, or with another, nothing is opened", async () => {
    const { ask } = server();
    expect(await (await ask("/api/x", { headers: bearer })).json()).toMatchObject({ caller: "operator" });
    for (const authorization of ["", "Bearer ", "Bearer x", `Bearer ${TOKEN}x`, `Basic ${TOKEN}`])
      expect((await ask("/api/x", { headers: { authorization } })).status).toBe(401);
  });

  test("a session reads, and changes something only for the pages themselves", async () => {
    const { ask } = server();
    const cookie = await session(ask);
    expect((await ask("/api/x", { headers: { cookie } })).status).toBe(200);
    expect((await ask("/api/x", { method: "POST", headers: { cookie } })).status).toBe(403);
    const own = { cookie, "x-candor-csrf": "1" };
    expect((await ask("/api/x", { method: "POST", headers: own })).status).toBe(200);
    expect((await ask("/api/x", { method: "POST", headers: { ...own, "sec-fetch-site": "cross-site" } })).status).toBe(
      403,
    );
    // A page on another port of this machine is the same site, and another origin.
    expect((await ask("/api/x", { method: "POST", headers: { ...own, "sec-fetch-site": "same-site" } })).status).toBe(
      403,
    );
  });

  test("a session ends, and a forged or prolonged one was never one", async () => {
    const { ask } = server();
    const cookie = await session(ask);
    const [until = "", nonce, seal] = cookie.slice("candor_1=".length).split(".");
    for (const value of [`${Number(until) + 1}.${nonce}.${seal}`, `${until}.x.${seal}`, seal, "", "a.b.c"]) {
      const answer = await ask("/api/x", { headers: { cookie: `candor_1=${value}` } });
      expect(answer.status).toBe(401);
    }
    vi.useFakeTimers({ now: Date.now() + SESSION_MS + 1_000, toFake: ["Date"] });
    try {
      const late = await ask("/api/x", { headers: { cookie } });
      expect(late.status).toBe(401);
      expect(await late.json()).toMatchObject({ error: "this session is over" });
    } finally {
      vi.useRealTimers();
    }
  });

  test("a role's token opens that role's paths and no others", async () => {
    const { ask } = server({
      roleOf: async (token) => (token === "rater" ? { name: "ada", paths: /^\/api\/judgments/ } : undefined),
    });
    const headers = { authorization: "Bearer rater" };
    expect(await (await ask("/api/judgments/queue", { headers })).json()).toMatchObject({ caller: "ada" });
    expect((await ask("/api/runs", { headers })).status).toBe(403);
    expect(await (await ask("/api/whoami", { headers })).json()).toMatchObject({ caller: "ada" });
  });

  test("a role's session is as narrow as its token, and ends when the token is taken back", async () => {
    const paths = /^\/api\/judgments/;
    const tokens = new Set(["rater"]);
    const { ask } = server({ roleOf: async (token) => (tokens.has(token) ? { name: "ada", paths } : undefined) });
    const opened = await ask("/api/session", { method: "POST", body: JSON.stringify({ token: "rater" }) });
    const cookie = (opened.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    expect(await (await ask("/api/judgments", { headers: { cookie } })).json()).toMatchObject({ caller: "ada" });
    expect((await ask("/api/runs", { headers: { cookie } })).status).toBe(403);
    expect((await ask("/api/judgments", { method: "POST", headers: { cookie } })).status).toBe(403);
    const own = { cookie, "x-candor-csrf": "1" };
    expect((await ask("/api/judgments", { method: "POST", headers: own })).status).toBe(200);
    tokens.clear();
    expect((await ask("/api/judgments", { headers: { cookie } })).status).toBe(401);
  });
});

describe("too much", () => {
  test("guesses at the token are slowed down, and do not lock out whoever has it", async () => {
    const { ask } = server();
    const answers: number[] = [];
    for (let n = 0; n < 30; n++)
      answers.push((await ask("/api/x", { headers: { authorization: `Bearer ${n}` } })).status);
    expect(answers.slice(0, 20)).toEqual(Array(20).fill(401));
    expect(answers.slice(20)).toEqual(Array(10).fill(429));
    expect((await ask("/api/x", { headers: bearer })).status).toBe(200);
  });

  test("a flood of requests is refused, a stop is not", async () => {
    const { ask } = server();
    let last = 200;
    for (let n = 0; n < 3_001; n++) last = (await ask("/api/x", { headers: bearer })).status;
    expect(last).toBe(429);
    expect((await ask("/api/stop", { method: "POST", headers: bearer })).status).toBe(200);
  });

  test("a body that is too long is refused, announced or not", async () => {
    const { ask } = server();
    const body = "x".repeat(9 * 1024 * 1024);
    const announced = await ask("/api/x", { method: "POST", headers: bearer, body });
    expect(announced.status).toBe(413);
    expect(await announced.json()).toMatchObject({ error: "the body is longer than 8 MB", exit: 2 });
    const stream = new Blob([body]).stream();
    const init = { method: "POST", headers: bearer, body: stream, duplex: "half" } as RequestInit;
    expect((await ask("/api/x", init)).status).toBe(413);
  });
});

test("a page may load nothing from elsewhere and be framed by nobody", async () => {
  const { headers } = await server().ask("/");
  expect(headers.get("content-security-policy")).toContain("default-src 'self'");
  expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  expect(headers.get("content-security-policy")).not.toContain("script-src 'unsafe");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("referrer-policy")).toBe("no-referrer");
});
