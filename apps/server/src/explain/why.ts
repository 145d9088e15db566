/** Why the small mind took a step of a run: its view made again, its model asked again. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { RunState, View } from "@candor/agent";
import type { StepExplainer } from "@candor/small-mind";
import { badInput } from "../failure.ts";
import { FewOpen } from "../few-open.ts";
import type { StepWhy } from "./why-schema.ts";

export interface WhysOptions {
  state(run: string): Promise<RunState>;
  pastView(run: string, step: number): Promise<View | undefined>;
}

/** Models that are kept open. */
const MOST_OPEN = 2;

export class Whys {
  readonly #options: WhysOptions;
  readonly #open = new FewOpen<StepExplainer>(MOST_OPEN);

  constructor(options: WhysOptions) {
    this.#options = options;
  }

  /** @throws {Failure} for a step that there is not, that another mind took, or that the mind has no words for */
  async why(run: string, number: number): Promise<StepWhy> {
    const { started, steps } = await this.#options.state(run);
    const step = steps.find((each) => each.step === number);
    if (!step) throw badInput(`run ${run} has no step ${number}`, `candor show ${run}`);
    const { kind, model } = started.mind;
    if (kind !== "small")
      throw badInput(
        `run ${run} was decided by ${kind}, of which there are no numbers to look into`,
        "candor audit --mind small decides by a model of our own; candor explain tells what any run was after.",
      );
    const view = await this.#options.pastView(run, number);
    const explainer = await this.#explainer(model);
    const told = view && (await explainer.explain(view, step.decision));
    if (!told) throw badInput(`the small mind has no words for step ${number} of run ${run}`);
    const { CALLS, meaningOf, reasonMeans } = await import("@candor/agent/small");
    const { parting, change, parts, ...rest } = told;
    // A thought comes before its call.
    const isThought = !parting?.written.some((word) => CALLS.some((call) => call === word));
    const means = (word: string): string =>
      isThought && !CALLS.some((call) => call === word) ? reasonMeans(word) : meaningOf(word);
    return {
      ...rest,
      run,
      step: number,
      thought: step.decision.thought,
      parts: parts.map(({ words, ...more }) => ({
        ...more,
        words: words.map((each, n) => ({ ...each, means: meaningOf(each.word, words[n - 1]?.word) })),
      })),
      ...(parting && {
        parting: { ...parting, chosenMeans: means(parting.chosen), rivalMeans: means(parting.rival) },
      }),
      ...(change && {
        change: {
          ...change,
          words: change.words.map((each) => ({
            ...each,
            fromMeans: meaningOf(each.from, each.before),
            toMeans: meaningOf(each.to, each.before),
          })),
        },
      }),
    };
  }

  #explainer(folder: string | undefined): Promise<StepExplainer> {
    const key = folder ? resolve(folder) : "";
    return this.#open.of(key, () => opened(key));
  }

  close(): Promise<void> {
    return this.#open[Symbol.asyncDispose]();
  }
}

/** The tensor engine is loaded when it is asked for first. */
async function opened(folder: string): Promise<StepExplainer> {
  const { EXAMPLES, SHIPPED, StepExplainer } = await import("@candor/small-mind");
  const examples = readFileSync(EXAMPLES, "utf8").split("\n").filter(Boolean);
  try {
    return await StepExplainer.open(folder || SHIPPED, examples);
  } catch (error) {
    throw badInput(error instanceof Error ? error.message : String(error));
  }
}
