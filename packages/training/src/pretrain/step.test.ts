import { ParallelSession, Runner } from "@candor/graph";
import { describe, expect, it } from "vitest";
import { decoderOf, parsePretrainConfig } from "./config.ts";
import { initialWeights } from "./initial-weights.ts";
import { parallelTrainingStep, type StepOptions, trainingStep } from "./step.ts";

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

describe("shared by threads", () => {
  const feeds = { tokens, targets, rate: [1e-2] };
  const variants: [string, Partial<StepOptions>, number][] = [
    ["two", {}, 2],
    ["four", {}, 4],
    ["two, with Muon", { muon: { momentum: 0.95 } }, 2],
    ["two, without clipping", { clip: 0 }, 2],
  ];
  it.each(variants)("is the same step: %s", async (_, more, ways) => {
    const options = { ...adam, batch: 4, time: 4, ...more };
    const one = await Runner.load(trainingStep(decoder, options), { threads: 1 });
    await using shared = await ParallelSession.create(parallelTrainingStep(decoder, options, ways));
    for (const [name, values] of initialWeights(decoder, 1)) {
      one.setState(name, values);
      await shared.setState(name, values);
    }
    const given = { ...feeds, ...(more.muon && { muon_rate: [2e-2] }) };
    for (let step = 0; step < 3; step++) {
      const [alone, together] = [await one.run(given), await shared.run(given)];
      for (const name of ["loss", "gradient_norm"])
        expect(Number(together[name]?.[0]), name).toBeCloseTo(Number(alone[name]?.[0]), 4);
    }
    expect(Object.keys(shared.program.state).toSorted()).toEqual(Object.keys(one.program.state).toSorted());
    for (const name of Object.keys(one.program.state)) {
      const [left, right] = [one.state(name), await shared.state(name)];
      for (const [n, value] of left.entries()) expect(Number(right[n]), `${name} ${n}`).toBeCloseTo(Number(value), 3);
    }
    await one.release();
  });

  it("adds up several batches, and draws what it drops for each sample by itself", async () => {
    const options = { ...adam, batch: 4, time: 4, accumulate: 2, dropout: 0.2 };
    const losses = async (): Promise<number[]> => {
      await using session = await ParallelSession.create(parallelTrainingStep(decoder, options, 2));
      for (const [name, values] of initialWeights(decoder, 1)) await session.setState(name, values);
      const found: number[] = [];
      for (const last of [0, 1, 0, 1]) {
        const before = await session.state("blocks.0.mlp.in.weight");
        const { loss } = await session.run({ ...feeds, last: [last], dropout_key: [65536 * (found.length + 1)] });
        found.push(Number(loss?.[0]));
        expect(await session.state("blocks.0.mlp.in.weight")).toEqual(
          last === 0 ? before : expect.not.objectContaining(before),
        );
      }
      return found;
    };
    const [first, second] = [await losses(), await losses()];
    expect(second).toEqual(first);
  });
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
