/** Files that only their owner may read, replaced as a whole or not at all. */
import { randomBytes } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";

export function privateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
}

/** Replaces the file at `path` in one step. `durable` waits until it survives a power cut; a kill it survives anyway. */
export function replaceFile(path: string, data: Uint8Array | string, durable: boolean): void {
  const draft = writeDraft(path, data, durable);
  try {
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  if (durable) syncFolder(dirname(path));
}

/** Overwrites the beginning of the file at `path`, in one piece where `data` is no larger than a block. False when there is none. */
export function overwriteFile(path: string, data: Uint8Array): boolean {
  let handle: number;
  try {
    handle = openSync(path, "r+");
  } catch (error) {
    if (isCode(error, "ENOENT")) return false;
    throw error;
  }
  try {
    if (writeSync(handle, data, 0, data.length, 0) < data.length) throw new Error(`${path} was not written whole`);
  } finally {
    closeSync(handle);
  }
  return true;
}

/** Creates the file at `path` in one step and returns what it holds then: `data`, or what somebody else put there first. */
export function createFile(path: string, data: Uint8Array): Buffer {
  const draft = writeDraft(path, data, true);
  try {
    linkSync(draft, path);
    syncFolder(dirname(path));
  } catch (error) {
    if (!isCode(error, "EEXIST")) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return readFileSync(path);
}

export function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** Makes a rename, link or removal in `folder` survive a power cut. */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

function writeDraft(path: string, data: Uint8Array | string, durable: boolean): string {
  const draft = `${path}.${randomBytes(4).toString("hex")}.tmp`;
  const handle = openSync(draft, "wx", 0o600);
  try {
    const bytes = typeof data === "string" ? Buffer.from(data) : data;
    let written = 0;
    while (written < bytes.length) written += writeSync(handle, bytes, written);
    if (durable) fsyncSync(handle);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  } finally {
    closeSync(handle);
  }
  return draft;
}
