import { Runner } from "@candor/graph";
import { expect, it } from "vitest";
import { decoderOf, parsePretrainConfig } from "./config.ts";
import { initialWeights } from "./initial-weights.ts";
import { trainingStep } from "./step.ts";

const config = parsePretrainConfig({ model: { layers: 2, heads: 2, width: 8, context: 4 } }, "test");
const decoder = decoderOf(config, 11);
const { muon: _, ...adam } = config.optimiser;
const tokens = Int32Array.from({ length: 16 }, (_, n) => (n * 7) % 11);
const targets = Int32Array.from({ length: 16 }, (_, n) => (n * 5 + 3) % 11);

async function load(batch: number, accumulate: number, seed = 1): Promise<Runner> {
  const runner = await Runner.load(trainingStep(decoder, { ...adam, batch, time: 4, accumulate }), { threads: 1 });
  for (const [name, values] of initialWeights(decoder, seed)) runner.setState(name, values);
  return runner;
}

it("moves the weights by several batches as by one of all their samples", async () => {
  const whole = await load(4, 1);
  const parts = await load(2, 2);
  for (let step = 0; step < 3; step++) {
    const { loss } = await whole.run({ tokens, targets, rate: [1e-2] });
    let sum = 0;
    for (const last of [0, 1]) {
      const half = [last * 8, last * 8 + 8] as const;
      const feeds = { tokens: tokens.slice(...half), targets: targets.slice(...half), rate: [1e-2], last: [last] };
      sum += Number((await parts.run(feeds)).loss?.[0]) / 2;
    }
    expect(sum).toBeCloseTo(Number(loss?.[0]), 4);
  }
  for (const name of initialWeights(decoder, 1).keys()) {
    const [one, other] = [whole.state(name), parts.state(name)];
    for (const [n, value] of one.entries()) expect(Number(other[n]), `${name} ${n}`).toBeCloseTo(Number(value), 3);
  }
  await whole.release();
  await parts.release();
});

it("begins with nanoGPT's weights, the same for a seed", () => {
  const weights = initialWeights({ ...decoder, width: 64, mlpWidth: 256, headDim: 32 }, 1);
  const spread = (name: string): number => {
    const values = weights.get(name) ?? new Float32Array();
    return Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);
  };
  expect(spread("blocks.0.mlp.in.weight")).toBeCloseTo(0.02, 3);
  expect(spread("blocks.1.mlp.out.weight")).toBeCloseTo(0.01, 3);
  expect(weights.get("norm.weight")?.every((value) => value === 1)).toBe(true);
  expect(initialWeights(decoder, 3)).toEqual(initialWeights(decoder, 3));
  expect(initialWeights(decoder, 3)).not.toEqual(initialWeights(decoder, 4));
});
