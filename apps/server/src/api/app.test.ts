import type { Recorded } from "@candor/store";
import { describe, expect, test } from "vitest";
import { badInput } from "../failure.ts";
import type { Service } from "../service.ts";
import { createApp } from "./app.ts";

const event = (seq: number): Recorded => ({
  run: "r-1",
  seq,
  at: seq,
  hash: "h",
  event: { type: "operator.said", text: `word ${seq}`, by: "test" },
});

/** A service that answers from memory; only what these tests ask for. */
function service(more: Partial<Service> = {}): Service {
  const refuse = () => {
    throw new Error("not asked for in this test");
  };
  const base = {
    resolve: async (run: string) => run,
    findings: async () => [],
    events: async (_: string, after: number) => [event(1), event(2)].slice(after),
    subscribe: () => () => {},
    ...more,
  };
  return new Proxy(base, { get: (target, key) => Reflect.get(target, key) ?? refuse }) as unknown as Service;
}

const ask = (path: string, init: RequestInit = {}, more: Partial<Service> = {}) =>
  createApp(service(more), { token: "token", cookie: "candor_1" }).request(`http://127.0.0.1${path}`, {
    ...init,
    headers: {
      host: "127.0.0.1:1",
      authorization: "Bearer token",
      "content-type": "application/json",
      ...init.headers,
    },
  });

describe("the API", () => {
  test("answers only with the token, and only to loopback names", async () => {
    expect((await ask("/api/runs/r-1/events", { headers: { authorization: "Bearer wrong" } })).status).toBe(401);
    expect((await ask("/api/runs/r-1/events", { headers: { authorization: "" } })).status).toBe(401);
    const rebound = await ask("/api/runs/r-1/events", { headers: { host: "evil.example:1" } });
    expect(rebound.status).toBe(421);
    expect(await rebound.json()).toMatchObject({ error: "this server does not answer to the name evil.example" });
  });

  test("says in one line what is wrong with a request, with the exit code for it", async () => {
    const bad = await ask("/api/runs", {
      method: "POST",
      body: JSON.stringify({ kind: "audit", world: { kind: "moon" }, mind: { kind: "scout" } }),
    });
    expect(bad.status).toBe(400);
    expect(await bad.json()).toMatchObject({ error: expect.stringMatching(/^world/), exit: 2 });
    const refused = await ask(
      "/api/runs/r-1/resume",
      { method: "POST", body: "{}" },
      { resume: async () => Promise.reject(badInput("it is finished", "look at it")) },
    );
    expect(refused.status).toBe(400);
    expect(await refused.json()).toEqual({ error: "it is finished", hint: "look at it", exit: 2 });
    expect((await ask("/api/nowhere")).status).toBe(404);
  });

  test("a body that is not JSON is the asker's mistake", async () => {
    const response = await ask("/api/runs", { method: "POST", body: "{nope" });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: "Malformed JSON in request body", hint: "", exit: 2 });
  });

  test("streams what is in the log, then what comes, without gap or repetition", async () => {
    const log = [event(1), event(2)];
    let wake = () => {};
    const response = await ask(
      "/api/runs/r-1/events?follow=1&after=1",
      {},
      {
        events: async (_, after) => log.filter((e) => e.seq > after),
        subscribe: (_, listener) => {
          wake = () => listener(event(3));
          return () => {};
        },
      },
    );
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    while (!text.includes("word 2")) text += (await reader?.read())?.value ?? "";
    log.push(event(3));
    wake();
    while (!text.includes("word 3")) text += (await reader?.read())?.value ?? "";
    await reader?.cancel();
    expect(text.match(/^id: \d+$/gm)).toEqual(["id: 2", "id: 3"]);
  });

  test("goes on after the last event that a reader had, wherever its address said to begin", async () => {
    const events = async (_: string, after: number) => [event(1), event(2), event(3)].slice(after);
    const read = async (headers: Record<string, string>, query = "") =>
      (await (await ask(`/api/runs/r-1/events${query}`, { headers }, { events })).text()).match(/^id: \d+$/gm);
    expect(await read({ "last-event-id": "2" })).toEqual(["id: 3"]);
    expect(await read({ "last-event-id": "2" }, "?after=1")).toEqual(["id: 3"]);
    expect(await read({ "last-event-id": "" }, "?after=1")).toEqual(["id: 2", "id: 3"]);
    expect(await read({ "last-event-id": "9" })).toBeNull();
    const wrong = await ask("/api/runs/r-1/events", { headers: { "last-event-id": "-1; drop" } }, { events });
    expect(wrong.status).toBe(400);
    expect(await wrong.json()).toMatchObject({ error: expect.stringContaining("Last-Event-ID"), exit: 2 });
  });

  test("describes itself", async () => {
    const document = (await (await ask("/openapi.json")).json()) as { paths: Record<string, unknown> };
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(["/api/runs", "/api/stop", "/api/runs/{run}/events", "/api/schedules/{id}"]),
    );
  });
});
