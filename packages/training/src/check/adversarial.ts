/** Teaching against attacks: the policy learns on, asked in the ways that got the better of it. */
import type { OpenModel } from "../posttrain/model.ts";
import type { Attacked } from "./jailbreaks.ts";
import { rewardedBy } from "./teaching.ts";

export interface AdversarialInput {
  model: OpenModel;
  reward: OpenModel;
  /** On other concepts than it will be measured on. */
  attacks: readonly Attacked[];
  seed: number;
  steps?: number;
  threads?: number | undefined;
  signal?: AbortSignal | undefined;
}

export async function trainAdversarially(given: AdversarialInput): Promise<OpenModel> {
  const { model, reward, attacks, seed, steps = 60, threads, signal } = given;
  const prompts = attacks.flatMap(({ prompts: asked }) => asked.map(({ text }) => text));
  return rewardedBy(
    { models: [reward] },
    prompts,
    { algorithm: "grpo", steps, beta: 0.1, max_completion_length: 32, samples: { every: 0 }, seed },
    { model, threads, signal },
  );
}
