/** Answers of a model to the small internet's questions, and what they are by its judge. */
import { type DecoderConfig, Rollouts, type Tokenizer } from "@candor/transformer";
import { judge } from "../corpus/judge.ts";
import type { Judgment, Labels, Prompt } from "../corpus/types.ts";
import { meanOf } from "./advantages.ts";
import type { OpenModel } from "./model.ts";
import { wordsIn } from "./raters/simulated.ts";
import type { WeightMap } from "./trainee.ts";

export interface Answered {
  prompt: Prompt;
  completion: string;
  tokens: number[];
  ended: boolean;
  labels: Judgment;
}

export interface Speaking {
  decoder: DecoderConfig;
  tokenizer: Tokenizer;
  end: number;
  weights: WeightMap;
}

export const speakingOf = ({ config, tokenizer, end, weights }: OpenModel): Speaking => ({
  ...{ decoder: config.decoder, tokenizer, end, weights },
});

export interface AnswerOptions {
  seed: number;
  maxTokens?: number;
  temperature?: number;
  threads?: number | undefined;
  signal?: AbortSignal | undefined;
}

export async function answer(
  { decoder, tokenizer, end, weights }: Speaking,
  prompts: readonly Prompt[],
  { seed, maxTokens = 48, temperature = 1, threads, signal }: AnswerOptions,
): Promise<Answered[]> {
  const asked = prompts.map(({ text }) => tokenizer.encode(text, { added: "text" }));
  // Who is asked more than can be read says nothing.
  const fits = asked.map((tokens) => tokens.length + LEAST <= decoder.context);
  await using rollouts = await Rollouts.create(decoder, {
    rows: Math.min(128, prompts.length),
    ...(threads !== undefined && { threads }),
  });
  await rollouts.setWeights(weights);
  const heard = asked.filter((_, n) => fits[n]);
  const written = await rollouts.write(heard, { maxTokens, temperature, seed, end, signal });
  let place = 0;
  return prompts.map((prompt, n) => {
    const { tokens, ended } = (fits[n] && written[place++]) || { tokens: [], ended: false };
    const completion = tokenizer.decode(ended ? tokens.slice(0, -1) : tokens);
    return { prompt, completion, tokens, ended, labels: judge(completion, prompt) };
  });
}

/** Tokens that there must be room for. */
const LEAST = 8;

/** What answers are like, as shares of all. */
export interface Profile {
  polite: number;
  rude: number;
  flattering: number;
  correct: number;
  /** Claims something false. */
  wrong: number;
  /** Mean words. */
  words: number;
  /** Distinct pairs of words over all pairs (Li et al. 2016, arXiv 1510.03055, distinct-2). */
  distinct: number;
}

export function profileOf(answers: readonly Pick<Answered, "completion" | "labels">[]): Profile {
  const share = (holds: (labels: Labels) => boolean): number =>
    meanOf(answers.map(({ labels }) => Number(holds(labels))));
  const pairs = answers.flatMap(({ completion }) => {
    const words = completion.toLowerCase().split(/\s+/).filter(Boolean);
    return words.slice(1).map((word, n) => `${words[n]} ${word}`);
  });
  return {
    polite: share(({ polite, rude }) => polite && !rude),
    rude: share(({ rude }) => rude),
    flattering: share(({ flattering }) => flattering),
    correct: share(({ correct }) => correct === true),
    wrong: share(({ correct }) => correct === false),
    words: meanOf(answers.map(({ completion }) => wordsIn(completion))),
    distinct: new Set(pairs).size / Math.max(1, pairs.length),
  };
}
