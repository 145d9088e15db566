// `npm start`: installs if need be and runs the main job, a self-audit of a bundled persona in a simulated town.
import { spawn } from "node:child_process";
import { ensureBuilt, ensureInstalled, node, root } from "./install.mjs";

ensureInstalled();
ensureBuilt();
const given = process.argv.slice(2);
const child = spawn(node, [`${root}apps/cli/src/main.ts`, "audit", ...given], { stdio: "inherit" });
// The terminal sends Ctrl-C to both; the child decides what it means.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => child.kill("SIGTERM"));
child.on("exit", (code, signal) => process.exit(signal ? 130 : (code ?? 1)));
