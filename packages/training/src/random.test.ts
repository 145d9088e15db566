import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hash32, Random } from "./random.ts";

describe("random numbers", () => {
  it("are the same at the same place on every machine", () => {
    expect([hash32(1, 2), hash32(1, 2, 3), hash32(-1, 0xffffffff, 0, 7)]).toMatchInlineSnapshot(`
      [
        2786171503,
        1593071763,
        2451310163,
      ]
    `);
    const random = new Random(1, 2, 3);
    expect([random.uint32(), random.uint32(), random.uint32()]).toMatchInlineSnapshot(`
      [
        2116162048,
        3804853196,
        2001946727,
      ]
    `);
  });

  it("differ between neighbouring places in half of their bits", () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(), (seed, place) => {
        let bits = 0;
        for (let i = 0; i < 64; i++) {
          let differ = new Random(seed, place, i).uint32() ^ new Random(seed, place, i + 1).uint32();
          for (; differ !== 0; differ &= differ - 1) bits++;
        }
        // 1,024 of 2,048 expected, standard deviation 22.6.
        expect(Math.abs(bits - 1024)).toBeLessThan(6 * 22.6);
      }),
    );
  });

  it("fall evenly, also the first ones of many streams", () => {
    const counts = new Array<number>(16).fill(0);
    for (let place = 0; place < 16_000; place++) {
      const cell = new Random(9, place).below(16);
      counts[cell] = (counts[cell] ?? 0) + 1;
    }
    // Chi-squared with 15 degrees of freedom is below 37.7 in 999 of 1,000 cases.
    expect(counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)).toBeLessThan(37.7);
  });
});
