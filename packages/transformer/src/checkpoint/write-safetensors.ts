/** Writes a safetensors file, whole or not at all. */
import { crc32 } from "node:zlib";
import { writeAtomically } from "./atomic-file.ts";
import { BYTES, type Dtype } from "./dtype.ts";
import { CHECKSUMS, checksumOf } from "./header.ts";

export interface TensorToWrite {
  dtype: Dtype;
  shape: readonly number[];
  /** Little-endian, row by row. */
  bytes: Uint8Array;
}

/**
 * @example
 * await writeSafetensors("out.safetensors", new Map([["x", { dtype: "F32", shape: [2], bytes: fromFloat32(x, "F32") }]]));
 */
export async function writeSafetensors(
  path: string,
  tensors: ReadonlyMap<string, TensorToWrite>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  // Largest elements first keeps every tensor aligned, as the reference implementation writes them.
  const ordered = [...tensors].sort(
    ([a, { dtype: x }], [b, { dtype: y }]) => BYTES[y] - BYTES[x] || (a < b ? -1 : a > b ? 1 : 0),
  );
  let at = 0;
  const entries: [string, unknown][] = [];
  const checksums: string[] = [];
  for (const [name, { dtype, shape, bytes }] of ordered) {
    const size = shape.reduce((product, n) => product * n, BYTES[dtype]);
    if (name === "__metadata__" || size !== bytes.length)
      throw new RangeError(`tensor ${name}: ${dtype} [${shape.join(", ")}] is ${size} bytes, given ${bytes.length}`);
    entries.push([name, { dtype, shape, data_offsets: [at, at + size] }]);
    checksums.push(crc32(bytes, checksumOf(name, dtype, shape)).toString(16));
    at += size;
  }
  const header = Object.fromEntries([
    // `transformers` refuses a file that does not say for which framework it is.
    ["__metadata__", { format: "pt", ...metadata, [CHECKSUMS]: checksums.join(" ") }],
    ...entries,
  ]);
  const json = Buffer.from(JSON.stringify(header));
  const padded = Buffer.alloc(Math.ceil(json.length / 8) * 8, " ");
  json.copy(padded);
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(padded.length));
  await writeAtomically(path, async (file) => {
    for (const chunk of [prefix, padded, ...ordered.map(([, { bytes }]) => bytes)]) await file.writeFile(chunk);
  });
}
