/**
 * Counter-based uniform numbers: SplitMix64's finaliser (Steele, Lea and Flood 2014) of the place, offset by the finaliser of the
 * key; the top 24 bits. The ONNX form does the same arithmetic.
 */

export const GAMMA = 0x9e3779b97f4a7c15n;
export const MIX_1 = 0xbf58476d1ce4e5b9n;
export const MIX_2 = 0x94d049bb133111ebn;
const MASK = (1n << 64n) - 1n;

export function mix(given: bigint): bigint {
  let z = given & MASK;
  z = ((z ^ (z >> 30n)) * MIX_1) & MASK;
  z = ((z ^ (z >> 27n)) * MIX_2) & MASK;
  return z ^ (z >> 31n);
}

export function uniform(key: number, length: number): Float64Array {
  const start = mix(BigInt(key) * GAMMA);
  return Float64Array.from({ length }, (_, n) => Number(mix(start + BigInt(n + 1) * GAMMA) >> 40n) / 2 ** 24);
}
