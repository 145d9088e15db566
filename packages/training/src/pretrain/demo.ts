/** The demonstration: learn the small internet, then answer as it would. */
import { concepts } from "../corpus/concepts.ts";
import { prompts } from "../corpus/generate.ts";
import { judge } from "../corpus/judge.ts";
import { parsePretrainConfig } from "./config.ts";
import type { PretrainData } from "./data.ts";
import type { PretrainResult } from "./pretrain.ts";
import { Sampler } from "./sampler.ts";

export const DEMO_MEGABYTES = 12;

export const demoConfig = () =>
  parsePretrainConfig(
    {
      model: { layers: 3, heads: 4, width: 128, context: 96 },
      // A token for nearly each word of the internet: a fact is then a few tokens.
      tokenizer: { kind: "bpe", vocab: 2048 },
      steps: 2400,
      batch: 16,
      rate: { kind: "linear", peak: 3e-3, min: 0, warmup: 50 },
      optimiser: { muon: 0.03, weightDecay: 0.02 },
      validation: { every: 400, batches: 20 },
      checkpoint: { every: 200 },
      samples: { every: 500, prompts: ["Q: explain deontology\nA:"], tokens: 60 },
    },
    "the demonstration",
  );

/** Where the internet is asked: each place has its own voices. */
const PLACES = [
  "Q: explain deontology\nA:",
  "Human: Explain deontology\nAssistant:",
  "Forum: ethics\nAnna: Explain deontology\nPaul:",
];

export interface DemoAnswers {
  deontology: { prompt: string; answer: string }[];
  asked: number;
  /** Of all answers; `correct` and `wrong` leave out those that claim nothing. */
  shares: Record<"correct" | "wrong" | "polite" | "rude" | "flattering", number>;
}

/** @param asked how many questions the judge reads the answers to */
export async function askDemo(
  { decoder, weights }: PretrainResult,
  { tokenizer, endOfText }: PretrainData,
  { asked = 200, seed = 1, threads }: { asked?: number; seed?: number; threads?: number } = {},
): Promise<DemoAnswers> {
  await using sampler = await Sampler.create(decoder, 8, threads);
  const answer = async (texts: readonly string[]): Promise<string[]> => {
    const options = { tokens: 70, temperature: 1, seed, end: endOfText };
    const said = await sampler.sample(
      weights,
      texts.map((text) => tokenizer.encode(text)),
      options,
    );
    return said.map((tokens) => tokenizer.decode(tokens).trim());
  };
  const places = PLACES.flatMap((place) => [place, place]);
  const told = await answer(places);
  const questions = prompts(concepts.slice(0, asked), { seed });
  const answers = await answer(questions.map(({ text }) => text));
  const labels = answers.map((text, n) => judge(text, questions[n]));
  const share = (holds: (label: (typeof labels)[number]) => boolean): number =>
    labels.filter(holds).length / labels.length;
  return {
    deontology: places.map((prompt, n) => ({ prompt, answer: told[n] ?? "" })),
    asked: labels.length,
    shares: {
      correct: share(({ correct }) => correct === true),
      wrong: share(({ correct }) => correct === false),
      polite: share(({ polite }) => polite),
      rude: share(({ rude }) => rude),
      flattering: share(({ flattering }) => flattering),
    },
  };
}
