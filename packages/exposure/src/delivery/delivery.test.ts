import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import net, { type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { IdentityStore } from "../identity/store.ts";
import { createMasker } from "../masking/masker.ts";
import { identity } from "../masking/testing.ts";
import { createVault } from "../vault/vault.ts";
import { createCourier, shortReference } from "./courier.ts";
import { inbox, readInbox } from "./inbox.ts";
import { ntfy } from "./ntfy.ts";
import { smtp } from "./smtp.ts";
import type { Transport } from "./transport.ts";
import { twilio } from "./twilio.ts";
import { createVerification } from "./verification.ts";

const { signal } = new AbortController();
const vault = createVault(identity.sealed, identity.seeds, { phones: [0], emails: [0] });
const masker = createMasker(vault, { names: false });
const disclose = (_text: string, reference: string) => `Sent by an agent: ${reference}`;
const message = { subject: "Candor", body: "[phone 1: yours] is on mugbook.example", reference: "run-1:7" };

let home: string;
const closing: (() => void)[] = [];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "candor-delivery-"));
});
afterEach(() => {
  for (const close of closing.splice(0)) close();
  rmSync(home, { recursive: true, force: true });
});

interface Seen {
  method: string;
  url: string;
  headers: http.IncomingHttpHeaders;
  body: string;
}

async function service(
  answer: (seen: Seen, response: http.ServerResponse) => void,
): Promise<{ port: number; seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = http.createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => {
      body += chunk;
    });
    request.on("end", () => {
      const each = { method: request.method ?? "", url: request.url ?? "", headers: request.headers, body };
      seen.push(each);
      answer(each, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, seen };
}

const viaTwilio = (port: number, timeoutMs = 5_000) =>
  twilio({
    accountSid: "AC1",
    authToken: "secret",
    from: "+15005550006",
    baseUrl: "http://gateway.example",
    connect: { host: "127.0.0.1", port },
    timeoutMs,
  });

describe("Twilio", () => {
  test("gets one form post with the verified number, under its own name", async () => {
    const { port, seen } = await service((_, response) => response.writeHead(201).end(JSON.stringify({ sid: "SM1" })));
    const courier = createCourier({ vault, masker, transports: [viaTwilio(port)], disclose });
    expect(await courier.deliver(message, signal)).toEqual({ status: "ok", via: "twilio", id: "SM1" });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ method: "POST", url: "/2010-04-01/Accounts/AC1/Messages.json" });
    expect(seen[0]?.headers).toMatchObject({ host: "gateway.example", authorization: `Basic ${btoa("AC1:secret")}` });
    const form = new URLSearchParams(seen[0]?.body);
    expect(Object.fromEntries(form)).toEqual({
      To: "+447700900123",
      From: "+15005550006",
      Body: `Candor\n[phone 1: yours] is on mugbook.example\nSent by an agent: ${shortReference("run-1:7")}`,
    });
  });

  test.each([
    [
      "a refusal",
      (response: http.ServerResponse) =>
        response
          .writeHead(400)
          .end(JSON.stringify({ code: 21211, message: "The 'To' number +447700900123 is not valid" })),
      "error",
      "the service refused the message (HTTP 400, Twilio error 21211)",
    ],
    [
      "too many requests",
      (response: http.ServerResponse) => response.writeHead(429).end("slow down"),
      "error",
      "the service refused the message (HTTP 429)",
    ],
    [
      "a failure of the service",
      (response: http.ServerResponse) => response.writeHead(500).end("{}"),
      "unknown",
      "the service failed (HTTP 500)",
    ],
    [
      "nonsense",
      (response: http.ServerResponse) => response.writeHead(201).end("<html>"),
      "unknown",
      "the service took the message, but its answer makes no sense",
    ],
    ["a lost connection", (response: http.ServerResponse) => response.destroy(), "unknown", "the connection was lost"],
    [
      "half an answer",
      (response: http.ServerResponse) => {
        response.writeHead(201, { "content-length": "99" });
        response.write("{");
        setTimeout(() => response.destroy(), 20);
      },
      "unknown",
      "the connection was lost",
    ],
    ["silence", () => {}, "unknown", "it took too long"],
  ])("%s is %3$s", async (_, answer, status, reason) => {
    const { port } = await service((__, response) => void answer(response));
    const courier = createCourier({ vault, masker, transports: [viaTwilio(port, 300)], disclose });
    const outcome = await courier.deliver(message, signal);
    expect(outcome).toMatchObject({ status, reason: expect.stringContaining(reason) });
    expect(JSON.stringify(outcome)).not.toContain("900123");
  });

  test("no connection is an error, since nothing was sent", async () => {
    const { port } = await service(() => {});
    for (const close of closing.splice(0)) close();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await viaTwilio(port).send("+447700900123", message, signal)).toEqual({
      status: "error",
      via: "twilio",
      reason: "the service refused the connection",
    });
  });

  test("finds a message again by its reference, page by page", async () => {
    const reference = shortReference("run-1:7");
    const { port, seen } = await service(({ url }, response) => {
      const second = url.includes("Page=1");
      response.writeHead(200).end(
        JSON.stringify({
          messages: [{ body: second ? `hello (ref ${reference})` : "another", status: "delivered" }],
          next_page_uri: second ? null : "/2010-04-01/Accounts/AC1/Messages.json?Page=1",
        }),
      );
    });
    const courier = createCourier({ vault, masker, transports: [viaTwilio(port)], disclose });
    expect(await courier.arrived("run-1:7")).toBe(true);
    expect(await courier.arrived("run-1:8")).toBe(false);
    expect(seen.every(({ method }) => method === "GET")).toBe(true);
  });

  test("tells nothing where the list cannot be had, and gives its credentials to no other path", async () => {
    const { port, seen } = await service(({ url }, response) =>
      url.startsWith("/2010")
        ? response.writeHead(200).end(JSON.stringify({ messages: [], next_page_uri: "/elsewhere" }))
        : response.writeHead(200).end("{}"),
    );
    expect(await viaTwilio(port).arrived("+447700900123", "abc")).toBe(false);
    expect(seen).toHaveLength(1);
    const { port: broken } = await service((_, response) => response.writeHead(500).end());
    expect(await viaTwilio(broken).arrived("+447700900123", "abc")).toBe(null);
  });
});

describe("the courier", () => {
  const post = () => inbox(join(home, "inbox.jsonl"));

  test.each([
    ["somebody else's number", "Jane has 07700 900456", "the message holds an identifier of somebody else"],
    ["somebody else's label", "Jane has [phone 3: not yours]", "the message holds an identifier of somebody else"],
    [
      "the operator's number in the clear",
      "You have 07700 900123",
      "the message holds a sealed value in the clear; write its label instead",
    ],
    ["an e-mail address in words", "jane at host dot example", "the message holds an identifier of somebody else"],
    ["nothing", "  ", "the message is empty"],
    ["control characters", "a\u202eb", "the message holds control characters"],
  ])("sends no message with %s", async (_, body, reason) => {
    const courier = createCourier({ vault, masker, transports: [post()], disclose });
    expect(await courier.deliver({ ...message, body }, signal)).toEqual({ status: "error", via: "courier", reason });
    expect(await readInbox(join(home, "inbox.jsonl"))).toEqual([]);
  });

  test("sends no text of more than 1,600 characters", async () => {
    const { port, seen } = await service((_, response) => response.writeHead(201).end(JSON.stringify({ sid: "SM1" })));
    const courier = createCourier({ vault, masker, transports: [viaTwilio(port)], disclose });
    expect(await courier.deliver({ ...message, body: "a ".repeat(800) }, signal)).toMatchObject({ status: "error" });
    expect(seen).toEqual([]);
  });

  test("leaves the subject out of a text message before the disclosure", async () => {
    const { port, seen } = await service((_, response) => response.writeHead(201).end(JSON.stringify({ sid: "SM1" })));
    const texts: string[] = [];
    const courier = createCourier({
      vault,
      masker,
      transports: [viaTwilio(port)],
      disclose: (text) => {
        texts.push(text);
        return "x".repeat(150);
      },
    });
    const body = "a ".repeat(700).trim();
    expect(await courier.deliver({ ...message, subject: "s".repeat(120), body }, signal)).toMatchObject({
      status: "ok",
    });
    expect(new URLSearchParams(seen[0]?.body).get("Body")).toBe(`${body}\n${"x".repeat(150)}`);
    // What is disclosed is what is sent, not the longer text that had no room.
    expect(texts.at(-1)).toBe(body);
  });

  test("signs its requests anew each time, over their body, and sends none that it may not sign", async () => {
    const { port, seen } = await service((_, response) => response.writeHead(201).end(JSON.stringify({ sid: "SM1" })));
    const asked: unknown[] = [];
    let may = true;
    const transport = twilio({
      accountSid: "AC1",
      authToken: "secret",
      from: "+15005550006",
      baseUrl: "http://gateway.example",
      connect: { host: "127.0.0.1", port },
      sign: (request) => {
        if (!may) throw new Error("revoked");
        asked.push(request);
        return { signature: `number ${asked.length}` };
      },
    });
    const courier = createCourier({ vault, masker, transports: [transport], disclose });
    await courier.deliver(message, signal);
    await courier.deliver(message, signal);
    expect(seen.map(({ headers }) => headers.signature)).toEqual(["number 1", "number 2"]);
    expect(asked[0]).toEqual({
      method: "POST",
      url: "http://gateway.example/2010-04-01/Accounts/AC1/Messages.json",
      body: seen[0]?.body,
    });
    may = false;
    expect(await courier.deliver(message, signal)).toMatchObject({ status: "error" });
    expect(seen).toHaveLength(2);
  });

  test("tries the next way after an error, never after an unknown outcome", async () => {
    const unknown: Transport = {
      name: "lost",
      reaches: "none",
      limit: 999,
      send: async () => ({ status: "unknown", via: "lost", reason: "x" }),
      arrived: async () => null,
    };
    const failing: Transport = {
      ...unknown,
      name: "down",
      send: async () => ({ status: "error", via: "down", reason: "y" }),
    };
    expect(
      await createCourier({ vault, masker, transports: [failing, post()], disclose }).deliver(message, signal),
    ).toMatchObject({ status: "ok", via: "inbox" });
    expect(
      await createCourier({ vault, masker, transports: [unknown, post()], disclose }).deliver(message, signal),
    ).toMatchObject({ status: "unknown", via: "lost" });
    expect(await readInbox(join(home, "inbox.jsonl"))).toHaveLength(1);
  });

  test("the inbox keeps a message past a line that a crash cut short", async () => {
    const path = join(home, "inbox.jsonl");
    writeFileSync(path, '{"id":"1","at":1,"subj');
    const courier = createCourier({ vault, masker, transports: [post()], disclose });
    expect(await courier.deliver(message, signal)).toMatchObject({ status: "ok", via: "inbox" });
    expect(await readInbox(path)).toMatchObject([{ subject: "Candor" }]);
    expect(await courier.arrived("run-1:7")).toBe(true);
    expect(await courier.arrived("run-2:7")).toBe(false);
  });
});

describe("ntfy", () => {
  test("posts to the topic and finds the message again", async () => {
    let stored = "";
    const { port, seen } = await service(({ method, body }, response) => {
      if (method === "POST") stored = body;
      response
        .writeHead(200)
        .end(method === "POST" ? '{"id":"n1"}' : `${JSON.stringify({ event: "message", message: stored })}\n`);
    });
    const courier = createCourier({
      vault,
      masker,
      transports: [ntfy({ topic: "my topic", token: "tk", baseUrl: `http://127.0.0.1:${port}` })],
      disclose,
    });
    expect(await courier.deliver({ ...message, subject: "Prüfung" }, signal)).toEqual({
      status: "ok",
      via: "ntfy",
      id: "n1",
    });
    expect(seen[0]).toMatchObject({
      url: "/my%20topic",
      headers: { authorization: "Bearer tk", title: "=?UTF-8?B?UHLDvGZ1bmc=?=" },
      body: `${message.body}\n${disclose("", shortReference("run-1:7"))}`,
    });
    expect(await courier.arrived("run-1:7")).toBe(true);
  });
});

describe("SMTP", () => {
  /** Speaks as much SMTP as a message needs; `break` closes the line after that command. */
  async function mailServer(breakAt?: "RCPT" | "DATA" | "."): Promise<{ port: number; mail: string[] }> {
    const mail: string[] = [];
    const server = net.createServer((socket) => {
      let data = false;
      let text = "";
      socket.on("error", () => {});
      socket.write("220 mail.example ready\r\n");
      socket.on("data", (chunk) => {
        for (const line of chunk.toString("utf8").split("\r\n")) {
          if (data) {
            text += `${line}\n`;
            if (line !== ".") continue;
            if (breakAt === ".") return socket.destroy();
            data = false;
            mail.push(text);
            socket.write("250 queued\r\n");
          } else if (/^EHLO/.test(line)) socket.write("250 mail.example\r\n");
          else if (/^RCPT/.test(line)) socket.write(breakAt === "RCPT" ? "550 no such user\r\n" : "250 ok\r\n");
          else if (/^DATA/.test(line)) {
            if (breakAt === "DATA") return socket.destroy();
            data = true;
            socket.write("354 go\r\n");
          } else if (/^QUIT/.test(line)) socket.end("221 bye\r\n");
          else if (line !== "") socket.write("250 ok\r\n");
        }
        return undefined;
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closing.push(() => server.close());
    return { port: (server.address() as AddressInfo).port, mail };
  }
  const via = (port: number) =>
    smtp({ host: "127.0.0.1", port, requireTls: false, from: "candor@host.example", timeoutMs: 3_000 });

  test("sends to the verified address", async () => {
    const { port, mail } = await mailServer();
    const courier = createCourier({ vault, masker, transports: [via(port)], disclose });
    expect(await courier.deliver(message, signal)).toMatchObject({ status: "ok", via: "smtp" });
    expect(mail).toHaveLength(1);
    expect(mail[0]).toContain("To: ada.pike@gmail.com");
    expect(mail[0]).toContain(`Sent by an agent: ${shortReference("run-1:7")}`);
    expect(await courier.arrived("run-1:7")).toBe(null);
  });

  test.each([
    ["RCPT", "error"],
    [".", "unknown"],
  ] as const)("a failure at %s is %s", async (at, status) => {
    const { port } = await mailServer(at);
    const outcome = await via(port).send("ada.pike@gmail.com", message, signal);
    expect(outcome.status).toBe(status);
    expect(JSON.stringify(outcome)).not.toContain("ada.pike");
  });

  test("a server that is down, or offers no TLS where it is asked for, is an error", async () => {
    const { port } = await mailServer();
    expect(
      await smtp({ host: "127.0.0.1", port, from: "c@host.example" }).send("a@b.example", message, signal),
    ).toMatchObject({ status: "error" });
    expect(await via(1).send("a@b.example", message, signal)).toMatchObject({ status: "error" });
  });
});

describe("verification by a one-time code", () => {
  function setup() {
    const store = new IdentityStore(home);
    store.save(identity);
    const sent: { to: string | null; body: string }[] = [];
    let now = 1_000_000;
    const text: Transport = {
      name: "probe",
      reaches: "phone",
      limit: 999,
      send: async (to, { body }) => {
        sent.push({ to, body });
        return { status: "ok", via: "probe", id: "1" };
      },
      arrived: async () => null,
    };
    return {
      store,
      sent,
      code: () => /\d{6}/.exec(sent.at(-1)?.body ?? "")?.[0] ?? "",
      pass: (ms: number) => {
        now += ms;
      },
      verification: createVerification({ store, transports: [text], now: () => now }),
    };
  }
  const other = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, "0");

  test("the right code verifies, once, and no file holds it", async () => {
    const { store, sent, code, verification } = setup();
    expect(await verification.startVerification("phone", 0)).toMatchObject({ status: "sent", via: "probe" });
    expect(sent[0]?.to).toBe("+447700900123");
    expect(readFileSync(store.path, "utf8")).not.toContain(code());
    expect(verification.confirm(code())).toEqual({ status: "verified", label: "phone 1" });
    expect(store.load().verified).toEqual({ phones: [0], emails: [] });
    expect(verification.confirm(code())).toMatchObject({ status: "expired" });
  });

  test("five wrong codes end it, though the right one follows", async () => {
    const { code, store, verification } = setup();
    await verification.startVerification("phone", 0);
    for (const left of [4, 3, 2, 1])
      expect(verification.confirm(other(code()))).toEqual({
        status: "wrong",
        reason: `the code is wrong: ${left} tries are left`,
      });
    expect(verification.confirm(other(code()))).toMatchObject({ status: "expired" });
    expect(verification.confirm(code())).toMatchObject({ status: "expired" });
    expect(store.load().verified.phones).toEqual([]);
  });

  test("a code lives ten minutes", async () => {
    const { code, pass, verification } = setup();
    await verification.startVerification("phone", 0);
    pass(600_000);
    expect(verification.confirm(code())).toEqual({
      status: "expired",
      reason: "the code has expired: ask for another",
    });
  });

  test("codes are limited in number, and what cannot be reached is refused", async () => {
    const { pass, sent, verification } = setup();
    expect(await verification.startVerification("e-mail", 0)).toEqual({
      status: "refused",
      reason: "no way to send e-mail (SMTP) is set up",
    });
    expect(await verification.startVerification("phone", 7)).toEqual({
      status: "refused",
      reason: "there is no phone 8 in the identity",
    });
    await verification.startVerification("phone", 0);
    expect(await verification.startVerification("phone", 1)).toMatchObject({
      status: "refused",
      reason: "a code was sent just now: wait half a minute",
    });
    for (let n = 0; n < 6; n++) {
      pass(31_000);
      await verification.startVerification("phone", 0);
    }
    expect(sent).toHaveLength(5);
    pass(3_600_000);
    expect(await verification.startVerification("phone", 0)).toMatchObject({ status: "sent" });
  });
});
