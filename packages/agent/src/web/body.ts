/** Reads a response body: decompresses while it streams, stops at the limit, and tells whether all of it came. */
import { pipeline, Readable, type Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw, createZstdDecompress } from "node:zlib";

export interface Body {
  bytes: Uint8Array;
  /** `cut`: longer than the limit. `broken`: it ended before its end. `undecodable`: an unknown or wrong coding. */
  end: "whole" | "cut" | "broken" | "undecodable";
}

const MOST_CODINGS = 3;

/** @param coding the Content-Encoding header @param limit of the decompressed body, in bytes */
export async function readBody(body: Readable, coding: string | undefined, limit: number): Promise<Body> {
  const codings = (coding ?? "")
    .toLowerCase()
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "" && each !== "identity");
  // Destroying a body halfway raises an error that nobody else listens for.
  body.on("error", () => {});
  const chunks: Uint8Array[] = [];
  let size = 0;
  let full = false;
  let decoding = false;
  const collect = async (source: AsyncIterable<Uint8Array>): Promise<void> => {
    for await (const chunk of source) {
      const room = limit - size;
      chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk);
      size += Math.min(chunk.length, room);
      if (chunk.length > room) {
        full = true;
        return;
      }
    }
  };
  try {
    if (codings.length > MOST_CODINGS) throw new UnknownCoding();
    // Decoders are applied in the reverse order of the codings.
    const decoders = await decodersFor(codings.reverse(), body);
    const [first, ...others] = decoders.transforms;
    decoding = first !== undefined;
    if (first === undefined) await collect(decoders.source);
    // What fails anywhere destroys the last stream with its error, and leaving the last stream ends them all.
    else await collect(chain(Readable.from(decoders.source), [first, ...others]));
    return { bytes: Buffer.concat(chunks), end: full ? "cut" : "whole" };
  } catch (error) {
    const bytes = Buffer.concat(chunks);
    if (full) return { bytes, end: "cut" };
    const wrong = error instanceof UnknownCoding || (decoding && isDecodingError(error));
    return { bytes, end: wrong ? "undecodable" : "broken" };
  } finally {
    body.destroy();
  }
}

function chain(source: Readable, transforms: [Transform, ...Transform[]]): AsyncIterable<Uint8Array> {
  const last = transforms.at(-1) ?? transforms[0];
  pipeline([source, ...transforms], () => {});
  return last;
}

class UnknownCoding extends Error {}

const isDecodingError = (error: unknown): boolean =>
  error instanceof Error &&
  "code" in error &&
  typeof error.code === "string" &&
  // Z_BUF_ERROR is the compressed form of a body that broke off.
  (/^Z_(?!BUF)/.test(error.code) ||
    /^ERR__?ERROR_|^ERR_BROTLI|^ZSTD_/.test(error.code) ||
    /^ERR_.*FORMAT/.test(error.code));

async function decodersFor(
  codings: readonly string[],
  body: Readable,
): Promise<{ source: AsyncIterable<Uint8Array>; transforms: Transform[] }> {
  const transforms: Transform[] = [];
  let source: AsyncIterable<Uint8Array> = body;
  for (const [i, coding] of codings.entries()) {
    if (coding === "gzip" || coding === "x-gzip") transforms.push(createGunzip());
    else if (coding === "br") transforms.push(createBrotliDecompress());
    else if (coding === "zstd") transforms.push(createZstdDecompress());
    else if (coding === "deflate") {
      if (i > 0) transforms.push(createInflate());
      else {
        const { first, rest } = await peek(body);
        source = rest;
        // Some servers send raw deflate where the standard wants zlib's wrapping.
        transforms.push((first & 0x0f) === 0x08 ? createInflate() : createInflateRaw());
      }
    } else throw new UnknownCoding();
  }
  return { source, transforms };
}

async function peek(body: Readable): Promise<{ first: number; rest: AsyncIterable<Uint8Array> }> {
  const iterator = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  const head = await iterator.next();
  const rest = async function* (): AsyncGenerator<Uint8Array> {
    if (!head.done) yield head.value;
    for (;;) {
      const next = await iterator.next();
      if (next.done) return;
      yield next.value;
    }
  };
  return { first: head.done ? 0x08 : (head.value[0] ?? 0), rest: rest() };
}
