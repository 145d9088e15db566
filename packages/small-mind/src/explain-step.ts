/** Why the small mind took a step: the words of its view, the heads and neurons that led there, and the fewest words that would have led elsewhere. */
import type { View } from "@candor/agent";
import {
  answersOf,
  type Option,
  type Options,
  optionFor,
  optionsOf,
  otherWords,
  promptOf,
  promptParts,
} from "@candor/agent/small";
import { type ChoiceExplanation, explainChoice, Lens, neuronBoards, type Swap } from "@candor/lens";
import type { Decision } from "@candor/store";
import { type OpenModel, openModel } from "@candor/training";
import { mustSpeak } from "./model.ts";

export interface WordEffect {
  word: string;
  /** In logits: what it gave to the margin by being this word and no other that could stand there. */
  effect: number;
}

export interface OptionTold {
  /** In the mind's words. */
  call: string;
  tool: string;
  args: Record<string, unknown>;
  /** By drawing words. */
  chance: number;
}

export interface StepExplanation {
  chosen: OptionTold;
  /** Likeliest first. */
  others: OptionTold[];
  /** Options that there were. */
  of: number;
  /** Whether the model's likeliest words lead to what was done: they do not where a step was drawn or ranked. */
  isLikeliest: boolean;
  /** Where the likeliest answers of the two part: the words before, and the word of each. */
  parting?: { written: string[]; chosen: string; rival: string; margin: number; before: number };
  /** The view, line by line and lead by lead. */
  parts: { words: WordEffect[]; option?: OptionTold }[];
  heads: { part: string; effect: number }[];
  neurons: { layer: number; neuron: number; effect: number; raises: string[]; loudest: string[] }[];
  change?: { words: { from: string; to: string; before: string; option?: OptionTold }[]; to: OptionTold };
}

/** Options besides the chosen one that are told of. */
const TOLD = 5;

export class StepExplainer implements AsyncDisposable {
  readonly #model: OpenModel;
  readonly #lens: Lens;
  readonly #examples: readonly (readonly number[])[];

  private constructor(model: OpenModel, examples: readonly string[]) {
    this.#model = model;
    this.#lens = new Lens(model.config.decoder, model.weights, { tokenizer: model.tokenizer });
    const rows = examples.map((text) => model.tokenizer.encode(text, { added: "text" }));
    const length = Math.min(...rows.map((row) => row.length));
    this.#examples = rows.map((row) => row.slice(0, length));
  }

  /**
   * @param examples views, for what neurons speak at
   * @throws {import("@candor/training").TrainingError}, {TransformerError} when it holds no model, or one that does not speak the language
   */
  static async open(folder: string, examples: readonly string[]): Promise<StepExplainer> {
    const model = await openModel(folder);
    mustSpeak(model, folder);
    return new StepExplainer(model, examples);
  }

  /** @returns undefined for a decision that the grammar has no words for */
  async explain(view: View, decision: Pick<Decision, "tool" | "args">): Promise<StepExplanation | undefined> {
    const options = optionsOf(view);
    const done = optionFor(options, decision);
    if (!done) return undefined;
    const tokens = (text: string): number[] => this.#model.tokenizer.encode(text, { added: "text" });
    const choices = options.options.map((option) => answersOf(option).map(tokens));
    const task = { prompt: tokens(promptOf(options)), choices };
    const swaps = otherWords(options).map(({ position, word, instead }): Swap => {
      const [token = 0] = tokens(`${word} `);
      return {
        ...{ position, token },
        ...(instead && { choices: choices.with(instead.option, instead.answers.map(tokens)) }),
      };
    });
    const told = await explainChoice(this.#lens, task, { chosen: options.options.indexOf(done), swaps });
    return this.#inWords(options, told);
  }

  async #inWords(options: Options, told: ChoiceExplanation): Promise<StepExplanation> {
    const word = (token: number): string => this.#model.tokenizer.decode([token]).trim();
    const optionTold = (n: number): OptionTold => {
      const { call, tool, args } = options.options[n] as Option;
      return { call, tool, args: args[0], chance: told.chances[n] ?? 0 };
    };
    const order = told.chances
      .map((chance, n) => ({ chance, n }))
      .filter(({ n }) => n !== told.chosen)
      .toSorted((a, b) => b.chance - a.chance);
    let from = 0;
    const parts = promptParts(options).map(({ words, option }) => {
      const own = words.split(" ").map((each, n) => ({ word: each, effect: told.tokens[from + n] ?? 0 }));
      from += own.length;
      return { words: own, ...(option !== undefined && { option: optionTold(option) }) };
    });
    const flat = parts.flatMap(({ words, option }) => words.map((each) => ({ ...each, option })));
    const { parting, change } = told;
    return {
      chosen: optionTold(told.chosen),
      others: order.slice(0, TOLD).map(({ n }) => optionTold(n)),
      of: options.options.length,
      isLikeliest: told.likeliest === told.chosen,
      parts,
      heads: told.parts,
      neurons: await this.#spoken(told.neurons, word),
      ...(parting && {
        parting: {
          written: parting.written.map(word),
          ...{ chosen: word(parting.chosen), rival: word(parting.rival) },
          ...{ margin: told.margin, before: told.before },
        },
      }),
      ...(change && {
        change: {
          to: optionTold(change.choice),
          words: change.swaps.map(({ position, token }) => ({
            ...{ from: flat[position]?.word ?? "", to: word(token), before: flat[position - 1]?.word ?? "" },
            ...(flat[position]?.option && { option: flat[position].option }),
          })),
        },
      }),
    };
  }

  async #spoken(
    neurons: ChoiceExplanation["neurons"],
    word: (token: number) => string,
  ): Promise<StepExplanation["neurons"]> {
    const told: StepExplanation["neurons"] = [];
    for (const [layer, own] of Map.groupBy(neurons, (each) => each.layer)) {
      const features = own.map(({ neuron }) => neuron);
      const boards = await neuronBoards(this.#lens, layer, this.#examples, { features, examples: 4, tokens: 4 });
      for (const [n, { raises, examples }] of boards.entries())
        told.push({
          ...(own[n] as (typeof own)[number]),
          raises: raises.map(({ token }) => word(token)),
          loudest: [...new Set(examples.map(({ row, position }) => word(this.#examples[row]?.[position] ?? 0)))],
        });
    }
    return told.sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#lens[Symbol.asyncDispose]();
  }
}
