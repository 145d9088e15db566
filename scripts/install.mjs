// Installs and builds. Installs when package-lock.json says something else than what is installed. Plain JavaScript: it runs on the machine's own Node 20.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
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

/** Builds the pages when they are missing or older than what they are made from; everything else runs as it is. */
export function ensureBuilt() {
  const web = `${root}apps/web/`;
  const sources = ["index.html", "vite.config.ts", "package.json"];
  for (const file of readdirSync(`${web}src`, { recursive: true })) sources.push(`src/${file}`);
  const built = mtime(`${web}dist/index.html`);
  if (sources.every((file) => mtime(web + file) <= built)) return;
  process.stderr.write("Building the pages (once; some seconds) ...\n");
  const { status, stdout, stderr } = spawnSync(node, [`${root}node_modules/vite/bin/vite.js`, "build"], {
    cwd: web,
    encoding: "utf8",
    env: { ...process.env, NODE_ENV: "production" },
  });
  if (status === 0) return;
  process.stderr.write(`${stdout}${stderr}error: the pages could not be built\nhint: See the lines above.\n`);
  process.exit(1);
}

function mtime(path) {
  return existsSync(path) ? statSync(path).mtimeMs : 0;
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
