import { compile, Runner } from "@candor/graph";
import { type DecoderConfig, weightShapes } from "@candor/transformer";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decoderOf, parsePretrainConfig } from "../pretrain/config.ts";
import { initialWeights } from "../pretrain/initial-weights.ts";
import { shareOf } from "../step/step.ts";
import { prefixed, readCompletions } from "./completions.ts";
import { packed, packedFeeds, packedInputs, packedShape } from "./packing.ts";
import { shapeFor, type TokenText, textFeeds } from "./texts.ts";

const token = fc.integer({ min: 0, max: 10 });
const text = fc.record({
  prompt: fc.array(token, { minLength: 1, maxLength: 6 }),
  completion: fc.array(token, { minLength: 1, maxLength: 6 }),
});

test("every text is packed once, and no row has more than there is room for", () => {
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 20 }), (texts) => {
      const rows = packed(texts, 16);
      expect(rows.flat().toSorted(byText)).toEqual(texts.toSorted(byText));
      for (const row of rows)
        expect(row.flatMap(({ prompt, completion }) => [...prompt, ...completion]).length).toBeLessThanOrEqual(16);
      // No two rows would fit into one.
      const sizes = rows.map((row) =>
        row.reduce((sum, { prompt, completion }) => sum + prompt.length + completion.length, 0),
      );
      expect(sizes.filter((size) => size <= 8).length).toBeLessThanOrEqual(1);
    }),
  );
});
const byText = (a: TokenText, b: TokenText): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

const model = (settings: object): DecoderConfig =>
  decoderOf(parsePretrainConfig({ model: { layers: 2, heads: 2, width: 16, context: 24, ...settings } }, "a test"), 11);

describe.each([
  ["learned positions", model({})],
  ["rotary positions", model({ positions: "rotary", norm: "rms", activation: "silu", gated: true })],
])("with %s", (_, config) => {
  test("a packed text has the log-probabilities that it has alone", async () => {
    const texts: TokenText[] = [
      { prompt: [1, 2, 3], completion: [4, 5] },
      { prompt: [6], completion: [7, 8, 9, 10] },
      { prompt: [2, 2], completion: [3] },
      { prompt: [5, 4, 3, 2, 1], completion: [0, 1, 2, 3, 4, 5] },
    ];
    const weights = Object.fromEntries(initialWeights(config, 3));
    const run = async (isPacked: boolean): Promise<number[]> => {
      const rows = isPacked ? packed(texts, 16) : texts.map((each) => [each]);
      const shape = isPacked ? packedShape(rows, rows.length) : shapeFor(texts, texts.length);
      const share = shareOf(0, 1);
      const placed = isPacked ? packedInputs(config, share, shape) : {};
      const { logProbabilities } = readCompletions(
        config,
        prefixed("", weightShapes(config)).weights,
        share,
        shape,
        1,
        placed,
      );
      const program = compile({ outputs: { logProbabilities } });
      const runner = await Runner.load(program, { threads: 1 });
      const feeds = { ...weights, ...(isPacked ? packedFeeds(rows, shape) : textFeeds(texts, shape)) };
      const values = await runner.run(
        Object.fromEntries(Object.entries(feeds).filter(([name]) => name in program.inputs)),
      );
      const told = values.logProbabilities as Float32Array;
      const found = new Map<string, number[]>();
      for (const [row, group] of rows.entries()) {
        let at = row * shape.count;
        for (const each of group) {
          found.set(JSON.stringify(each), Array.from(told.subarray(at, at + each.completion.length)));
          at += each.completion.length;
        }
      }
      await runner.release();
      return texts.flatMap((each) => found.get(JSON.stringify(each)) ?? []);
    };
    const [together, alone] = [await run(true), await run(false)];
    expect(packed(texts, 16).length).toBeLessThan(texts.length);
    expect(together.length).toBe(13);
    for (const [n, value] of together.entries()) expect(value).toBeCloseTo(alone[n] ?? Number.NaN, 5);
  });
});
