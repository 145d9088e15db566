/** A reward model of judged steps at work: how likely people would call a proposed step good, whichever mind proposes it. */
import type { StepJudge, View } from "@candor/agent";
import { optionsOf, promptOf, writeAnswer } from "@candor/agent/small";
import type { Decision } from "@candor/store";
import { type OpenModel, openModel, Reader, type TokenText } from "@candor/training";
import { TransformerError } from "@candor/transformer";
import { mustSpeak } from "./model.ts";

/** Steps read at once, and words of the longest: of a longer one nothing is said. */
export const LONGEST = { batch: 4, time: 384, count: 32 } as const;

export class StepRewards implements Pick<StepJudge, "judge">, AsyncDisposable {
  readonly #model: OpenModel;
  readonly #reader: Reader;

  private constructor(model: OpenModel, reader: Reader) {
    this.#model = model;
    this.#reader = reader;
  }

  /**
   * @param folder of a reward model that `candor train mind --reward` made
   * @throws {import("@candor/training").TrainingError}, {TransformerError} when it holds none
   */
  static async open(folder: string): Promise<StepRewards> {
    const model = await openModel(folder);
    mustSpeak(model, folder);
    if (!model.config.scored)
      throw new TransformerError(`${folder} gives no score`, "candor train mind --reward makes a model that does.");
    const reader = await Reader.create(model.config.decoder, { reading: "scores", shape: LONGEST });
    await reader.hold(model.weights);
    return new StepRewards(model, reader);
  }

  /** @returns chances from 0 to 1; undefined for a step that the small mind's language has no words for */
  async judge(view: View, decisions: readonly Decision[], signal?: AbortSignal): Promise<(number | undefined)[]> {
    const options = optionsOf(view);
    const prompt = promptOf(options);
    const texts = decisions.map((decision) => {
      const answer = writeAnswer(options, decision);
      return answer === undefined ? undefined : stepText(this.#model, prompt, answer);
    });
    const told = texts.filter((text) => text !== undefined);
    const scores = await this.#reader.read(told, signal);
    const byText = new Map(told.map((text, n) => [text, 1 / (1 + Math.exp(-(scores[n]?.[0] ?? 0)))]));
    return texts.map((text) => text && byText.get(text));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#reader.close();
  }
}

/** A view and an answer as a model reads them; undefined for what is longer than {@link LONGEST}. */
export function stepText(
  { tokenizer, end }: Pick<OpenModel, "tokenizer" | "end">,
  prompt: string,
  answer: string,
): TokenText | undefined {
  const read = tokenizer.encode(prompt, { added: "text" });
  const written = [...tokenizer.encode(answer, { added: "text" }), end];
  const fits = read.length + written.length <= LONGEST.time && written.length <= LONGEST.count;
  return fits ? { prompt: read, completion: written } : undefined;
}
