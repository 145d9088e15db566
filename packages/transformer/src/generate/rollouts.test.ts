import { afterEach, describe, expect, test } from "vitest";
import { Rollouts } from "./rollouts.ts";
import { softmax } from "./sample.ts";
import { plainLogits, randomWeights, TINY, uniforms } from "./testing/tiny-models.ts";

let rollouts: Rollouts | undefined;
afterEach(async () => {
  await rollouts?.close();
  rollouts = undefined;
});

const END = 7;

describe.each(Object.entries(TINY))("%s", (_, config) => {
  test("what is told of each token is what the plain decoder says of it, for prompts of any length", async () => {
    const draw = uniforms(3);
    const weights = randomWeights(config, draw);
    rollouts = await Rollouts.create(config, { rows: 3, threads: 2 });
    await rollouts.setWeights(weights);
    const prompts = [5, 1, 9, 2].map((length) => Array.from({ length }, () => Math.floor(draw() * config.vocab)));
    const written = await rollouts.write(prompts, { maxTokens: 6, temperature: 0.8, seed: 4, end: END });
    for (const [n, { tokens, logProbabilities, entropies, ended }] of written.entries()) {
      const prompt = prompts[n] ?? [];
      expect(ended).toBe(tokens.at(-1) === END);
      expect(tokens.length === 6 || ended).toBe(true);
      const logits = await plainLogits(config, weights, [...prompt, ...tokens]);
      for (const [place, token] of tokens.entries()) {
        const chances = softmax(logits[prompt.length + place - 1] as Float32Array, 0.8);
        expect(logProbabilities[place]).toBeCloseTo(Math.log(chances[token] as number), 3);
        const entropy = -chances.reduce((sum, p) => sum + (p > 0 ? p * Math.log(p) : 0), 0);
        expect(entropies[place]).toBeCloseTo(entropy, 3);
      }
    }
  });
});

describe("rollouts", () => {
  const config = TINY["GPT-2"];
  const weights = randomWeights(config, uniforms(11));
  const options = { maxTokens: 8, seed: 1, end: END };

  test("draw tokens as often as the model says", async () => {
    rollouts = await Rollouts.create(config, { rows: 64 });
    await rollouts.setWeights(weights);
    const count = 6000;
    const written = await rollouts.write(
      Array.from({ length: count }, () => [3, 14]),
      { ...options, maxTokens: 1 },
    );
    const chances = softmax((await plainLogits(config, weights, [3, 14]))[1] as Float32Array, 1);
    const seen = new Float64Array(config.vocab);
    for (const { tokens } of written) seen[tokens[0] as number] = (seen[tokens[0] as number] as number) + 1;
    const chiSquare = chances.reduce((sum, p, n) => sum + ((seen[n] as number) - count * p) ** 2 / (count * p), 0);
    // 60 degrees of freedom: 99.99 % of fair draws stay below 112.
    expect(chiSquare).toBeLessThan(112);
  });

  test("are a function of seed and weights, and follow the weights they are given", async () => {
    rollouts = await Rollouts.create(config, { rows: 4, threads: 2 });
    const prompts = [[1], [2, 3], [4], [5, 6, 7], [8]];
    const said = async (seed: number) => (await rollouts?.write(prompts, { ...options, seed }))?.map((r) => r.tokens);
    await rollouts.setWeights(weights);
    const first = await said(1);
    expect(await said(1)).toEqual(first);
    expect(await said(2)).not.toEqual(first);
    await rollouts.setWeights(randomWeights(config, uniforms(12)));
    expect(await said(1)).not.toEqual(first);
    await rollouts.setWeights(weights);
    expect(await said(1)).toEqual(first);
  });

  test("end where the context does", async () => {
    rollouts = await Rollouts.create(config, { rows: 2, threads: 1 });
    await rollouts.setWeights(weights);
    const [full, near] = await rollouts.write([Array(40).fill(1), Array(37).fill(1)], { ...options, end: -1 });
    expect([full?.tokens.length, near?.tokens.length]).toEqual([1, 4]);
  });

  test("say what cannot be written", async () => {
    rollouts = await Rollouts.create(config, { rows: 2, threads: 1 });
    await rollouts.setWeights(weights);
    await expect(rollouts.write([[]], options)).rejects.toThrow("no tokens");
    await expect(rollouts.write([[61]], options)).rejects.toThrow("Token 61 is out of range");
    await expect(rollouts.write([Array(41).fill(1)], options)).rejects.toThrow("too long: 41 tokens");
    await expect(rollouts.setWeights(new Map())).rejects.toThrow("is missing");
  });
});
