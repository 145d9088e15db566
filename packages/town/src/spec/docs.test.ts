import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { loadSpec } from "./load.ts";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");
const blocks = (markdown: string, language: string): string[] =>
  [...markdown.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)]
    .filter(([, info]) => info === language)
    .map(([, , code = ""]) => code);

const guide = read("../../../../docs/write-a-town.md");

test("the smallest town of the guide is a town", async () => {
  const [smallest = ""] = blocks(guide, "json");
  const path = join(mkdtempSync(join(tmpdir(), "candor-spec-")), "town.json");
  writeFileSync(path, smallest);
  expect((await loadSpec(path)).facts).toMatchObject([{ kind: "phone", reachable: true }]);
});

test("the pieces of the guide stand in the example", () => {
  const example = read("../../examples/harbour/town.json");
  const pieces = blocks(guide, "json harbour");
  expect(pieces.length).toBeGreaterThan(5);
  for (const piece of pieces) expect(example).toContain(piece);
});

test("the README's example is examples/first-town.ts, and it runs", () => {
  const path = fileURLToPath(new URL("../../examples/first-town.ts", import.meta.url));
  expect(blocks(read("../../README.md"), "ts")).toEqual([`// examples/first-town.ts\n${readFileSync(path, "utf8")}`]);
  const { stdout, stderr } = spawnSync(process.execPath, [path], { encoding: "utf8" });
  expect(stderr).toBe("");
  expect(stdout).toMatch(
    /^\d+ hosts; 10 results for .+ on the first page\ngrader-3: precision 1, recall 0\.06, phone true\n$/,
  );
});
