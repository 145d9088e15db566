/** Random numbers as a function of a seed and a place, so that no order of drawing can change them (SplitMix64). */

const BITS = (1n << 64n) - 1n;
const GAMMA = 0x9e3779b97f4a7c15n;

function mixed(start: bigint): bigint {
  let z = start & BITS;
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & BITS;
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & BITS;
  return z ^ (z >> 31n);
}

/** In [0, 1). */
export function uniformAt(seed: number | bigint, place: number): number {
  const start = mixed(BigInt(seed) * GAMMA);
  return Number(mixed(start + BigInt(place + 1) * GAMMA) >> 11n) / 2 ** 53;
}
