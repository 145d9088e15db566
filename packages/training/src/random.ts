/**
 * Random numbers that are a function of what they are for, never of what was drawn before:
 * the same seed and the same place give the same number in any order, on any machine, after any restart.
 */

/** A 32-bit number from a seed and up to three coordinates (murmur3's finaliser over each in turn). */
export function hash32(seed: number, a: number, b = 0, c = 0): number {
  let h = mix(seed ^ 0x9e3779b9);
  h = mix(h ^ a);
  h = mix((h + 0x85ebca6b) ^ b);
  return mix((h + 0xc2b2ae35) ^ c);
}

function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A stream of numbers that starts at a place; `sfc32`, seeded by `hash32`. */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  constructor(seed: number, ...place: [number?, number?]) {
    const [x = 0, y = 0] = place;
    this.a = hash32(seed, x, y, 1) | 0;
    this.b = hash32(seed, x, y, 2) | 0;
    this.c = hash32(seed, x, y, 3) | 0;
  }

  /** Uniform in [0, 2^32). */
  uint32(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (this.c << 21) | (this.c >>> 11);
    this.c = (this.c + sum) | 0;
    return sum >>> 0;
  }

  /** Uniform in [0, 1). */
  unit(): number {
    return this.uint32() / 0x1_0000_0000;
  }

  /** A whole number in [0, limit), for limits below 2^32. */
  below(limit: number): number {
    return Math.floor(this.unit() * limit);
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.below(choices.length)] ?? choices[0];
  }
}
