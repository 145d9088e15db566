import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { unit } from "../directions.ts";
import { Lens } from "../lens.ts";
import { editReport } from "./edit-report.ts";
import { rankOneEdit } from "./rank-one.ts";
import { biasEdit, EditedModel, headEdit, neuronEdit, projectionEdit, type WeightEdit } from "./weight-edit.ts";

const MODELS = join(import.meta.dirname, "../../../transformer/fixtures/models");
const TOKENS = [
  [3, 1, 4, 1, 5],
  [2, 7, 1, 8, 2],
];
let lens: Lens;
beforeAll(async () => {
  lens = await Lens.open(join(MODELS, "gpt2"), { threads: 1 });
});
afterAll(() => lens[Symbol.asyncDispose]());

const far = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(a, (x, n) => Math.abs(x - (b[n] ?? Number.NaN))));

async function logitsWith(edit: WeightEdit): Promise<Float32Array> {
  const model = new EditedModel(lens);
  model.apply(edit);
  await using now = model.open({ threads: 1 });
  return (await now.run(TOKENS)).logits;
}

describe("weight edits", () => {
  it("of heads and neurons are what ablating them is", async () => {
    const heads = await lens.run(TOKENS, { edits: [{ at: "blocks.1.attn.hook_z", heads: [1], to: 0 }] });
    expect(far(await logitsWith(headEdit(lens, [[1, 1]])), heads.logits)).toBeLessThan(1e-5);
    const { cache } = await lens.run(TOKENS, { read: ["blocks.0.mlp.hook_post"] });
    const { values } = cache.at("blocks.0.mlp.hook_post");
    const without = values.map((x, n) => ([2, 5].includes(n % lens.config.mlpWidth) ? 0 : x));
    const neurons = await lens.run(TOKENS, { edits: [{ at: "blocks.0.mlp.hook_post", to: without }] });
    expect(far(await logitsWith(neuronEdit(lens, 0, [2, 5])), neurons.logits)).toBeLessThan(1e-5);
  });

  it("of a bias are steering", async () => {
    const vector = Float32Array.from({ length: lens.config.width }, (_, n) => Math.sin(n));
    const steered = await lens.run(TOKENS, { edits: [{ at: "blocks.0.hook_mlp_out", plus: vector }] });
    expect(far(await logitsWith(biasEdit(lens, 0, vector)), steered.logits)).toBeLessThan(1e-5);
  });

  it("that take a direction out leave nothing of it in the stream", async () => {
    const direction = Float32Array.from({ length: lens.config.width }, (_, n) => Math.cos(2 * n));
    const model = new EditedModel(lens);
    model.apply(projectionEdit(model.now, direction));
    await using now = model.open({ threads: 1 });
    const along = unit(direction);
    const { cache } = await now.run(TOKENS, { read: (name) => /hook_resid_(pre|mid|post)$/.test(name) });
    for (const { values } of cache)
      for (let from = 0; from < values.length; from += along.length) {
        const row = values.subarray(from, from + along.length);
        expect(Math.abs(row.reduce((sum, x, n) => sum + x * (along[n] as number), 0))).toBeLessThan(1e-4);
      }
  });

  it("are taken back to the bit, in turn, and leave the model that they began with as it is", async () => {
    const { logits } = await lens.run(TOKENS);
    const model = new EditedModel(lens);
    model.apply(headEdit(model.now, [[0, 0]]));
    model.apply(neuronEdit(model.now, 1, [0], 3));
    expect(model.edits.map(({ title }) => title)).toEqual(["scale heads 0.0 by 0", "scale 1 neurons of layer 1 by 3"]);
    expect(model.undo()?.title).toBe("scale 1 neurons of layer 1 by 3");
    model.undo();
    expect(model.undo()).toBeUndefined();
    await using now = model.open({ threads: 1 });
    expect((await now.run(TOKENS)).logits).toEqual(logits);
    expect((await lens.run(TOKENS)).logits).toEqual(logits);
  });

  it("that do not fit are refused", () => {
    expect(() => headEdit(lens, [[9, 0]])).toThrow("There is no head 9.0");
    expect(() => neuronEdit(lens, 0, [1e6])).toThrow(/there is no 1000000/);
    expect(() => biasEdit(lens, 0, [1, 2])).toThrow(/the vector 2/);
    expect(() =>
      new EditedModel(lens).apply({ title: "", changes: new Map([["embed.weight", new Float32Array(3)]]) }),
    ).toThrow(/embed.weight has \d+ numbers, the edit 3/);
  });
});

describe("a rank-one edit", () => {
  it("makes another token come next after its subject, and hardly anything else", async () => {
    const vocab = lens.config.vocab;
    const others = Array.from({ length: 40 }, (_, n) =>
      Array.from({ length: 6 }, (__, k) => (n * 7 + k * k * 3 + 1) % vocab),
    );
    const prompts = [[5, 9, 2, 11]];
    const target = 17 % vocab;
    const model = new EditedModel(lens);
    model.apply(await rankOneEdit(lens, { prompts, subjects: [3], target, layer: 1, others, steps: 60 }));
    await using now = model.open({ threads: 1 });
    const report = await editReport(lens, now, {
      question: { prompts, target },
      neighbourhood: others,
      heldOut: others,
    });
    expect(report.target.after.first).toBe(1);
    expect(report.target.after.probability).toBeGreaterThan(5 * report.target.before.probability);
    expect(report.neighbourhood.divergence).toBeLessThan(0.1);
    expect(Math.abs(report.heldOut.after - report.heldOut.before)).toBeLessThan(0.5);
  });

  it("is of one matrix, by one product of two vectors", async () => {
    const others = [[1, 2, 3, 4, 5, 6]];
    const edit = await rankOneEdit(lens, {
      prompts: [[5, 9, 2]],
      subjects: [1],
      target: 4,
      layer: 1,
      others,
      steps: 5,
    });
    expect([...edit.changes.keys()]).toEqual(["blocks.1.mlp.out.weight"]);
    const [values] = edit.changes.values();
    const old = lens.weights.get("blocks.1.mlp.out.weight") as Float32Array;
    const { width } = lens.config;
    const change = (row: number, column: number): number =>
      (values?.[row * width + column] as number) - (old[row * width + column] as number);
    const scale = Math.max(...old.map(Math.abs));
    for (const [a, b, c, d] of [
      [0, 1, 2, 3],
      [5, 4, 3, 6],
    ] as const)
      expect(Math.abs(change(a, c) * change(b, d) - change(a, d) * change(b, c))).toBeLessThan(1e-5 * scale);
  });

  it("asks for as many subjects as prompts, and texts of all kinds", async () => {
    const request = { prompts: [[1, 2]], subjects: [], target: 1, layer: 0, others: [[1, 2]] };
    await expect(rankOneEdit(lens, request)).rejects.toThrow("0 subjects do not fit 1 prompts");
    const texts = { question: { prompts: [[1]], target: 1 }, neighbourhood: [], heldOut: [[1, 2]] };
    await expect(editReport(lens, lens, texts)).rejects.toThrow("neighbourhood has none");
  });
});
