// `npm test`: installs if need be, then the fast checks first. Ends with one line `N passed, N failed, N skipped`.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureBuilt, ensureInstalled, node, root } from "./install.mjs";

ensureInstalled();
ensureBuilt();
const env = {
  ...process.env,
  PATH: `${root}node_modules/node/bin:${root}node_modules/.bin:${process.env.PATH}`,
  // A hundred tests start a server or a command: each would strip the types of, and compile, the same files.
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(tmpdir(), "node-compile-cache"),
};
const bin = (name) => `${root}node_modules/.bin/${name}`;

const checks = [
  ["lint", bin("biome"), ["check", "."]],
  ["types", bin("tsc"), ["--noEmit", "-p", "tsconfig.json"]],
  ["arrows", bin("depcruise"), ["--config", ".dependency-cruiser.mjs", "packages", "apps", "bench"]],
  ["dead code", bin("knip"), []],
];
let failed = 0;
for (const [name, command, args] of checks) {
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    env,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${status === 0 ? "ok    " : "FAILED"} ${name} (${seconds} s)`);
  if (status !== 0) {
    failed++;
    console.log(stdout + stderr);
  }
}

const folder = mkdtempSync(join(tmpdir(), "candor-test-"));
const output = join(folder, "vitest.json");
const vitest = spawnSync(
  node,
  [
    `${root}node_modules/vitest/vitest.mjs`,
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${output}`,
    ...process.argv.slice(2),
  ],
  {
    cwd: root,
    env,
    stdio: ["ignore", "inherit", "inherit"],
  },
);
let passed = 0;
let skipped = 0;
if (existsSync(output)) {
  const report = JSON.parse(readFileSync(output, "utf8"));
  passed = report.numPassedTests;
  failed += report.numFailedTests;
  skipped = report.numPendingTests + (report.numTodoTests ?? 0);
  for (const file of report.testResults) {
    const reasons = file.assertionResults.filter((test) => test.status === "skipped" || test.status === "pending");
    if (reasons.length > 0)
      console.log(`skipped ${reasons.length} in ${file.name.slice(root.length)}: ${reasons[0].fullName}`);
  }
}
rmSync(folder, { recursive: true, force: true });
// A file that could not be loaded has failed without a failed test.
if (vitest.status !== 0 && failed === 0) failed = 1;
if (passed === 0) failed = Math.max(failed, 1);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed === 0 ? 0 : 1);
