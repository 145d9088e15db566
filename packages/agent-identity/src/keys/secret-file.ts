/** The secret that an agent's keys come from: a file that its owner alone can read, made on first use. */
import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, statSync, unlinkSync, writeSync } from "node:fs";
import { Malformed } from "../malformed.ts";

const BYTES = 32;

/**
 * @returns 32 bytes
 * @throws Malformed when the file is no secret, or others than its owner can read it
 */
export function openSecret(path: string): Uint8Array {
  return readSecret(path) ?? makeSecret(path);
}

/** Undefined where there is none yet. */
export function readSecret(path: string): Uint8Array | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Malformed(`${path} cannot be read`, "It must be yours.");
  }
  if (process.platform !== "win32" && (statSync(path).mode & 0o077) !== 0)
    throw new Malformed(`${path} can be read by others than you`, `chmod 600 ${path}`);
  const secret = Buffer.from(text.trim(), "base64url");
  if (secret.length !== BYTES)
    throw new Malformed(`${path} is not the secret of an agent`, "Move it away; a new one is made, under a new name.");
  return secret;
}

/** Two processes that come at once end up with the same: the link is made once, and whoever is late reads it. */
function makeSecret(path: string): Uint8Array {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`;
  const file = openSync(draft, "wx", 0o600);
  try {
    writeSync(file, `${randomBytes(BYTES).toString("base64url")}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    unlinkSync(draft);
  }
  const secret = readSecret(path);
  if (secret === undefined) throw new Malformed(`${path} cannot be made`);
  return secret;
}
