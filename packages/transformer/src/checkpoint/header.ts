/** The header of a safetensors file: which tensor lies where. */
import { crc32 } from "node:zlib";
import { z } from "zod";
import { TransformerError } from "../transformer-error.ts";
import { BYTES, type Dtype, isDtype } from "./dtype.ts";

export interface TensorInfo {
  dtype: Dtype;
  shape: readonly number[];
  /** Of its data, counted from the end of the header. */
  begin: number;
  end: number;
  /** Of its name, dtype, shape and data; only in files that Candor wrote. */
  checksum: number | undefined;
}

export interface Header {
  tensors: Map<string, TensorInfo>;
  metadata: Record<string, string>;
}

// The reference implementation's limit.
export const LARGEST_HEADER = 100_000_000;

/** Metadata: one checksum for each tensor in the order of the data. The format itself would not notice a flipped bit. */
export const CHECKSUMS = "candor.crc32";

const Natural = z.int().nonnegative();
const Tensor = z.object({ dtype: z.string(), shape: z.array(Natural), data_offsets: z.tuple([Natural, Natural]) });
const Metadata = z.record(z.string(), z.string());

/**
 * @param bytes the JSON
 * @param dataLength how many bytes follow it in the file
 * @throws {TransformerError} unless the tensors fill the data without gap or overlap, each as large as its shape says
 */
export function parseHeader(bytes: Uint8Array, dataLength: number, filename: string): Header {
  const wrong = (problem: string) =>
    new TransformerError(
      `${filename}: ${problem}`,
      "The file is damaged or not safetensors: copy or download it again.",
    );
  let document: unknown;
  try {
    document = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw wrong("its header is not JSON");
  }
  if (typeof document !== "object" || document === null || Array.isArray(document))
    throw wrong("its header is no object");
  let metadata: Record<string, string> = {};
  const listed: [string, TensorInfo][] = [];
  for (const [name, value] of Object.entries(document)) {
    if (name === "__metadata__") {
      const parsed = Metadata.safeParse(value);
      if (!parsed.success) throw wrong("its __metadata__ is not text");
      metadata = parsed.data;
      continue;
    }
    const parsed = Tensor.safeParse(value);
    if (!parsed.success) throw wrong(`tensor ${name} has no dtype, shape and data_offsets as they must be`);
    const { dtype, shape, data_offsets } = parsed.data;
    if (!isDtype(dtype)) throw wrong(`tensor ${name} has the dtype ${JSON.stringify(dtype)}, which is not supported`);
    const [begin, end] = data_offsets;
    const size = shape.reduce((product, n) => product * n, BYTES[dtype]);
    if (end - begin !== size)
      throw wrong(`tensor ${name} is ${dtype} [${shape.join(", ")}], ${size} bytes, but has ${end - begin}`);
    listed.push([name, { dtype, shape, begin, end, checksum: undefined }]);
  }
  listed.sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
  let at = 0;
  let before = "the header";
  for (const [name, { begin, end }] of listed) {
    if (begin < at) throw wrong(`tensors ${before} and ${name} overlap`);
    if (begin > at) throw wrong(`there is a gap between ${before} and tensor ${name}`);
    at = end;
    before = name;
  }
  if (at > dataLength) throw wrong(`it is cut off: its tensors need ${at} bytes, it has ${dataLength}`);
  if (at < dataLength) throw wrong(`it has ${dataLength - at} bytes too many after its last tensor`);
  const checksums = metadata[CHECKSUMS]?.split(" ");
  if (checksums !== undefined) {
    if (checksums.length !== listed.length && listed.length > 0) throw wrong("it has not one checksum for each tensor");
    for (const [i, [, info]] of listed.entries()) info.checksum = Number.parseInt(checksums[i] ?? "", 16);
  }
  return { tensors: new Map(listed), metadata };
}

/** The checksum of what a tensor is called and what it is; its data goes on from there. */
export const checksumOf = (name: string, dtype: Dtype, shape: readonly number[]): number =>
  crc32(JSON.stringify([name, dtype, shape]));
