import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

test("the README's example is examples/one-decision.ts, and it runs", () => {
  const path = fileURLToPath(new URL("../examples/one-decision.ts", import.meta.url));
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  expect(readme).toContain(`\`\`\`ts\n// examples/one-decision.ts\n${readFileSync(path, "utf8")}\`\`\``);
  const { stdout, stderr } = spawnSync(process.execPath, [path], { encoding: "utf8" });
  expect(stderr).toBe("");
  expect(stdout).toBe("First I prove that the pages you named are yours, so that I look for nobody else. prove\n");
});
