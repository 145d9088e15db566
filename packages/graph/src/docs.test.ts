import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

test("the README's example is examples/line.ts, and it runs", () => {
  const path = fileURLToPath(new URL("../examples/line.ts", import.meta.url));
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  expect(readme).toContain(`\`\`\`ts\n// examples/line.ts\n${readFileSync(path, "utf8")}\`\`\``);
  const { stdout, stderr } = spawnSync(process.execPath, [path], { encoding: "utf8" });
  expect(stderr).toBe("");
  expect(stdout).toBe("y = 3.000x + 1.000\n");
});
