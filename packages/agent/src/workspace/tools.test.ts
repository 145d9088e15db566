import { mkdtempSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import type { Masker, ToolContext } from "../ports.ts";
import { workspaceTools } from "./tools.ts";

const masker: Masker = {
  document: (document) => ({ document, counts: { yours: 0, others: 0 } }),
  text: (text) => ({ text: text.replaceAll("SECRET", "[masked]"), counts: { yours: 0, others: 0 } }),
};
const context: ToolContext = { run: "r", step: 1, reference: "x", signal: AbortSignal.timeout(10_000), events: [] };
let outside: string;
let folder: string;
beforeEach(() => {
  outside = mkdtempSync(join(tmpdir(), "candor-workspace-"));
  folder = join(outside, "inside");
});
const call = (name: string, args: Record<string, unknown>) => {
  const tool = workspaceTools(folder, masker).find((t) => t.name === name);
  if (!tool) throw new Error(name);
  return tool.run(args, context);
};

test("what was written can be listed and read, masked", async () => {
  expect(await call("write_file", { path: "notes/a.txt", text: "it is SECRET" })).toMatchObject({ status: "ok" });
  expect(await call("list_files", {})).toMatchObject({ text: join("notes", "a.txt") });
  expect(await call("read_file", { path: "notes/a.txt" })).toMatchObject({ status: "ok", text: "it is [masked]" });
  expect(await call("read_file", { path: "b.txt" })).toMatchObject({ status: "missing" });
});

test("no path leaves the folder, through links neither", async () => {
  await call("write_file", { path: "a.txt", text: "a" });
  writeFileSync(join(outside, "private.txt"), "private");
  symlinkSync(outside, join(folder, "out"));
  symlinkSync(join(outside, "private.txt"), join(folder, "link.txt"));
  for (const path of ["../private.txt", "/etc/passwd", "out/private.txt", "link.txt", "out/new/deep.txt", "."]) {
    expect((await call("read_file", { path })).text, path).not.toContain("private\n");
    expect((await call("write_file", { path, text: "x" })).status, path).toBe("refused");
  }
  expect(readdirSync(outside).sort()).toEqual(["inside", "private.txt"]);
});

test("whatever the path, nothing appears outside the folder", async () => {
  const piece = fc.constantFrom("..", ".", "a", "b.txt", "/", "//", "~", "%2e%2e", "\\", " ");
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 8 }), async (pieces) => {
      await call("write_file", { path: pieces.join("/").slice(0, 300), text: "x" }).catch(() => {});
      expect(readdirSync(outside)).toEqual(["inside"]);
    }),
    { numRuns: 150 },
  );
});
