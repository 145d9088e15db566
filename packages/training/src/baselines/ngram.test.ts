import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutByPosition } from "../data/split.ts";
import { Ngram } from "./ngram.ts";

const data = process.env.CANDOR_SHARED_DATA ?? join(import.meta.dirname, "../../../../../shared/data");
const shakespeare = join(data, "tinyshakespeare.txt");

describe("a table of n-grams", () => {
  const tokens = fc.array(fc.nat(4), { minLength: 1, maxLength: 60 });

  it("gives probabilities that sum to one after any history", () => {
    fc.assert(
      fc.property(
        tokens,
        fc.array(fc.nat(4), { maxLength: 6 }),
        fc.integer({ min: 1, max: 5 }),
        (read, history, order) => {
          const table = new Ngram(read, 5, order);
          const sum = [0, 1, 2, 3, 4].reduce((all, token) => all + table.probability(history, token), 0);
          expect(sum).toBeCloseTo(1, 12);
        },
      ),
    );
  });

  it("gives losses that are the mean of its own probabilities", () => {
    fc.assert(
      fc.property(tokens, tokens, fc.integer({ min: 1, max: 5 }), (read, held, order) => {
        const losses = new Ngram(read, 5, order).losses(held);
        for (const [i, loss] of losses.entries()) {
          const table = new Ngram(read, 5, i + 1);
          const nats = held.map((token, t) => -Math.log(table.probability(held.slice(0, t), token)));
          expect(loss).toBeCloseTo(nats.reduce((a, b) => a + b, 0) / held.length, 10);
        }
      }),
    );
  });

  it("mixes as Witten and Bell say, worked by hand", () => {
    // 1 is two of six tokens of three kinds; after 0 came 1, 1 and 2; after 2 nothing.
    const table = new Ngram([0, 1, 0, 1, 0, 2], 3, 2);
    const alone = (2 + 3 * (1 / 3)) / (6 + 3);
    expect(table.probability([], 1)).toBeCloseTo(alone, 14);
    expect(table.probability([0], 1)).toBeCloseTo((2 + 2 * alone) / (3 + 2), 14);
    expect(table.probability([2], 1)).toBeCloseTo(alone, 14);
  });

  it("refuses tokens out of its range", () => {
    expect(() => new Ngram([0, 5], 5, 2)).toThrow("token 5");
  });

  it.skipIf(!existsSync(shakespeare))("reaches the known losses on nanoGPT's split of tinyshakespeare", () => {
    const text = readFileSync(shakespeare, "utf8");
    const letters = [...new Set(text)].sort();
    const ids = new Map(letters.map((letter, id) => [letter, id]));
    const encode = (part: string) => Uint16Array.from(part, (letter) => ids.get(letter) ?? -1);
    const { train, validation } = cutByPosition(text, 0.1);
    expect([train.length, validation.length]).toEqual([1_003_854, 111_540]);
    const losses = new Ngram(encode(train), letters.length, 5).losses(encode(validation));
    expect(losses.map((loss) => loss.toFixed(3))).toEqual(["3.347", "2.486", "2.049", "1.774", "1.669"]);
  });
  if (!existsSync(shakespeare)) console.warn(`skipped: no ${shakespeare}; CANDOR_SHARED_DATA names another folder`);
});
