/** Reads a safetensors file tensor by tensor: only the header and what is asked for is ever in memory. */
import { type FileHandle, open } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { TransformerError } from "../transformer-error.ts";
import { type Dtype, toFloat32 } from "./dtype.ts";
import { checksumOf, LARGEST_HEADER, parseHeader, type TensorInfo } from "./header.ts";

export interface StoredTensor {
  dtype: Dtype;
  shape: readonly number[];
}

/** Tensors by name, in one file or many. */
export interface TensorStore extends AsyncDisposable {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
  /** The bytes as stored. @throws {TransformerError} when they do not match the checksum that Candor wrote beside them */
  bytes(name: string): Promise<Uint8Array>;
  /** Of float32, float16 or bfloat16. */
  float32(name: string): Promise<Float32Array>;
  close(): Promise<void>;
}

/**
 * @throws {TransformerError} naming the file and what is wrong with it
 * @example
 * await using file = await openSafetensors("model.safetensors");
 * const embedding = await file.float32("wte.weight");
 */
export async function openSafetensors(path: string): Promise<TensorStore> {
  const file = await open(path, "r").catch((error: NodeJS.ErrnoException) => {
    throw new TransformerError(`${path}: ${error.code === "ENOENT" ? "there is no such file" : error.message}`);
  });
  try {
    const { start, tensors, metadata } = await readHeader(file, path);
    const get = async (name: string) => {
      const info = tensors.get(name);
      if (info === undefined) throw new TransformerError(`${path} has no tensor ${name}`);
      return { info, bytes: await readTensor(file, start, name, info, path) };
    };
    const close = () => file.close();
    return {
      tensors,
      metadata,
      bytes: async (name) => (await get(name)).bytes,
      async float32(name) {
        const { info, bytes } = await get(name);
        const values = toFloat32(bytes, info.dtype);
        if (values === undefined)
          throw new TransformerError(`${path}: tensor ${name} is ${info.dtype}; weights must be F32, F16 or BF16`);
        return values;
      },
      close,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readHeader(file: FileHandle, path: string) {
  const stat = await file.stat();
  if (!stat.isFile()) throw new TransformerError(`${path} is not a file`);
  if (stat.size < 8) throw new TransformerError(`${path}: it is cut off: ${stat.size} bytes are no safetensors file`);
  const prefix = await readExactly(file, 0, 8, path);
  const length = Number(new DataView(prefix.buffer, prefix.byteOffset).getBigUint64(0, true));
  if (length > LARGEST_HEADER || length > stat.size - 8)
    throw new TransformerError(
      `${path}: its header says it is ${length} bytes long, the file is ${stat.size}`,
      "The file is cut off, damaged or not safetensors: copy or download it again.",
    );
  const header = parseHeader(await readExactly(file, 8, length, path), stat.size - 8 - length, path);
  return { start: 8 + length, ...header };
}

async function readTensor(file: FileHandle, start: number, name: string, info: TensorInfo, path: string) {
  const bytes = await readExactly(file, start + info.begin, info.end - info.begin, path);
  if (info.checksum !== undefined && crc32(bytes, checksumOf(name, info.dtype, info.shape)) !== info.checksum)
    throw new TransformerError(
      `${path}: tensor ${name} is not what was written: its checksum differs`,
      "The file is damaged: take another copy.",
    );
  return bytes;
}

// Linux reads at most 2 GB at once.
const AT_ONCE = 1 << 30;

async function readExactly(file: FileHandle, position: number, length: number, path: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await file.read(bytes, done, Math.min(AT_ONCE, length - done), position + done);
    if (bytesRead === 0) throw new TransformerError(`${path} became shorter while it was read`);
    done += bytesRead;
  }
  return bytes;
}
