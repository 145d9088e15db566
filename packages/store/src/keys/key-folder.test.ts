import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openStore } from "../store.ts";
import { keyFolder } from "./key-folder.ts";
import { FolderKeyRing } from "./keyring.ts";

let cwd = "";
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "candor-cwd-"));
  vi.spyOn(process, "cwd").mockReturnValue(cwd);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(cwd, { recursive: true, force: true });
});

test("an empty CANDOR_KEYRING is one that is not set", () => {
  expect(keyFolder("/home/a", { CANDOR_KEYRING: "" })).toBe("/home/a");
  expect(keyFolder("/home/a", { CANDOR_KEYRING: "/shared" })).toBe("/shared");
});

test("a store with an empty CANDOR_KEYRING keeps its keys at home", async () => {
  const home = mkdtempSync(join(tmpdir(), "candor-home-"));
  vi.stubEnv("CANDOR_KEYRING", "");
  try {
    await using _ = await openStore({ home });
    expect(readdirSync(home)).toEqual(expect.arrayContaining(["master.key", "signing.key"]));
    expect(readdirSync(cwd)).toEqual([]);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

test.each(["", ".", "keys", "~/candor"])("no keys and no database are made in %j", async (folder) => {
  const refused = { kind: "bad folder", code: 2 };
  expect(() => new FolderKeyRing(folder)).toThrow(expect.objectContaining(refused));
  await expect(openStore({ home: folder })).rejects.toMatchObject(refused);
  await expect(openStore({ home: "/nowhere", keyring: folder })).rejects.toMatchObject(refused);
  if (folder) expect(() => keyFolder("/home/a", { CANDOR_KEYRING: folder })).toThrow(expect.objectContaining(refused));
  expect(readdirSync(cwd)).toEqual([]);
});
