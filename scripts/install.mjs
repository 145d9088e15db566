// Installs when package-lock.json says something else than what is installed. Plain JavaScript: it runs on the machine's own Node 20.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));
/** Node 24, which the root's `node` dependency brings. */
export const node = `${root}node_modules/node/bin/node`;

/** Ends the process with one clear line when the install fails. */
export function ensureInstalled() {
  if (existsSync(node) && installedFits()) return;
  process.stderr.write("Installing what package-lock.json lists (once; about half a minute) ...\n");
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (status === 0 && existsSync(node)) return;
  process.stderr.write(
    "error: npm ci failed\nhint: Candor needs the npm registry once. See the lines above, then run the command again.\n",
  );
  process.exit(1);
}

/** npm keeps a copy of what it installed; the packages in it must be those of the lock file. */
function installedFits() {
  try {
    const versions = (file) => {
      const { packages } = JSON.parse(readFileSync(`${root}${file}`, "utf8"));
      return new Map(
        Object.entries(packages).flatMap(([path, { version, link }]) =>
          path.startsWith("node_modules/") && !link ? [[path, version]] : [],
        ),
      );
    };
    const wanted = JSON.parse(readFileSync(`${root}package-lock.json`, "utf8")).packages;
    const installed = versions("node_modules/.package-lock.json");
    return Object.entries(wanted).every(
      ([path, { version, link, optional, peer }]) =>
        !path.startsWith("node_modules/") || link || optional || peer || installed.get(path) === version,
    );
  } catch {
    return false;
  }
}
