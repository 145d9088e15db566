import { describe, expect, test } from "vitest";
import { derivedKey, type SigningKey } from "../keys/signing-key.ts";
import { PROFILE } from "../web-bot-auth/profile.ts";
import { directoryResponse } from "./directory.ts";
import { type DirectoryKeysOptions, directoryKeys } from "./directory-keys.ts";
import { type FetchWellKnown, fetchWellKnown, isPublicAddress } from "./fetch-well-known.ts";

const first = derivedKey(Buffer.alloc(32, 1), "1");
const second = derivedKey(Buffer.alloc(32, 1), "2");
const AGENT = "https://agent.example";

/** A site with a directory, and a clock. */
function site(more: DirectoryKeysOptions = {}) {
  const state = { now: Date.UTC(2026, 0, 1), keys: [first] as SigningKey[], down: false, asked: [] as string[] };
  const fetch: FetchWellKnown = async (origin, path) => {
    state.asked.push(origin);
    await Promise.resolve();
    if (state.down) throw new Error("down");
    const request = { method: "GET", url: origin + path, fields: [] };
    const { status, headers, body } = directoryResponse(request, state.keys, state.now);
    return { status, fields: Object.entries(headers), body, request };
  };
  const source = directoryKeys({ fetch, now: () => state.now, ...more });
  const find = async (key: SigningKey, agent: string | undefined = AGENT) => {
    const found = await source.find(key.public.keyid, agent);
    return typeof found === "object" ? found.operator : found;
  };
  return { state, source, find };
}

describe("keys by their directories", () => {
  test("a directory is asked once, and its keys are its agent's alone", async () => {
    const { state, find } = site();
    expect(await find(first)).toBe(AGENT);
    expect(await find(first)).toBe(AGENT);
    expect(state.asked).toEqual([AGENT]);
    // The pair counts: the same key under another address is asked for there.
    state.keys = [second];
    expect(await find(first, "https://other.example")).toBeUndefined();
    expect(await find(first, undefined)).toBe(AGENT);
  });

  test("requests that come together ask once", async () => {
    const { state, find } = site();
    expect(await Promise.all([find(first), find(first), find(second)])).toEqual([AGENT, AGENT, undefined]);
    expect(state.asked).toHaveLength(1);
  });

  test("without an address, and at one that is not allowed, nothing is asked", async () => {
    const { state, source, find } = site({ allowed: ["https://friend.example"] });
    expect(await source.find(first.public.keyid, undefined)).toBeUndefined();
    expect(await find(first)).toBeUndefined();
    expect(state.asked).toEqual([]);
    expect(await find(first, "https://friend.example")).toBe("https://friend.example");
  });

  test("a key that was taken out stops when the directory is read again; an outage takes none back", async () => {
    const { state, find } = site();
    await find(first);
    state.down = true;
    state.now += 11 * 60_000;
    expect(await find(first)).toBe(AGENT);
    expect(await find(second)).toBe("unreachable");
    state.down = false;
    state.keys = [second];
    state.now += 2 * 60_000;
    expect(await find(second)).toBe(AGENT);
    expect(await find(first)).toBeUndefined();
  });

  test("a directory that fails is left alone for a minute", async () => {
    const { state, find } = site();
    state.down = true;
    expect(await find(first)).toBe("unreachable");
    expect(await find(first)).toBe("unreachable");
    expect(state.asked).toHaveLength(1);
    state.now += 61_000;
    state.down = false;
    expect(await find(first)).toBe(AGENT);
  });

  test("a flood of addresses causes few requests", async () => {
    const { state, find } = site({ perMinute: 10 });
    for (let i = 0; i < 100; i++) await find(first, `https://a${i}.example`);
    expect(state.asked).toHaveLength(10);
    state.now += 60_000;
    expect(await find(first, "https://late.example")).toBe("https://late.example");
  });
});

describe("what strangers can make a site ask", () => {
  test.each([
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "169.254.169.254",
    "172.31.255.255",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "fc00::1",
    "fe80::1",
    "ff02::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2001::1",
    "nonsense",
  ])("%s is not public", (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  test.each(["8.8.8.8", "1.1.1.1", "172.32.0.1", "2606:4700:4700::1111", "2a00:1450::1"])("%s is", (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  test.each([
    "http://agent.example",
    "https://127.0.0.1",
    "https://[::1]",
    "https://localhost",
    "https://agent.example:8443",
    "https://intranet",
  ])("%s is refused before anything is asked", async (origin) => {
    await expect(fetchWellKnown(origin, PROFILE.directory.path, new AbortController().signal)).rejects.toThrow(
      /not the address of a site/,
    );
  });
});
