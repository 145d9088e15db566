import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { logitLens } from "./attribution.ts";
import { Lens } from "./lens.ts";
import { logProbability } from "./loss.ts";
import { TunedLens } from "./tuned-lens.ts";

const MODELS = join(import.meta.dirname, "../../transformer/fixtures/models");
const rowsOf = (vocab: number, count: number, length: number, seed: number): number[][] => {
  let state = seed;
  const lot = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((vocab * state) / 2 ** 32);
  };
  return Array.from({ length: count }, () => Array.from({ length }, lot));
};
const apart = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(a, (x, n) => Math.abs(x - (b[n] ?? Number.NaN))));

describe.each(["gpt2", "llama", "gpt_neox"])("the tuned lens of a %s", (name) => {
  it("is the logit lens before it has learnt anything", async () => {
    await using lens = await Lens.open(join(MODELS, name), { threads: 1 });
    const rows = rowsOf(lens.config.vocab, 2, 6, 5);
    const { width, layers } = lens.config;
    const nothing = Array.from({ length: layers - 1 }, () => ({
      matrix: new Float32Array(width * width),
      bias: new Float32Array(width),
    }));
    const said = await new TunedLens(lens, nothing, { threads: 1 }).read(rows);
    const plain = await logitLens(lens, rows);
    for (const [layer, logits] of said.entries()) expect(apart(logits, plain[layer] ?? [])).toBeLessThan(1e-4);
  });

  it("comes nearer to what the model will say, on rows that it did not learn from", async () => {
    await using lens = await Lens.open(join(MODELS, name), { threads: 1 });
    const { vocab } = lens.config;
    const losses: number[] = [];
    const tuned = await TunedLens.train(
      lens,
      rowsOf(vocab, 48, 8, 7),
      { steps: 150, rows: 8, threads: 1 },
      ({ loss }) => losses.push(loss),
    );
    expect(losses.at(-1)).toBeLessThan(0.8 * (losses[0] ?? 0));
    const rows = rowsOf(vocab, 12, 8, 11);
    const report = await tuned.report(rows);
    expect(report.length).toBe(lens.config.layers - 1);
    for (const { tuned: through, plain } of report) expect(through).toBeLessThan(0.9 * plain);
    // The report says what its logits say.
    const said = await tuned.read(rows);
    const last = said.at(-1) ?? new Float32Array();
    let sum = 0;
    for (let from = 0; from < last.length; from += vocab) {
      const [own, other] = [last.subarray(from, from + vocab), (said[0] ?? last).subarray(from, from + vocab)];
      for (let token = 0; token < vocab; token++) {
        const chance = logProbability(own, token);
        sum += Math.exp(chance) * (chance - logProbability(other, token));
      }
    }
    expect((sum * vocab) / last.length).toBeCloseTo(report[0]?.tuned ?? Number.NaN, 3);
  });
});

it("needs two layers and enough rows", async () => {
  await using lens = await Lens.open(join(MODELS, "gpt2"), { threads: 1 });
  await expect(TunedLens.train(lens, [[1, 2]], { rows: 4 })).rejects.toThrow("fewer than the 4");
});
