/** What the model says to a few prompts as it learns. */
import { type DecoderConfig, Rollouts, type Tokenizer } from "@candor/transformer";
import { hash32 } from "../random.ts";
import type { WeightMap } from "./trainee.ts";

export interface Sample {
  prompt: string;
  text: string;
}

export interface ShowingInput {
  decoder: DecoderConfig;
  tokenizer: Tokenizer;
  end: number;
  prompts: readonly (readonly number[])[];
  tokens: number;
  temperature: number;
  seed: number;
}

/** The same draws each time, so that only what was learnt makes a difference. */
export async function show(weights: WeightMap, given: ShowingInput): Promise<Sample[]> {
  const { decoder, tokenizer, end, prompts, tokens, temperature, seed } = given;
  await using rollouts = await Rollouts.create(decoder, { rows: prompts.length });
  await rollouts.setWeights(weights);
  const written = await rollouts.write(prompts, { maxTokens: tokens, temperature, seed: hash32(seed, 0x5a), end });
  return written.map(({ tokens: said, ended }, n) => ({
    prompt: tokenizer.decode(prompts[n] ?? []),
    text: tokenizer.decode(ended ? said.slice(0, -1) : said),
  }));
}
