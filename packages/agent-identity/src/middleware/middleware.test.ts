/** The example sites as processes, and an agent with a directory beside them. */
import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { Hono } from "hono";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { directoryResponse } from "../directory/directory.ts";
import { derivedKey } from "../keys/signing-key.ts";
import { signRequest } from "../web-bot-auth/sign-request.ts";
import { recogniseAgents } from "./hono.ts";

const key = derivedKey(Buffer.alloc(32, 8), "requests");
const stranger = derivedKey(Buffer.alloc(32, 9), "requests");

let agent = "";
let asked = 0;
const directory = createServer((incoming, response) => {
  asked++;
  const request = { method: "GET", url: agent + incoming.url, fields: [] };
  const { status, headers, body } = directoryResponse(request, [key], Date.now());
  response.writeHead(status, headers).end(body);
});
const sites: ChildProcess[] = [];

/** @returns the address that the example prints */
function start(name: string): Promise<string> {
  const script = fileURLToPath(new URL(`../../examples/${name}.ts`, import.meta.url));
  const site = spawn(process.execPath, [script], {
    env: { ...process.env, PORT: "0", LOCAL_AGENT: agent },
    stdio: ["ignore", "pipe", "inherit"],
  });
  sites.push(site);
  return new Promise((resolve, reject) => {
    site.stdout?.on("data", (chunk: Buffer) => resolve(chunk.toString().trim()));
    site.on("exit", (code) => reject(new Error(`${name} ended with ${code}`)));
  });
}

beforeAll(async () => {
  await new Promise<void>((done) => directory.listen(0, "127.0.0.1", done));
  agent = `http://127.0.0.1:${(directory.address() as AddressInfo).port}`;
});
afterAll(() => {
  for (const site of sites) site.kill("SIGTERM");
  directory.closeAllConnections();
  directory.close();
});

interface Sent {
  path?: string;
  body?: string;
  signer?: typeof key;
  change?: Record<string, string>;
  /** What arrives instead of what was signed. */
  arrives?: { path?: string; body?: string };
}

async function visit(site: string, { path = "/a?b=1", body, signer = key, change, arrives = {} }: Sent) {
  const method = body === undefined ? "GET" : "POST";
  const headers = { ...signRequest({ method, url: site + path, body }, { key: signer, agent }), ...change };
  const sent = arrives.body ?? body;
  const response = await fetch(site + (arrives.path ?? path), {
    method,
    headers,
    ...(sent !== undefined && { body: sent }),
  });
  return (await response.json()) as { status: string; fault?: string; operator?: string; body?: string };
}

describe.each(["hono-site", "express-site"])("the example %s", (name) => {
  let site = "";
  beforeAll(async () => {
    site = await start(name);
  });

  test("recognises an agent by the directory that its requests name, asked for once", async () => {
    const before = asked;
    for (let i = 0; i < 3; i++) expect(await visit(site, {})).toMatchObject({ status: "declared", operator: agent });
    expect(asked - before).toBe(1);
  });

  test("checks a body that is signed", async () => {
    expect(await visit(site, { body: "hello" })).toMatchObject({ status: "declared", body: "covered" });
    expect(await visit(site, { body: "hello", arrives: { body: "hullo" } })).toMatchObject({ fault: "body" });
  });

  test("says of others that a signature is wrong, or nothing at all", async () => {
    expect(await visit(site, { arrives: { path: "/a?b=2" } })).toMatchObject({ status: "wrong", fault: "signature" });
    expect(await visit(site, { signer: stranger })).toMatchObject({ status: "unknown", fault: "unknown key" });
    expect(await visit(site, { change: { signature: "nonsense (" } })).toMatchObject({ fault: "malformed" });
    expect(await (await fetch(`${site}/`)).json()).toMatchObject({ status: "unknown", fault: "unsigned" });
  });

  test("takes a request once", async () => {
    const headers = signRequest({ method: "GET", url: `${site}/` }, { key, agent });
    const twice = [await fetch(`${site}/`, { headers }), await fetch(`${site}/`, { headers })];
    const answers = await Promise.all(twice.map(async (response) => response.json()));
    expect(answers).toMatchObject([{ status: "declared" }, { status: "wrong", fault: "replayed" }]);
  });

  test("a path that begins with two slashes names no other host", async () => {
    expect(await visit(site, { path: "//evil.example/x" })).toMatchObject({ status: "declared" });
  });
});

test("by default nobody on this machine is asked for keys", async () => {
  const before = asked;
  const app = new Hono();
  app.use(recogniseAgents());
  app.get("/", (c) => c.json(c.get("agent")));
  const headers = signRequest({ method: "GET", url: "http://site.example/" }, { key, agent });
  const response = await app.request("http://site.example/", { headers });
  expect(await response.json()).toMatchObject({ status: "unknown", fault: "unreachable" });
  expect(asked).toBe(before);
});

test("a handler still has the body that was read to check it", async () => {
  const app = new Hono();
  app.use(recogniseAgents());
  app.post("/", async (c) => c.text(await c.req.text()));
  const headers = signRequest({ method: "POST", url: "http://site.example/", body: "hello" }, { key });
  const response = await app.request("http://site.example/", {
    method: "POST",
    headers: { ...headers, "content-length": "5" },
    body: "hello",
  });
  expect(await response.text()).toBe("hello");
});
