import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

test("the README's example is examples/one-model.ts, and it runs", () => {
  const path = fileURLToPath(new URL("../examples/one-model.ts", import.meta.url));
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  expect(readme).toContain(`\`\`\`ts\n// examples/one-model.ts\n${readFileSync(path, "utf8")}\`\`\``);
  const root = fileURLToPath(new URL("../../..", import.meta.url));
  const { stdout, stderr } = spawnSync(process.execPath, [path], { encoding: "utf8", cwd: root });
  expect(stderr).toBe("");
  expect(stdout).toBe("[ 1, 4, 5, 5 ]\n8\n");
});
