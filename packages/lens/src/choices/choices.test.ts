import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Lens } from "../lens.ts";
import { logProbability } from "../loss.ts";
import { type ChoiceTask, chancesOf, courses, nextLogits } from "./answer-tree.ts";
import { explainChoice, type Swap } from "./explain-choice.ts";

const MODELS = join(import.meta.dirname, "../../../transformer/fixtures/models");
const open = (name: string) => Lens.open(join(MODELS, name), { threads: 1 });

const task: ChoiceTask = {
  prompt: [3, 1, 4, 1, 5, 9, 2, 6],
  choices: [
    [
      [10, 11, 2],
      [12, 11, 2],
    ],
    [[10, 13, 2]],
    [
      [14, 10, 2],
      [12, 13, 2],
    ],
  ],
};

describe("what a model may answer", () => {
  it("is as likely as its tokens among those that there are", async () => {
    await using lens = await open("gpt2");
    const found = await chancesOf(lens, task);
    const whole = found.reduce((sum, { chance }) => sum + chance, 0);
    expect(whole).toBeCloseTo(1, 5);
    const [root, ten, twelve] = await Promise.all(
      [[], [10], [12]].map(async (path) =>
        (await lens.run([[...task.prompt, ...path]])).logits.slice(-lens.config.vocab),
      ),
    );
    const among = (logits: Float32Array | undefined, token: number, tokens: readonly number[]): number => {
      const chance = (each: number): number => Math.exp(logProbability(logits ?? new Float32Array(), each));
      return chance(token) / tokens.reduce((sum, each) => sum + chance(each), 0);
    };
    const first = (token: number): number => among(root, token, [10, 12, 14]);
    expect(found[1]?.chance).toBeCloseTo(first(10) * among(ten, 13, [11, 13]), 5);
    expect(found[0]?.chance).toBeCloseTo(
      first(10) * among(ten, 11, [11, 13]) + first(12) * among(twelve, 11, [11, 13]),
      5,
    );
  });

  it("is followed by its likeliest tokens, for texts of several lengths as for each alone", async () => {
    await using lens = await open("llama");
    const longer = { ...task, prompt: [...task.prompt, 7, 7, 3] };
    const both = await courses(lens, [task, longer]);
    const each = [...(await courses(lens, [task])), ...(await courses(lens, [longer]))];
    expect(both.map(({ choice }) => choice)).toEqual(each.map(({ choice }) => choice));
    const [alone] = await nextLogits(lens, [task.prompt]);
    const [, behind] = await nextLogits(lens, [longer.prompt, task.prompt]);
    expect(Math.max(...(alone ?? []).map((x, n) => Math.abs(x - (behind?.[n] ?? 0))))).toBeLessThan(1e-4);
  });
});

describe("why something was chosen", () => {
  it.each(["gpt2", "llama"])("adds up to the margin, and is what cutting parts takes from it (%s)", async (name) => {
    await using lens = await open(name);
    const told = await explainChoice(lens, task, { steps: 64 });
    expect(told.chosen).toBe(told.likeliest);
    const given = ({ tokens }: typeof told): number => tokens.reduce((a, b) => a + b, 0);
    expect(given(told)).toBeCloseTo(told.margin - told.before, 2);
    const swapped = await explainChoice(lens, task, { steps: 64, swaps: [{ position: 2, token: 7 }] });
    expect(given(swapped)).toBeCloseTo(swapped.margin - swapped.before, 2);
    // No other token could stand anywhere else.
    expect(swapped.tokens.filter((_, n) => n !== 2).every((value) => value === 0)).toBe(true);
    const { parting } = told;
    const text = [...task.prompt, ...(parting?.written ?? [])];
    const logits = (await lens.run([text])).logits.slice(-lens.config.vocab);
    expect(told.margin).toBeCloseTo((logits[parting?.chosen ?? 0] ?? 0) - (logits[parting?.rival ?? 0] ?? 0), 4);
    const { layers, heads } = lens.config;
    expect(told.parts.length).toBe(layers * (heads + 1));
    // A part that says the same everywhere loses nothing by being its mean: the first place of a prompt of one token.
    const alone = await explainChoice(lens, { ...task, prompt: [3] }, { steps: 1 });
    if (alone.parting?.written.length === 0)
      for (const { effect } of alone.parts) expect(Math.abs(effect)).toBeLessThan(1e-4);
    expect(told.neurons.length).toBe(8);
  });

  it("names the fewest words that lead elsewhere, and they do", async () => {
    await using lens = await open("gpt2");
    const swaps = task.prompt.flatMap((_, position): Swap[] =>
      Array.from({ length: 12 }, (_, n) => ({ position, token: (7 * n + position) % lens.config.vocab })),
    );
    const { change, chosen } = await explainChoice(lens, task, { swaps });
    expect(change?.swaps.length).toBeGreaterThan(0);
    const prompt = [...task.prompt];
    for (const { position, token } of change?.swaps ?? []) prompt[position] = token;
    const [course] = await courses(lens, [{ ...task, prompt }]);
    expect(course?.choice).toBe(change?.choice);
    expect(course?.choice).not.toBe(chosen);
  });

  it("is nothing where there is nothing to choose", async () => {
    await using lens = await open("gpt2");
    const told = await explainChoice(lens, { ...task, choices: task.choices.slice(0, 1) });
    expect(told).toMatchObject({ chosen: 0, rival: undefined, margin: 0, change: undefined });
  });

  it("needs answers none of which begins another", async () => {
    await using lens = await open("gpt2");
    await expect(explainChoice(lens, { prompt: [3], choices: [[[1]], [[1, 2]]] })).rejects.toThrow("begins another");
    await expect(explainChoice(lens, { prompt: [3], choices: [[[1]], []] })).rejects.toThrow("has no answer");
  });
});
