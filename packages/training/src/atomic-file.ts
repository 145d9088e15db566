/** Files that are there whole or not at all, whatever happens while they are written. */
import { closeSync, fsyncSync, openSync, renameSync, unlinkSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { fileTrouble } from "./training-error.ts";

/** Hands out a function that appends; the file takes its name when `write` has returned. */
export function writeAtomically(path: string, write: (append: (bytes: Uint8Array) => void) => void): void {
  const partial = `${path}.partial`;
  let file: number | undefined;
  try {
    const opened = openSync(partial, "w");
    file = opened;
    write((bytes) => {
      for (let done = 0; done < bytes.length; ) done += writeSync(opened, bytes, done);
    });
    fsyncSync(opened);
    closeSync(opened);
    file = undefined;
    renameSync(partial, path);
    syncFolder(dirname(path));
  } catch (error) {
    if (file !== undefined) {
      closeSync(file);
      unlinkSync(partial);
    }
    throw error instanceof Error && "code" in error ? fileTrouble(path, error) : error;
  }
}

/** Without this a power cut may forget the new name. */
export function syncFolder(path: string): void {
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
