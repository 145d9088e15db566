/** Builds the pages for tests, when they are missing or older than what they are made from. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const WEB = fileURLToPath(new URL("../..", import.meta.url));
const VITE = fileURLToPath(new URL("../../bin/vite.js", import.meta.resolve("vite")));

export function buildPages(): void {
  const dist = join(WEB, "dist");
  if (isFresh(dist)) return;
  // Aside first: who tests beside us, or serves, never meets half of it.
  const aside = `${dist}.${process.pid}`;
  const { status, stdout, stderr } = spawnSync(process.execPath, [VITE, "build", "--outDir", aside, "--emptyOutDir"], {
    cwd: WEB,
    encoding: "utf8",
    env: { ...process.env, NODE_ENV: "production" },
  });
  if (status !== 0) throw new Error(`the pages could not be built\n${stdout}${stderr}`);
  const old = `${dist}.${process.pid}.old`;
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(aside, dist);
  rmSync(old, { recursive: true, force: true });
}

function isFresh(dist: string): boolean {
  const built = mtime(join(dist, "index.html"));
  const sources = readdirSync(join(WEB, "src"), { recursive: true, encoding: "utf8" })
    .filter((file) => !/\.test\.ts$|^testing\//.test(file))
    .map((file) => join("src", file));
  return [...sources, "index.html", "vite.config.ts", "package.json"].every((file) => mtime(join(WEB, file)) <= built);
}

const mtime = (path: string): number => (existsSync(path) ? statSync(path).mtimeMs : 0);
