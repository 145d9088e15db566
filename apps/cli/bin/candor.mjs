#!/usr/bin/env node
// The machine's Node may be older than the one Candor is pinned to: hand over to that one.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const pinned = fileURLToPath(new URL("../../../node_modules/node/bin/node", import.meta.url));
const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const { status, signal } = spawnSync(existsSync(pinned) ? pinned : process.execPath, [main, ...process.argv.slice(2)], {
  stdio: "inherit",
});
process.exitCode = signal === "SIGINT" ? 130 : (status ?? 1);
