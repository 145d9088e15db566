import { createHash } from "node:crypto";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import type { Transport } from "../delivery/transport.ts";
import { identity, vault } from "../masking/testing.ts";
import { createVault } from "./vault.ts";

const { signal } = new AbortController();

describe("match", () => {
  test.each([
    ["phone", "+44 7700 900123", 1],
    ["phone", "(07700) 900-123", 1],
    ["phone", "0044 (0)7700 900123", 1],
    ["phone", "zero seven seven zero zero nine zero zero one two three", 1],
    ["phone", "٠٧٧٠٠٩٠٠١٢٣", 1],
    ["phone", "900123", null],
    ["phone", "+1 7700 900123", null],
    ["phone", "07700 900124", null],
    ["phone", "23125678", null],
    ["phone", "3023125678", 2],
    ["e-mail", "ADAPIKE+news@gmail.com", 1],
    ["e-mail", "ada at pike dot example", 2],
    ["e-mail", "ada@pike.example.org", null],
    ["address", "14 Harbour St", 1],
    ["address", "15 Harbour St", null],
    ["address", "5 Lindenstrasse, Berlin", 2],
    ["birth date", "03/12/84", 1],
    ["birth date", "12 March", 1],
    ["birth date", "12 March 1985", null],
  ] as const)("%s %j is %s", (kind, text, number) => {
    expect(vault.match({ kind, text })).toEqual(
      number === null ? { yours: false } : { yours: true, label: `${kind} ${number}`, index: number - 1 },
    );
  });
});

test("a vault shows nothing of what it holds", () => {
  const shown = [
    JSON.stringify(vault),
    inspect(vault, { depth: null, showHidden: true }),
    String(vault),
    JSON.stringify({ ...vault }),
    Object.values(vault).map(String).join(),
  ].join();
  for (const value of Object.values(identity.sealed).flat()) expect(shown).not.toContain(value);
});

describe("breaches", () => {
  const sha1 = (text: string) => createHash("sha1").update(text).digest("hex").toUpperCase();

  test("only five hex digits leave", async () => {
    const asked: string[] = [];
    const found = await vault.checkBreaches(async (prefix) => {
      asked.push(prefix);
      const hash = sha1("ada@pike.example");
      return new Map(hash.startsWith(prefix) ? [[hash.slice(5), 3]] : [["0".repeat(35), 9]]);
    });
    expect(found).toEqual([{ label: "e-mail 2", count: 3 }]);
    expect(asked).toEqual(identity.sealed.emails.map((email) => sha1(email).slice(0, 5)).sort());
    expect(vault.breachPrefixes()).toEqual(asked);
  });
});

describe("delivery", () => {
  const to: (string | null)[] = [];
  const transport: Transport = {
    name: "probe",
    reaches: "phone",
    limit: 100,
    send: async (destination) => {
      to.push(destination);
      return { status: "ok", via: "probe", id: "1" };
    },
    arrived: async () => true,
  };

  test("goes to a verified number only", async () => {
    expect(await vault.deliver({ subject: "", body: "hello" }, transport, signal)).toEqual({
      status: "error",
      via: "probe",
      reason: "no phone number is verified: run `candor me verify`",
    });
    expect(await vault.arrived("x", transport)).toBe(null);
    const verified = createVault(identity.sealed, identity.seeds, { phones: [1], emails: [] });
    expect(await verified.deliver({ subject: "", body: "hello" }, transport, signal)).toMatchObject({ status: "ok" });
    expect(to).toEqual([identity.sealed.phones[1]]);
  });

  test("an error of a transport does not carry the number out", async () => {
    const verified = createVault(identity.sealed, identity.seeds, { phones: [0], emails: [] });
    const failing: Transport = {
      ...transport,
      send: async (destination) => Promise.reject(new Error(`cannot reach ${destination}`)),
    };
    const outcome = await verified.deliver({ subject: "", body: "hello" }, failing, signal);
    expect(outcome).toEqual({ status: "unknown", via: "probe", reason: "the transport failed in the middle" });
  });
});
