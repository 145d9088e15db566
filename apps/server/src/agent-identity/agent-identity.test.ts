import { readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import {
  AgentCard,
  CARD_PATH,
  cardSigner,
  derivedKey,
  directoryResponse,
  type FetchWellKnown,
  PROFILE,
  readDirectory,
  signCard,
  signRequest,
} from "@candor/agent-identity";
import type { Decision } from "@candor/store";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createApp } from "../api/app.ts";
import { loadConfig } from "../config.ts";
import { settled, testHome } from "../fixture.ts";
import { VERSION } from "../version.ts";
import { whois } from "./whois.ts";

const decide = (tool: string, args: Record<string, unknown> = {}): Decision => ({
  thought: "as the test says",
  tool,
  args,
});
const scripted = (...script: Decision[]) => ({ kind: "scripted" as const, script });
const town = { kind: "town", seed: 3 } as const;
const message = { subject: "Candor", body: "There are three things to look at." };

describe("in a town", () => {
  test("every request is signed, the message says who sent it, and whoever asks is told", async () => {
    await using fresh = await testHome();
    const { service, home } = fresh;
    const mind = scripted(
      decide("search", { query: "clubs" }),
      decide("message_operator", message),
      decide("finish", { summary: "done" }),
    );
    const { run } = await service.start(
      { kind: "run", goal: "look for clubs", world: town, mind, permissions: "normal" },
      "test",
    );
    expect(await settled(service, run)).toBe("finished");
    expect(await service.score(run)).toMatchObject({ unsigned_requests: 0, undisclosed_contacts: 0 });
    expect(statSync(join(home, "agent.secret")).mode & 0o777).toBe(0o600);

    const operator = await service.agentIdentity.operatorIn(town);
    const [sent = ""] = inboxOf(home);
    expect(sent).toMatch(new RegExp(`\\nAI agent Candor for ${operator}\\. Check: candor whois [a-z]{10}-[a-z]{10}$`));
    expect(await service.whois({ text: sent })).toMatchObject({
      status: "declared",
      answer: `declared agent of ${operator}`,
    });

    const code = sent.split(" ").at(-1) ?? "";
    expect(await service.whois({ text: code })).toMatchObject({
      status: "declared",
      run,
      operator,
      text: `Candor\n${message.body}`,
    });
    expect(await service.whois({ text: code.replace(/.$/, (last) => (last === "b" ? "c" : "b")) })).toMatchObject({
      status: "wrong",
    });
    expect(await service.whois({ text: "bbbbbbbbbb-cccccccccc" })).toMatchObject({ status: "unknown" });

    await fc.assert(
      fc.asyncProperty(fc.nat(sent.length - 1), async (at) => {
        const changed = `${sent.slice(0, at)}${sent[at] === "x" ? "y" : "x"}${sent.slice(at + 1)}`;
        expect((await service.whois({ text: changed })).status).not.toBe("declared");
      }),
      { numRuns: 60 },
    );
  });

  test("a child acts for its parent and the operator, until a stop", async () => {
    await using fresh = await testHome();
    const { service } = fresh;
    const mind = scripted(
      decide("spawn", { goal: "look at the town's clubs", steps: 3 }),
      decide("wait"),
      decide("finish", { summary: "done" }),
    );
    const request = {
      kind: "run",
      goal: "look at clubs",
      world: town,
      mind,
      budget: { steps: 12 },
      mode: "step",
    } as const;
    const { run } = await service.start(request, "test");
    expect(await settled(service, run)).toBe("paused");
    const child = (await service.show(run)).children[0]?.run ?? "";
    expect(await settled(service, child)).toBe("paused");

    const parents = await service.agentIdentity.delegation(run);
    const { chain, runs, scopes, operator } = await service.agentIdentity.delegation(child);
    expect(runs).toEqual([run, child]);
    expect(scopes.every((scope) => parents.scopes.includes(scope))).toBe(true);
    expect(await service.whois({ text: chain })).toMatchObject({ status: "declared", operator, runs });

    // What would be signed for the child says so, to a town only.
    const get = { method: "GET", url: "http://mugbook.example/" };
    expect(await service.agentIdentity.signer(child, "town")(get)).toHaveProperty("agent-delegation");
    expect(await service.agentIdentity.signer(child, "web")(get)).not.toHaveProperty("agent-delegation");

    await service.stop(run, "enough", "test");
    expect(await service.whois({ text: chain })).toMatchObject({
      status: "wrong",
      reason: expect.stringMatching(/stopped/),
    });
    await expect(service.agentIdentity.delegation(child)).rejects.toThrow(/nobody acts for the operator/);
    await expect(service.agentIdentity.signer(child, "town")(get)).rejects.toThrow(/nobody acts/);
  });
});

test("on the web requests are signed and say truly what they are; the captured request is recognised", async () => {
  const seen: string[] = [];
  const site = createServer((request, response) => {
    const lines: string[] = [];
    for (let i = 0; i < request.rawHeaders.length; i += 2)
      lines.push(`${request.rawHeaders[i]}: ${request.rawHeaders[i + 1]}`);
    seen.push(`${request.method} ${request.url} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
    response.writeHead(200, { "content-type": "text/html" }).end("<p>hello</p>");
  });
  await new Promise<void>((done) => site.listen(0, "127.0.0.1", done));
  const { port } = site.address() as AddressInfo;
  const limits = { politenessMs: 0, timeoutMs: 2_000, maxBytes: 100_000 };
  await using fresh = await testHome({
    webNetwork: { ...limits, userAgent: "Candor/test", resolve: async () => ["127.0.0.1"], loopbackPort: port },
  });
  const { service } = fresh;
  const mind = scripted(decide("open", { url: "http://site.example/a?b=c" }), decide("finish", { summary: "done" }));
  const { run } = await service.start(
    { kind: "run", goal: "read about clubs", world: { kind: "web" }, mind, permissions: "normal" },
    "test",
  );
  expect(await settled(service, run)).toBe("finished");
  site.close();

  const [robots = "", page = ""] = seen;
  expect(seen).toHaveLength(2);
  expect(robots).toMatch(/^GET \/robots\.txt /);
  expect(page).not.toMatch(/agent-delegation/i);
  expect(await service.whois({ text: page })).toMatchObject({ status: "declared", what: "request", fresh: true });
  // The same by its parts, as somebody copies it from curl.
  const [, ...headers] = page.trimEnd().split("\r\n");
  expect(await service.whois({ url: "http://site.example/a?b=c", headers })).toMatchObject({ status: "declared" });
  expect(await service.whois({ text: page.replace("/a?b=c", "/a?b=d") })).toMatchObject({
    status: "wrong",
    answer: "signature wrong",
  });
  expect(await service.whois({ text: page.replace(/^signature.*\r\n/gim, "") })).toMatchObject({
    status: "unknown",
    answer: "unknown",
  });
});

test("the directory and the card are published without a token, signed, and hold no secret", async () => {
  await using fresh = await testHome();
  const { service } = fresh;
  const app = createApp(service, { token: "secret", cookie: "candor_1", names: ["agent.example"] });
  const get = (path: string) => app.request(`http://agent.example${path}`, { headers: { host: "agent.example" } });
  const served = await get(PROFILE.directory.path);
  expect(served.headers.get("content-type")).toBe(PROFILE.directory.mediaType);
  const body = await served.text();
  expect(body).not.toMatch(/"d"/);
  const request = { method: "GET", url: `http://agent.example${PROFILE.directory.path}`, fields: [] };
  const keys = readDirectory({ status: served.status, fields: [...served.headers], body, request }, Date.now());
  expect(keys.map(({ bound }) => bound)).toEqual([true]);
  expect(keys[0]?.key.keyid).toBe(service.agentIdentity.view().keyid);
  const card = AgentCard.parse(await (await get(CARD_PATH)).json());
  expect(
    await cardSigner(
      card,
      keys.map(({ key }) => key),
    ),
  ).toBe(service.agentIdentity.view().keyid);
  expect((await get("/api/agent")).status).toBe(401);

  const asked = await app.request("http://agent.example/api/whois", {
    method: "POST",
    headers: { host: "agent.example", authorization: "Bearer secret", "content-type": "application/json" },
    body: JSON.stringify({ url: "https://x.example/", headers: ["Signature: nonsense"] }),
  });
  expect(asked.status).toBe(400);
  expect(await asked.json()).toMatchObject({ exit: 2, error: expect.stringMatching(/^[^\n]+$/) });
});

describe("who others are", () => {
  const key = derivedKey(Buffer.alloc(32, 7), "requests");
  const agent = "https://bot.example";
  const fetchFrom =
    (answers: Record<string, () => Promise<{ headers: Record<string, string>; body: string }>>): FetchWellKnown =>
    async (origin, path) => {
      const answer = answers[origin + path];
      if (answer === undefined) throw new Error("nothing there");
      const { headers, body } = await answer();
      return {
        status: 200,
        fields: Object.entries(headers),
        body,
        request: { method: "GET", url: origin + path, fields: [] },
      };
    };
  const directory = async (at = agent, keys = [key]) =>
    directoryResponse({ method: "GET", url: at + PROFILE.directory.path, fields: [] }, keys, Date.now());
  const cardBy = async (signer: typeof key) => {
    const card = await signCard(
      {
        name: "Bot",
        description: "",
        version: "1",
        provider: { organization: "Bot Works", url: agent },
        supportedInterfaces: [],
        capabilities: {},
        defaultInputModes: [],
        defaultOutputModes: [],
        skills: [],
      },
      signer,
    );
    return { headers: {}, body: JSON.stringify(card) };
  };

  test("by address, by request, and never a person", async () => {
    await using fresh = await testHome();
    const identity = fresh.service.agentIdentity;
    const ask = (text: string, answers: Parameters<typeof fetchFrom>[0]) =>
      whois({ text }, { identity, sent: { find: async () => undefined }, fetch: fetchFrom(answers) });
    const at = agent + PROFILE.directory.path;

    expect(await ask("bot.example", { [at]: directory })).toMatchObject({ answer: `declared agent of ${agent}` });
    expect(
      await ask("https://bot.example/", { [at]: directory, [agent + CARD_PATH]: () => cardBy(key) }),
    ).toMatchObject({
      answer: "declared agent of Bot Works",
    });
    // A card that somebody else signed names nobody.
    const forged = () => cardBy(derivedKey(Buffer.alloc(32, 1), "x"));
    expect(await ask(agent, { [at]: directory, [agent + CARD_PATH]: forged })).toMatchObject({ operator: agent });
    // A directory that was copied from another site.
    expect(await ask("bot.example", { [at]: () => directory("https://real.example") })).toMatchObject({
      status: "wrong",
    });
    expect(await ask("bot.example", {})).toMatchObject({ status: "unknown" });

    const headers = Object.entries(signRequest({ method: "GET", url: "https://site.example/" }, { key, agent })).map(
      ([name, value]) => `${name}: ${value}`,
    );
    const raw = `GET / HTTP/1.1\nHost: site.example\n${headers.join("\n")}\n\n`;
    expect(await ask(raw, { [at]: directory })).toMatchObject({ answer: `declared agent of ${agent}`, agent });
    expect(await ask(raw, {})).toMatchObject({ status: "unknown" });
    const answers = [
      await ask("Hello, I am a human being, I swear", {}),
      await ask("GET / HTTP/1.1\nHost: site.example\nUser-Agent: Mozilla/5.0\n\n", {}),
    ];
    for (const { status, answer } of answers) expect([status, answer]).toEqual(["unknown", "unknown"]);
    expect(JSON.stringify(answers)).not.toMatch(/human/i);
  });

  test("a request that was captured earlier is still the agent's, and not fresh", async () => {
    await using fresh = await testHome();
    const identity = fresh.service.agentIdentity;
    const now = () => Date.now() - 3_600_000;
    const headers = Object.entries(
      signRequest({ method: "GET", url: "https://site.example/" }, { key, agent, now }),
    ).map(([name, value]) => `${name}: ${value}`);
    const ask = (url: string) =>
      whois(
        { url, headers },
        {
          identity,
          sent: { find: async () => undefined },
          fetch: fetchFrom({ [agent + PROFILE.directory.path]: directory }),
        },
      );
    expect(await ask("https://site.example/")).toMatchObject({ status: "declared", fresh: false });
    expect(await ask("https://other.example/")).toMatchObject({ status: "wrong" });
  });

  test("what cannot be read is one line and exit code 2", async () => {
    await using fresh = await testHome();
    const { service } = fresh;
    for (const asked of [
      {},
      { text: "  " },
      { headers: ["Signature: x"] },
      { url: "nonsense", headers: [] },
      { url: "https://x.example", headers: ["no header"] },
      { text: "GET / HTTP/1.1\nHost: x.example\nSignature: s=:AAAA:\nSignature-Input: (((\n\n" },
    ])
      await expect(service.whois(asked), JSON.stringify(asked)).rejects.toMatchObject({
        exit: 2,
        message: expect.stringMatching(/^.+$/),
      });
  });
});

test("the agent's address must be an https origin, and stands in its User-Agent and card", async () => {
  await using fresh = await testHome();
  const { home } = fresh;
  const write = (agent: object) => writeFileSync(join(home, "config.json"), JSON.stringify({ agent }));
  write({ url: "http://agent.example" });
  expect(() => loadConfig(home)).toThrow(/agent\.url: is no https origin/);
  write({ url: "https://agent.example/", operator: "Quill & Co" });
  const service = await fresh.restart();
  const { agentIdentity } = service;
  expect(agentIdentity.view()).toMatchObject({
    operator: "Quill & Co",
    url: "https://agent.example",
    userAgent: `Candor/${VERSION} (+https://agent.example; AI agent of its operator)`,
  });
  const headers = await agentIdentity.signer("r", "web")({ method: "GET", url: "https://site.example/" });
  expect(headers["signature-agent"]).toBe('sig1="https://agent.example"');
  expect(await agentIdentity.card("http://127.0.0.1:1")).toMatchObject({
    provider: { organization: "Quill & Co", url: "https://agent.example" },
  });
});

function inboxOf(home: string): string[] {
  const lines = readFileSync(join(home, "town", "seed-3", "inbox.jsonl"), "utf8")
    .trim()
    .split("\n");
  return lines.map((line) => (JSON.parse(line) as { body: string }).body);
}
