import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Engine } from "./engine.ts";
import { plainLogits, randomWeights, TINY, uniforms } from "./testing/tiny-models.ts";

const greatestGap = (a: Float32Array, b: Float32Array): number =>
  a.reduce((most, value, n) => Math.max(most, Math.abs(value - (b[n] ?? Number.NaN))), 0);

const argmax = (values: Float32Array): number =>
  values.reduce((best, value, n) => (value > (values[best] as number) ? n : best), 0);

describe.each(Object.entries(TINY))("%s", (_, config) => {
  test("logits with a cache are those of the plain decoder, by pieces of a prompt and by tokens", async () => {
    const draw = uniforms(5);
    const weights = randomWeights(config, draw);
    const tokens = Array.from({ length: 23 }, () => Math.floor(draw() * config.vocab));
    const wanted = await plainLogits(config, weights, tokens);
    await using engine = await Engine.create(config, weights, { batch: 2, chunk: 8, threads: 1 });
    // The prompt is two whole pieces and a part; the other row has a text of another length.
    expect(greatestGap(await engine.read(0, tokens.slice(0, 19)), wanted[18] as Float32Array)).toBeLessThan(1e-4);
    expect(greatestGap(await engine.read(1, tokens.slice(0, 3)), wanted[2] as Float32Array)).toBeLessThan(1e-4);
    for (let n = 0; n < 4; n++) {
      const logits = await engine.step([tokens[19 + n], tokens[3 + n]]);
      const [first, second] = [logits.slice(0, config.vocab), logits.slice(config.vocab)];
      expect(greatestGap(first, wanted[19 + n] as Float32Array)).toBeLessThan(1e-4);
      expect(greatestGap(second, wanted[3 + n] as Float32Array)).toBeLessThan(1e-4);
    }
    expect([engine.length(0), engine.length(1)]).toEqual([23, 7]);
  });
});

test("greedy output is that of computing everything anew, whatever the model and its rows", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        kind: fc.constantFrom(...Object.values(TINY)),
        seed: fc.nat(),
        lengths: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 3 }),
        chunk: fc.integer({ min: 1, max: 9 }),
        layers: fc.integer({ min: 1, max: 2 }),
      }),
      async ({ kind, seed, lengths, chunk, layers }) => {
        const config = { ...kind, layers };
        const draw = uniforms(seed);
        const weights = randomWeights(config, draw);
        const texts = lengths.map((length) => Array.from({ length }, () => Math.floor(draw() * config.vocab)));
        await using engine = await Engine.create(config, weights, { batch: lengths.length, chunk, threads: 1 });
        const next = [];
        for (const [row, text] of texts.entries()) next.push(argmax(await engine.read(row, text)));
        for (let n = 0; n < 5; n++) {
          for (const [row, token] of next.entries()) texts[row]?.push(token);
          const logits = await engine.step(next);
          for (const row of next.keys()) next[row] = argmax(logits.slice(row * config.vocab, (row + 1) * config.vocab));
        }
        for (const [row, text] of texts.entries()) {
          const wanted = await plainLogits(config, weights, text);
          for (let n = lengths[row] as number; n < text.length; n++)
            expect(text[n]).toBe(argmax(wanted[n - 1] as Float32Array));
        }
      },
    ),
    { numRuns: 8 },
  );
}, 120_000);

test("what cannot be read is refused in a line, and the row is as it was", async () => {
  const config = TINY["GPT-2"];
  const weights = randomWeights(config, uniforms(1));
  await using engine = await Engine.create(config, weights, { context: 12, chunk: 5, threads: 1 });
  await engine.read(0, [1, 2, 3]);
  await expect(engine.read(0, [])).rejects.toThrow("the prompt has no tokens");
  await expect(engine.read(0, [61])).rejects.toThrow("Token 61 is out of range: the model has 61");
  await expect(engine.read(0, Array(10).fill(1))).rejects.toThrow(
    "The text is too long: 13 tokens, and the context is 12",
  );
  expect(engine.length(0)).toBe(3);
  await engine.read(0, Array(9).fill(1));
  await expect(engine.step([1])).rejects.toThrow("fill the context");
  engine.rewind(0);
  await expect(engine.read(0, [4], AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
});

test("weights that are not the decoder's are named", async () => {
  const config = TINY.Llama;
  const weights = randomWeights(config, uniforms(1));
  weights.delete("blocks.1.mlp.gate.weight");
  await expect(Engine.create(config, weights)).rejects.toThrow("The weight blocks.1.mlp.gate.weight is missing");
  await expect(Engine.create({ ...config, layers: 1 }, weights, { batch: 100_000_000 })).rejects.toThrow(
    /^The model would need about [\d.]+ GB/,
  );
});
