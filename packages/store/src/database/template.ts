/**
 * A data folder of an empty database, packed: unpacking it takes a tenth of the time that `initdb` takes.
 * `make-template.ts` makes it; without one for the installed PGlite, `initdb` runs.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { z } from "zod";

const Index = z.array(z.object({ path: z.string(), bytes: z.number().int(), size: z.number().int() }));

/** Path of the template that fits the installed PGlite; it need not exist. */
export function templatePath(): string {
  const entry = createRequire(import.meta.url).resolve("@electric-sql/pglite");
  const manifest = readFileSync(join(dirname(entry), "../package.json"), "utf8");
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(manifest));
  return fileURLToPath(new URL(`../../template/pglite-${version}.zst`, import.meta.url));
}

/** Layout: length of the index (4 bytes), index as JSON, then the files' bytes without their trailing zeros. */
export function pack(folder: string): Buffer {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  const contents: Buffer[] = [];
  const index = files.map((file) => {
    const full = join(file.parentPath, file.name);
    const path = relative(folder, full);
    if (file.isDirectory()) return { path, bytes: 0, size: -1 };
    const content = readFileSync(full);
    const kept = content.subarray(0, content.findLastIndex((byte) => byte !== 0) + 1);
    contents.push(kept);
    return { path, bytes: kept.length, size: statSync(full).size };
  });
  const json = Buffer.from(JSON.stringify(index));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(json.length);
  return zstdCompressSync(Buffer.concat([length, json, ...contents]), {
    params: { [constants.ZSTD_c_compressionLevel]: 19 },
  });
}

export function unpack(template: Uint8Array, folder: string): void {
  const bytes = zstdDecompressSync(template);
  const start = 4 + bytes.readUInt32BE(0);
  const index = Index.parse(JSON.parse(bytes.toString("utf8", 4, start)));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  let offset = start;
  for (const file of index) {
    const full = join(folder, file.path);
    if (file.size < 0) {
      mkdirSync(full, { recursive: true, mode: 0o700 });
      continue;
    }
    mkdirSync(dirname(full), { recursive: true, mode: 0o700 });
    writeFileSync(full, bytes.subarray(offset, offset + file.bytes), { mode: 0o600 });
    // The rest are zeros: a sparse file holds them for nothing.
    if (file.size > file.bytes) truncateSync(full, file.size);
    offset += file.bytes;
  }
}

/** Unpacks the template into `folder` if there is one; false when there is none. */
export function unpackTemplate(folder: string): boolean {
  const path = templatePath();
  if (!existsSync(path)) return false;
  unpack(readFileSync(path), folder);
  return true;
}
