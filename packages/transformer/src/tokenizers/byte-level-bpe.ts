/** GPT-2's tokenizer model: byte pair encoding over the bytes of UTF-8. */
import { isUtf8 } from "node:buffer";
import { TransformerError } from "../transformer-error.ts";
import { bytesOfSpelling, CHARACTER_OF_BYTE } from "./byte-alphabet.ts";
import { MergeTable } from "./merge-table.ts";
import type { TokenModel } from "./model.ts";
import type { BpeModel } from "./tokenizer-json.ts";

// Words repeat: most of a text comes out of this. Longer pieces seldom do.
const CACHED_PIECES = 65_536;
const CACHED_LENGTH = 40;

/**
 * @param added names of added tokens, which no text may become by way of `ignore_merges`
 * @throws {TransformerError} when merges and vocabulary contradict
 */
export function byteLevelBpe(
  { vocab, merges, ignore_merges }: BpeModel,
  added: ReadonlySet<string>,
  filename: string,
): TokenModel {
  const idOf = new Map(Object.entries(vocab));
  const table = new MergeTable(merges.map((merge, rank) => resolve(merge, idOf, `${filename}: model.merges.${rank}`)));
  const byteIds = Int32Array.from(CHARACTER_OF_BYTE, (character) => idOf.get(character) ?? -1);
  const whole = ignore_merges ? wholePieces(idOf, added) : new Map<string, number>();
  const cache = new Map<string, readonly number[]>();
  const encoder = new TextEncoder();
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let bytes = new Uint8Array(1024);
  let scratch = new Int32Array(1024);

  function tokenize(piece: string, ids: number[]): void {
    const known = cache.get(piece);
    if (known !== undefined) {
      for (const id of known) ids.push(id);
      return;
    }
    if (bytes.length < piece.length * 3) {
      bytes = new Uint8Array(piece.length * 3);
      scratch = new Int32Array(piece.length * 3);
    }
    const length = encoder.encodeInto(piece, bytes).written;
    const entire = whole.get(piece);
    const first = ids.length;
    if (entire !== undefined) ids.push(entire);
    else {
      for (let i = 0; i < length; i++) {
        const byte = bytes[i] as number;
        const id = byteIds[byte] as number;
        if (id === -1) throw cannotSpell(byte);
        scratch[i] = id;
      }
      const left = merges.length === 0 ? length : table.apply(scratch, length);
      for (let i = 0; i < left; i++) ids.push(scratch[i] as number);
    }
    if (piece.length > CACHED_LENGTH) return;
    if (cache.size >= CACHED_PIECES) cache.clear();
    // Read back from the bytes: a slice as key would keep the whole text it was cut from alive.
    cache.set(decoder.decode(bytes.subarray(0, length)), ids.slice(first));
  }

  return {
    tokenize,
    bytesOf: (token) => bytesOfSpelling(token) ?? encoder.encode(token),
  };
}

const cannotSpell = (byte: number): TransformerError =>
  new TransformerError(
    `The vocabulary cannot spell the byte 0x${byte.toString(16).padStart(2, "0")}`,
    "Train the tokenizer with the whole alphabet of 256 bytes.",
  );

function resolve(
  merge: string | [string, string],
  idOf: ReadonlyMap<string, number>,
  place: string,
): [number, number, number] {
  const pair = typeof merge === "string" ? merge.split(" ") : merge;
  const [left = "", right = ""] = pair;
  if (pair.length !== 2) throw new TransformerError(`${place} is ${JSON.stringify(merge)}, not a pair of tokens`);
  const ids = [left, right, left + right].map((token) => {
    const id = idOf.get(token);
    if (id === undefined)
      throw new TransformerError(`${place} needs ${JSON.stringify(token)}, which is not in model.vocab`);
    return id;
  });
  return ids as [number, number, number];
}

/** The tokens that are whole characters, by their text. */
function wholePieces(idOf: ReadonlyMap<string, number>, added: ReadonlySet<string>): Map<string, number> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const whole = new Map<string, number>();
  for (const [token, id] of idOf) {
    const spelt = added.has(token) ? undefined : bytesOfSpelling(token);
    // One that ends in the middle of a character is no piece of a text.
    if (spelt !== undefined && isUtf8(spelt)) whole.set(decoder.decode(spelt), id);
  }
  return whole;
}
