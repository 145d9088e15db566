import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { ask } from "../serve/ask.ts";
import { serveTown, type TownServer } from "../serve/serve-town.ts";
import { smallHost, smallTown } from "../serve/small-town.ts";
import { breachHash } from "./breach.ts";
import { txtRecords } from "./dns.ts";

const open: TownServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

const newInbox = (): string => join(mkdtempSync(join(tmpdir(), "candor-town-")), "inbox.jsonl");

async function serve(inbox = newInbox()): Promise<TownServer> {
  const breached = [
    { value: "Ada@Quill.example", count: 3 },
    { value: "hunter2", count: 17 },
  ];
  const server = await serveTown(smallTown({ breached }), { inbox });
  open.push(server);
  return server;
}

const authorization = `Basic ${Buffer.from("AC7:secret").toString("base64")}`;
const MESSAGES = "http://gateway.example/2010-04-01/Accounts/AC7/Messages.json";

const text = (port: number, form: Record<string, string>, headers: Record<string, string> = { authorization }) =>
  ask(port, MESSAGES, { method: "POST", headers, body: String(new URLSearchParams(form)) });

const ada = { To: "+442079460123", From: "+15550100", Body: "3 things are exposed. æøå" };

describe("the message gateway", () => {
  test("takes a message as Twilio does, delivers it, and finds it again", async () => {
    const inbox = newInbox();
    const { port, messages } = await serve(inbox);
    const { status, body } = await text(port, ada);
    const sent = JSON.parse(body);
    expect([status, sent.to, sent.body, sent.status]).toEqual([201, ada.To, ada.Body, "queued"]);
    expect(messages()).toMatchObject([{ sid: sent.sid, account: "AC7", from: ada.From, to: ada.To, body: ada.Body }]);
    const listed = await ask(port, `${MESSAGES}?To=${encodeURIComponent(ada.To)}`, { headers: { authorization } });
    expect(JSON.parse(listed.body).messages).toMatchObject([{ sid: sent.sid, status: "delivered" }]);
    const none = await ask(port, `${MESSAGES}?To=%2B1555`, { headers: { authorization } });
    expect(JSON.parse(none.body).messages).toEqual([]);
    const one = await ask(port, `http://gateway.example${sent.uri}`, { headers: { authorization } });
    expect(JSON.parse(one.body).body).toBe(ada.Body);
    // A second server on the same file, as after kill -9.
    expect((await serve(inbox)).messages()).toEqual(messages());
  });

  test.each([
    [{ ...ada, To: "" }, 21604],
    [{ ...ada, To: "12345" }, 21211],
    [{ ...ada, From: "" }, 21603],
    [{ ...ada, Body: "" }, 21602],
    [{ ...ada, Body: "x".repeat(1601) }, 21617],
  ])("refuses %j with Twilio's code %i", async (form, code) => {
    const { port, messages } = await serve();
    const { status, body } = await text(port, form);
    expect([status, JSON.parse(body).code, messages()]).toEqual([400, code, []]);
  });

  test("lets nobody in without an account and a token", async () => {
    const { port } = await serve();
    const { status, body } = await text(port, ada, {});
    expect([status, JSON.parse(body).code]).toEqual([401, 20003]);
  });

  test("pages through a long list, newest first", async () => {
    const { port } = await serve();
    for (const Body of ["1", "2", "3"]) await text(port, { ...ada, Body });
    const first = JSON.parse((await ask(port, `${MESSAGES}?PageSize=2`, { headers: { authorization } })).body);
    expect(first.messages.map((message: { body: string }) => message.body)).toEqual(["3", "2"]);
    const next = await ask(port, `http://gateway.example${first.next_page_uri}`, { headers: { authorization } });
    expect(JSON.parse(next.body)).toMatchObject({ messages: [{ body: "1" }], next_page_uri: null });
  });

  test("drops the connection after storing, or fails without storing, as often as told", async () => {
    const { port, messages, failGateway } = await serve();
    failGateway({ kind: "drop", times: 1 });
    await expect(text(port, ada)).rejects.toThrow();
    expect(messages()).toHaveLength(1);
    failGateway({ kind: "500", times: 1 });
    expect((await text(port, ada)).status).toBe(500);
    expect(messages()).toHaveLength(1);
    failGateway({ kind: "slow", times: 1, ms: 5 });
    expect((await text(port, ada)).status).toBe(201);
    expect((await text(port, ada)).status).toBe(201);
    expect(messages()).toHaveLength(3);
  });
});

test("a message that was answered for survives kill -9 of the town", async () => {
  const inbox = newInbox();
  const script = `
    import { serveTown } from ${JSON.stringify(new URL("../serve/serve-town.ts", import.meta.url).href)};
    import { smallTown } from ${JSON.stringify(new URL("../serve/small-town.ts", import.meta.url).href)};
    const { port } = await serveTown(smallTown(), { inbox: ${JSON.stringify(inbox)} });
    process.stdout.write(String(port));`;
  const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [port] = await once(child.stdout, "data");
  const answered: string[] = [];
  const senders = Array.from({ length: 20 }, async (_, n) => {
    const reply = await text(Number(port), { ...ada, Body: `message ${n}` }).catch(() => null);
    if (reply?.status !== 201) return;
    answered.push(`message ${n}`);
    if (answered.length === 5) child.kill("SIGKILL");
  });
  await Promise.all([...senders, once(child, "exit")]);
  expect(answered.length).toBeGreaterThanOrEqual(5);
  const { messages } = await serve(inbox);
  expect(messages().map(({ body }) => body)).toEqual(expect.arrayContaining(answered));
});

describe("the breach service", () => {
  const lines = async (port: number, value: string): Promise<string[]> => {
    const { body } = await ask(port, `http://breach.example/range/${breachHash(value).slice(0, 5)}`);
    return body.split("\r\n");
  };

  test("answers a prefix with suffixes and counts, padded by lines that count 0", async () => {
    const { port } = await serve();
    const known = await lines(port, "hunter2");
    expect(known).toContain(`${breachHash("hunter2").slice(5)}:17`);
    expect(known.filter((line) => line.endsWith(":0"))).toHaveLength(20);
    const unknown = await lines(port, "never leaked");
    expect(unknown.every((line) => /^[0-9A-F]{35}:0$/.test(line))).toBe(true);
  });

  test("hashes an e-mail address in lower case", async () => {
    const { port } = await serve();
    expect(await lines(port, " ada@quill.EXAMPLE ")).toContain(`${breachHash("ada@quill.example").slice(5)}:3`);
  });

  test("refuses what is no prefix", async () => {
    const { port } = await serve();
    for (const prefix of ["", "12", "ZZZZZ", "123456"]) {
      expect((await ask(port, `http://breach.example/range/${prefix}`)).status).toBe(400);
    }
  });
});

test("TXT records are those of the host, in any letter case", () => {
  const town = smallTown({ hosts: [smallHost("quill.example", { txt: ["candor-token"] })] });
  expect(txtRecords(town, "Quill.example.")).toEqual(["candor-token"]);
  expect(txtRecords(town, "nowhere.example")).toEqual([]);
});
