/** The token of a home folder's server. It stays the same over restarts, so that open pages and raters' bookmarks go on working. */
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Reads `token` in the home folder, or makes it, mode 0600. */
export function serveToken(home: string): string {
  const path = join(home, "token");
  try {
    const token = readFileSync(path, "utf8").trim();
    if (token.length >= 24) return token;
  } catch {
    // The first server of this home.
  }
  const token = randomBytes(24).toString("base64url");
  mkdirSync(home, { recursive: true, mode: 0o700 });
  writeFileSync(path, `${token}\n`, { mode: 0o600 });
  return token;
}
