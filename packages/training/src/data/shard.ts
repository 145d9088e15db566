/**
 * One file of tokens. Little-endian:
 *
 *     0  "CANDORTK"           24  tokens (u64)          96  tokens, 2 or 4 bytes each
 *     8  version (u32)        32  documents (u64)        …  padding to 8 bytes
 *    12  bytes a token (u32)  40  tokenizer's SHA-256    …  where each document starts (u64)
 *    16  CRC-32 of all after the header (u32)
 */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { crc32 } from "node:zlib";
import { writeAtomically } from "../atomic-file.ts";
import { fileTrouble, TrainingError } from "../training-error.ts";

export type TokenArray = Uint16Array | Uint32Array;

const MAGIC = "CANDORTK";
const VERSION = 1;
const HEADER = 96;
/** Below this a shard is read whole: one read at the start instead of one for each window. */
const WHOLE = 256 << 20;
const CHECKED_AT_ONCE = 1 << 20;

export function writeShard(path: string, tokens: TokenArray, starts: readonly number[], tokenizerHash: string): void {
  const body = bytesOf(tokens);
  const padding = new Uint8Array(-body.length & 7);
  const places = bytesOf(BigUint64Array.from(starts, BigInt));
  const header = Buffer.alloc(HEADER);
  header.write(MAGIC, "latin1");
  header.writeUInt32LE(VERSION, 8);
  header.writeUInt32LE(tokens.BYTES_PER_ELEMENT, 12);
  header.writeUInt32LE(crc32(places, crc32(padding, crc32(body))), 16);
  header.writeBigUInt64LE(BigInt(tokens.length), 24);
  header.writeBigUInt64LE(BigInt(starts.length), 32);
  header.write(tokenizerHash, 40, "hex");
  writeAtomically(path, (append) => {
    for (const part of [header, body, padding, places]) append(part);
  });
}

/** A shard open for reading: whole in memory, or by its place in the file where it is large. */
export class Shard {
  readonly path: string;
  readonly tokens: number;
  readonly documents: number;
  readonly tokenizerHash: string;
  private readonly width: 2 | 4;
  private readonly crc: number;
  private readonly file: number;
  private readonly memory: TokenArray | null;
  private buffer: TokenArray;

  /** @param whole the size in bytes below which it is read whole */
  constructor(path: string, whole = WHOLE) {
    this.path = path;
    try {
      this.file = openSync(path, "r");
    } catch (error) {
      throw fileTrouble(path, error);
    }
    const header = Buffer.alloc(HEADER);
    const read = readSync(this.file, header, 0, HEADER, 0);
    const width = header.readUInt32LE(12);
    this.tokens = Number(header.readBigUInt64LE(24));
    this.documents = Number(header.readBigUInt64LE(32));
    this.crc = header.readUInt32LE(16);
    this.tokenizerHash = header.toString("hex", 40, 72);
    const known = read === HEADER && header.toString("latin1", 0, 8) === MAGIC && header.readUInt32LE(8) === VERSION;
    const body = this.tokens * width;
    const size = HEADER + body + (-body & 7) + 8 * this.documents;
    if (!known || (width !== 2 && width !== 4) || fstatSync(this.file).size !== size) {
      closeSync(this.file);
      throw broken(path, known ? "is cut short" : "is no shard of tokens");
    }
    this.width = width;
    this.buffer = this.array(0);
    this.memory = body < whole ? this.array(this.tokens) : null;
    if (this.memory) this.fill(this.memory, 0);
  }

  /** Tokens from a place, as a view that holds until the next call. */
  window(from: number, length: number): TokenArray {
    if (this.memory) return this.memory.subarray(from, from + length);
    if (this.buffer.length < length) this.buffer = this.array(length);
    const window = this.buffer.subarray(0, length);
    this.fill(window, from);
    return window;
  }

  /** Where each document starts. */
  starts(): number[] {
    const body = this.tokens * this.width;
    const bytes = Buffer.alloc(8 * this.documents);
    readSync(this.file, bytes, 0, bytes.length, HEADER + body + (-body & 7));
    return Array.from({ length: this.documents }, (_, i) => Number(bytes.readBigUInt64LE(8 * i)));
  }

  /** Reads all of it once: a changed byte may be a token that the model does not have. @throws {TrainingError} */
  verify(): void {
    const piece = Buffer.alloc(CHECKED_AT_ONCE);
    let sum = 0;
    for (let at = HEADER; ; ) {
      const read = readSync(this.file, piece, 0, piece.length, at);
      if (read === 0) break;
      sum = crc32(piece.subarray(0, read), sum);
      at += read;
    }
    if (sum !== this.crc) throw broken(this.path, "has a wrong checksum");
  }

  close(): void {
    closeSync(this.file);
  }

  private array(length: number): TokenArray {
    return this.width === 2 ? new Uint16Array(length) : new Uint32Array(length);
  }

  private fill(into: TokenArray, from: number): void {
    const bytes = bytesOf(into);
    for (let done = 0; done < bytes.length; ) {
      const count = readSync(this.file, bytes, done, bytes.length - done, HEADER + from * this.width + done);
      if (count === 0) throw broken(this.path, "was cut short while it was read");
      done += count;
    }
  }
}

function broken(path: string, what: string): TrainingError {
  return new TrainingError(`${path} ${what}`, "Remove its folder and make the data ready again.");
}

function bytesOf(array: TokenArray | BigUint64Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
