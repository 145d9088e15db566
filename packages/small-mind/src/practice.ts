/**
 * What a judged mind should have done: where a reward model of judgments holds a step bad, the legal answer that the two together hold
 * best stands in its place (the best of all, distilled, as Dong et al. 2023, arXiv 2304.06767, do with the best of n).
 */
import type { View } from "@candor/agent";
import { optionsOf, promptOf, writeAnswer } from "@candor/agent/small";
import type { Decision } from "@candor/store";
import { type OpenModel, Reader } from "@candor/training";
import { LONGEST, type StepRewards, stepText } from "./step-rewards.ts";

export interface PractisedRow {
  prompt: string;
  completion: string;
}

/** Chance of being judged good from which on a step stays as it is. */
const GOOD = 0.5;

type Judge = Pick<StepRewards, "judge">;

export class Practice implements AsyncDisposable {
  readonly #model: OpenModel;
  readonly #reader: Reader;
  readonly #judge: Judge;

  private constructor(model: OpenModel, reader: Reader, judge: Judge) {
    this.#model = model;
    this.#reader = reader;
    this.#judge = judge;
  }

  /** @param model whose steps they are @param judge is closed by whoever opened it */
  static async open(model: OpenModel, judge: Judge): Promise<Practice> {
    const reader = await Reader.create(model.config.decoder, { reading: "log-probabilities", shape: LONGEST });
    await reader.hold(model.weights);
    return new Practice(model, reader, judge);
  }

  /** @returns undefined for a step that the grammar has no words for */
  async row({
    view,
    decision,
  }: {
    view: View;
    decision: Decision;
  }): Promise<(PractisedRow & { changed: boolean }) | undefined> {
    const options = optionsOf(view);
    const own = writeAnswer(options, decision);
    if (own === undefined) return undefined;
    const prompt = promptOf(options);
    const [chance = GOOD] = await this.#judge.judge(view, [decision]);
    if (chance >= GOOD) return { prompt, completion: own, changed: false };
    const others = options.options.map(({ tool, args }): Decision => ({ thought: "", tool, args: args[0] }));
    const chances = await this.#judge.judge(view, others);
    const best = Math.max(...chances.map((each) => each ?? 0));
    // Where nothing is held good, what is held least bad.
    const held = others.flatMap((other, n) => {
      const each = chances[n] ?? 0;
      const answer = each >= Math.min(GOOD, best) ? writeAnswer(options, other) : undefined;
      const text = answer === undefined ? undefined : stepText(this.#model, prompt, answer);
      return answer && text ? [{ answer, text, odds: Math.log(each / Math.max(1e-9, 1 - each)) }] : [];
    });
    const likelihoods = (await this.#reader.read(held.map(({ text }) => text))).map((row) =>
      row.reduce((sum, x) => sum + x, 0),
    );
    const worth = held.map(({ answer, odds }, n) => ({ answer, worth: (likelihoods[n] ?? 0) + odds }));
    const chosen = worth.reduce((a, b) => (b.worth > a.worth ? b : a), worth[0] ?? { answer: own, worth: 0 });
    return { prompt, completion: chosen.answer, changed: chosen.answer !== own };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#reader.close();
  }
}
