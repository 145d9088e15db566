import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { identity } from "../masking/testing.ts";
import { IdentityStore } from "./store.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "candor-identity-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const everything = () =>
  readdirSync(home)
    .map((name) => readFileSync(join(home, name), "latin1"))
    .join("\n");

describe("the identity on disk", () => {
  test("comes back as it was saved, and shows nothing sealed", () => {
    const store = new IdentityStore(home);
    store.save(identity);
    expect(store.load()).toMatchObject(identity);
    for (const value of Object.values(identity.sealed).flat()) expect(everything()).not.toContain(value);
    expect(everything()).toContain("Ada Pike");
    expect(readdirSync(home).sort()).toEqual(["identity.json", "identity.key"]);
    for (const name of readdirSync(home)) expect(statSync(join(home, name)).mode & 0o777).toBe(0o600);
  });

  test("keeps token, proofs and what is verified of values that stay", () => {
    const store = new IdentityStore(home);
    const { token } = store.save(identity);
    const proof = { site: "https://adapike.example", method: "token" as const, provenAt: 1, expiresAt: 2 };
    store.update((record) => ({ ...record, proofs: [proof], verified: { phones: [0], emails: [1] } }));
    const saved = store.save({
      ...identity,
      sealed: {
        ...identity.sealed,
        phones: ["+447700900999", ...identity.sealed.phones],
        emails: ["new@host.example"],
      },
    });
    expect(saved).toMatchObject({ token, proofs: [proof], verified: { phones: [1], emails: [] } });
    expect(store.load()).toEqual(saved);
  });

  test.each([
    ["a seed", (text: string) => text.replace("Ada Pike", "Jane Roe")],
    ["the token", (text: string) => text.replace(/"token": "./, '"token": "z')],
    ["the sealed part", (text: string) => text.replace(/"data": "..../, '"data": "AAAA')],
  ])("is refused when %s was changed", (_, change) => {
    const store = new IdentityStore(home);
    store.save(identity);
    const changed = change(readFileSync(store.path, "utf8"));
    writeFileSync(store.path, changed);
    expect(() => store.load()).toThrow(
      `${store.path} was changed outside Candor or belongs to another key: delete the identity and set it up again.`,
    );
  });

  test("says what is wrong in one line", () => {
    const store = new IdentityStore(home);
    expect(() => store.load()).toThrow("No identity is set up: run `candor me set` first.");
    store.save(identity);
    chmodSync(join(home, "identity.key"), 0o644);
    expect(() => store.load()).toThrow(/can be read by others: run chmod 600 on it\.$/);
    rmSync(join(home, "identity.key"));
    expect(() => store.load()).toThrow(/^The key of .* is missing: /);
    writeFileSync(store.path, "{");
    expect(() => store.load()).toThrow(/is damaged: restore it/);
  });

  test("is gone after it is deleted, key and all", () => {
    const store = new IdentityStore(home);
    store.save(identity);
    store.delete();
    expect(readdirSync(home)).toEqual([]);
    expect(existsSync(store.path)).toBe(false);
    store.delete();
  });
});
