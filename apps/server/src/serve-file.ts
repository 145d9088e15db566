/** `serve.json`: where the server of a home folder listens, and the token to talk to it. Mode 0600. */
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const ServeFile = z.object({ port: z.number().int(), token: z.string(), pid: z.number().int(), version: z.string() });
export type ServeFile = z.infer<typeof ServeFile>;

const pathIn = (home: string) => join(home, "serve.json");

export function readServeFile(home: string): ServeFile | undefined {
  try {
    return ServeFile.parse(JSON.parse(readFileSync(pathIn(home), "utf8")));
  } catch {
    return undefined;
  }
}

export function writeServeFile(home: string, file: ServeFile): void {
  const path = pathIn(home);
  writeFileSync(`${path}.part`, JSON.stringify(file), { mode: 0o600 });
  renameSync(`${path}.part`, path);
}

export function removeServeFile(home: string): void {
  if (readServeFile(home)?.pid === process.pid) rmSync(pathIn(home), { force: true });
}
