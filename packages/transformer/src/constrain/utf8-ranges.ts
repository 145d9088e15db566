/** Ranges of code points as ranges of the bytes that spell them in UTF-8. */
import type { CodeRange } from "./expression.ts";

export type ByteRange = readonly [from: number, to: number];

/** One sequence of byte ranges for each part of a range whose spellings differ in nothing but those bytes. */
export function utf8Ranges([from, to]: CodeRange): ByteRange[][] {
  for (const last of [0x7f, 0x7ff, 0xffff])
    if (from <= last && last < to) return [...utf8Ranges([from, last]), ...utf8Ranges([last + 1, to])];
  const [first, final] = [spelt(from), spelt(to)];
  // Where an earlier byte differs, all the later ones must run over their whole range, or the range is cut in two.
  for (let bits = 6; bits < 6 * first.length; bits += 6) {
    const mask = 2 ** bits - 1;
    if (Math.floor(from / 2 ** bits) === Math.floor(to / 2 ** bits)) continue;
    if ((from & mask) !== 0) return [...utf8Ranges([from, from | mask]), ...utf8Ranges([(from | mask) + 1, to])];
    if ((to & mask) !== mask) {
      const start = to - (to & mask);
      return [...utf8Ranges([from, start - 1]), ...utf8Ranges([start, to])];
    }
  }
  return [first.map((byte, n) => [byte, final[n] ?? byte])];
}

function spelt(code: number): number[] {
  if (code < 0x80) return [code];
  const tail = (shift: number): number => 0x80 | ((code >> shift) & 0x3f);
  if (code < 0x800) return [0xc0 | (code >> 6), tail(0)];
  if (code < 0x10000) return [0xe0 | (code >> 12), tail(6), tail(0)];
  return [0xf0 | (code >> 18), tail(12), tail(6), tail(0)];
}
