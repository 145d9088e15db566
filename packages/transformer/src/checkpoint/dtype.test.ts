import { describe, expect, it } from "vitest";
import { type FloatDtype, fromFloat32, toFloat32 } from "./dtype.ts";

const words = Uint16Array.from({ length: 65_536 }, (_, i) => i);
const bitsOf = (value: number) => new Uint32Array(Float32Array.of(value).buffer)[0] ?? 0;

/** The definition of each format, in doubles. */
const meaning: Record<"F16" | "BF16", (word: number) => number> = {
  F16: (word) => decode(word, 5, 10),
  BF16: (word) => decode(word, 8, 7),
};
function decode(word: number, exponentBits: number, fractionBits: number): number {
  const sign = word >>> 15 === 1 ? -1 : 1;
  const exponent = (word >>> fractionBits) & (2 ** exponentBits - 1);
  const fraction = (word & (2 ** fractionBits - 1)) / 2 ** fractionBits;
  const bias = 2 ** (exponentBits - 1) - 1;
  if (exponent === 2 ** exponentBits - 1) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** (1 - bias) : sign * (1 + fraction) * 2 ** (exponent - bias);
}

describe.each(["F16", "BF16"] as const)("%s", (dtype) => {
  const values = toFloat32(new Uint8Array(words.buffer), dtype) ?? new Float32Array();

  it("reads all 65,536 values as the format defines them, subnormals, infinities and NaN among them", () => {
    for (const word of words) {
      if (!Object.is(values[word], meaning[dtype](word)))
        expect([word, values[word]]).toEqual([word, meaning[dtype](word)]);
    }
  });

  it("gives all of them back", () => {
    const back = new Uint16Array(fromFloat32(values, dtype).buffer);
    for (const word of words) {
      if (Number.isNaN(values[word])) expect(Number.isNaN(meaning[dtype](back[word] ?? 0))).toBe(true);
      else if (back[word] !== word) expect(back[word]).toBe(word);
    }
  });

  it("rounds to the nearest, ties to even, between any two neighbours", () => {
    const largest = dtype === "F16" ? 0x7bff : 0x7f7f;
    for (let word = 0; word < largest; word++) {
      const low = meaning[dtype](word);
      const high = meaning[dtype](word + 1);
      // float32 holds both and the middle, except among bfloat16's and float32's subnormals, where Math.fround is exact too.
      const middle = (low + high) / 2;
      const even = word % 2 === 0 ? word : word + 1;
      const near = [nextFloat(middle, -1), middle, nextFloat(middle, 1)];
      expect.soft(near.map(Math.fround)).toEqual(near);
      const rounded = new Uint16Array(fromFloat32(Float32Array.from(near.flatMap((x) => [x, -x])), dtype).buffer);
      const wanted = [word, even, word + 1].flatMap((w) => [w, w | 0x8000]);
      if (rounded.some((w, i) => w !== wanted[i])) expect([...rounded]).toEqual(wanted);
    }
  });

  it("becomes infinite from halfway beyond the largest, and keeps NaN with any payload", () => {
    const infinity = dtype === "F16" ? 0x7c00 : 0x7f80;
    const beyond = dtype === "F16" ? 65_520 : new Float32Array(Uint32Array.of(0x7f7f8000).buffer)[0];
    const rounded = new Uint16Array(
      fromFloat32(Float32Array.of(beyond ?? 0, nextFloat(beyond ?? 0, -1)), dtype).buffer,
    );
    expect([...rounded]).toEqual([infinity, infinity - 1]);
    const payloads = new Float32Array(Uint32Array.of(0x7f800001, 0xff800001, 0x7fffffff, 0xffc00000).buffer);
    for (const word of new Uint16Array(fromFloat32(payloads, dtype).buffer))
      expect(Number.isNaN(meaning[dtype](word))).toBe(true);
  });
});

const nextFloat = (value: number, by: number) =>
  new Float32Array(Uint32Array.of(bitsOf(value) + by).buffer)[0] ?? Number.NaN;

it("reads views that start anywhere, and leaves what is no weight alone", () => {
  const bytes = Uint8Array.of(9, 0x00, 0x3c, 0x00, 0xc0).subarray(1);
  expect([...(toFloat32(bytes, "F16") ?? [])]).toEqual([1, -2]);
  expect(toFloat32(new Uint8Array(8), "I64")).toBeUndefined();
  const dtypes: FloatDtype[] = ["F32", "F16", "BF16"];
  const part = Float32Array.of(9, 1, 2).subarray(1);
  for (const dtype of dtypes) expect([...(toFloat32(fromFloat32(part, dtype), dtype) ?? [])]).toEqual([1, 2]);
});
