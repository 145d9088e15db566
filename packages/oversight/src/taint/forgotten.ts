/**
 * Keys that were shown at some time, without saying by whom: a Bloom filter (Bloom 1970). What an index lets go of stays known
 * here, so that no flood of pages makes the guard forget a text. It never denies a key that it was given; at its full load of
 * half a million keys it takes one other in 4,000 for one of them, and above that more: in doubt a text is a page's.
 */
const BITS = 1 << 23;
const HASHES = 4;

export class Forgotten {
  #words: Uint32Array | undefined;

  add(key: string | number): void {
    // Most runs never forget anything, and need no megabyte for it.
    this.#words ??= new Uint32Array(BITS / 32);
    const { from, step } = hashed(key);
    for (let each = 0; each < HASHES; each++) {
      const bit = bitAt(from, step, each);
      this.#words[bit >>> 5] = (this.#words[bit >>> 5] ?? 0) | (1 << (bit & 31));
    }
  }

  has(key: string | number): boolean {
    if (!this.#words) return false;
    const { from, step } = hashed(key);
    for (let each = 0; each < HASHES; each++) {
      const bit = bitAt(from, step, each);
      if (((this.#words[bit >>> 5] ?? 0) & (1 << (bit & 31))) === 0) return false;
    }
    return true;
  }
}

/** Two hashes make all of them (Kirsch and Mitzenmacher 2006). */
const bitAt = (from: number, step: number, each: number): number => ((from + Math.imul(each, step)) >>> 0) % BITS;

function hashed(key: string | number): { from: number; step: number } {
  let one = 0x811c9dc5;
  let two = 0x9747b28c;
  const take = (code: number) => {
    one = Math.imul(one ^ code, 0x01000193);
    two = Math.imul(two ^ code, 0x5bd1e995);
    two ^= two >>> 15;
  };
  if (typeof key === "number") for (const shift of [0, 8, 16, 24]) take((key >>> shift) & 0xff);
  else for (let at = 0; at < key.length; at++) take(key.charCodeAt(at));
  return { from: one ^ (one >>> 15), step: two | 1 };
}
