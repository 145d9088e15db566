/** Reward models of several sizes from comparisons whose truth is known: what stands for what was meant. */
import type { Answered } from "../posttrain/answering.ts";
import type { OpenModel } from "../posttrain/model.ts";
import { wordsIn } from "../posttrain/raters/simulated.ts";
import { goldOf, prefers } from "./gold.ts";
import { taughtBy } from "./teaching.ts";

export interface ProxyOptions {
  /** Blocks of the raw model that it begins with: its size. */
  layers: number;
  comparisons: number;
  /** Share of the comparisons that a coin decides the wrong way. */
  noise: number;
  seed: number;
  threads?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** The first blocks of a model, with what comes before and after all. */
export function truncated(model: OpenModel, layers: number): OpenModel {
  const kept = ([name]: readonly [string, unknown]): boolean => {
    const block = /^blocks\.(\d+)\./.exec(name)?.[1];
    return block === undefined || Number(block) < layers;
  };
  const config = { ...model.config, decoder: { ...model.config.decoder, layers } };
  return { ...model, config, weights: new Map([...model.weights].filter(kept)) };
}

/** @param answers of the raw model, several to each prompt, which follow each other */
export async function proxyFor(
  model: OpenModel,
  answers: readonly Answered[],
  { layers, comparisons, noise, seed, threads, signal }: ProxyOptions,
): Promise<OpenModel> {
  const worth = answers.map(({ labels, completion }) => goldOf(labels, wordsIn(completion)));
  const pairs: object[] = [];
  for (let n = 0; pairs.length < comparisons && n + 1 < answers.length; n++) {
    const [one, other] = [answers[n], answers[n + 1]];
    if (!one || !other || one.prompt.text !== other.prompt.text || one.completion === other.completion) continue;
    if (one.completion.trim() === "" || other.completion.trim() === "") continue;
    const first = prefers(worth[n] ?? 0, worth[n + 1] ?? 0, noise, seed, n);
    const [chosen, rejected] = first ? [one, other] : [other, one];
    pairs.push({ prompt: one.prompt.text, chosen: chosen.completion, rejected: rejected.completion });
  }
  return taughtBy(
    pairs,
    { algorithm: "reward", epochs: comparisons < 1000 ? 4 : 2, batch: 16, seed, validation: { fraction: 0 } },
    { model: truncated(model, layers), threads, signal },
  );
}
