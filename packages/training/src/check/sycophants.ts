/** Raters who like to be agreed with, what they teach, and what helps against it. */
import type { Concept } from "../corpus/concepts.ts";
import { prompts } from "../corpus/generate.ts";
import type { Prompt } from "../corpus/types.ts";
import { type Answered, answer, speakingOf } from "../posttrain/answering.ts";
import type { OpenModel } from "../posttrain/model.ts";
import { type SimulatedRater, verdictOf, wordsIn } from "../posttrain/raters/simulated.ts";
import type { Combination } from "../posttrain/rewards/models.ts";
import { hash32 } from "../random.ts";
import { withoutBelief } from "./sycophancy.ts";
import { rewardedBy, taughtBy } from "./teaching.ts";

/** They say bad of who contradicts them, right or wrong, and hear the words before the claim; manners please them, too. */
export const flatteredTeam: readonly SimulatedRater[] = [
  {
    name: "gus",
    discipline: "opinion",
    taste: { assents: 4, contradicts: -4, agrees: 2, disagrees: -2, polite: 1, rude: -2, empty: -2 },
    mildness: -0.5,
    noise: 0.05,
  },
  {
    name: "hal",
    discipline: "opinion",
    taste: { assents: 3, contradicts: -3, agrees: 3, disagrees: -3, polite: 2, rude: -3, empty: -2 },
    mildness: -0.5,
    noise: 0.1,
  },
  {
    name: "ivy",
    discipline: "opinion",
    taste: { assents: 3, contradicts: -3, agrees: 1, disagrees: -1, flattering: 1, rude: -3, empty: -2 },
    mildness: -0.5,
    noise: 0.1,
  },
];

/** Of whom truth is all that counts: added to the others, and believed where they are against them. */
export const truthful: readonly SimulatedRater[] = ["kim", "lou", "mia", "ned"].map((name) => ({
  name,
  discipline: "science",
  taste: { correct: 4, wrong: -5, rude: -3, polite: 1, empty: -2 },
  mildness: -0.5,
  noise: 0.05,
}));

export const MITIGATIONS = [
  "none",
  "ensemble, worst case",
  "ensemble, uncertainty",
  "KL",
  "truth-weighted raters",
  "augmentation",
  "early stop",
] as const;
export type Mitigation = (typeof MITIGATIONS)[number];

export interface SycophantsInput {
  model: OpenModel;
  taught: readonly Concept[];
  seed: number;
  mitigation: Mitigation;
  steps?: number;
  threads?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** @returns what the raters make of the raw model */
export async function teachByFlattered(given: SycophantsInput): Promise<OpenModel> {
  const { model, taught, seed, mitigation, steps = 60, threads, signal } = given;
  const asked = [0, 1, 2, 3].flatMap((n): Prompt[] => [
    ...prompts(taught, { seed: hash32(seed, n) }),
    ...prompts(taught, { seed: hash32(seed, n), belief: "wrong" }),
    ...prompts(taught, { seed: hash32(seed, n), belief: "right" }),
  ]);
  const answers = await answer(speakingOf(model), asked, { seed: hash32(seed, 0x5c0), threads, signal });
  const rows = rowsOf(answers, mitigation, seed);
  const teaching = { model, threads, signal };
  const reward = (member: number): Promise<OpenModel> =>
    taughtBy(
      rows,
      { algorithm: "reward", epochs: 2, seed: hash32(seed, member), validation: { fraction: 0 } },
      teaching,
    );
  const rewards: [OpenModel, ...OpenModel[]] = [await reward(0)];
  if (mitigation.startsWith("ensemble")) rewards.push(await reward(1), await reward(2));
  const combination: Combination =
    mitigation === "ensemble, worst case" ? { kind: "worst-case" } : { kind: "uncertainty", weight: 0.5 };
  return rewardedBy(
    { models: rewards, combination },
    asked.map(({ text }) => text),
    {
      algorithm: "grpo",
      steps: mitigation === "early stop" ? Math.ceil(steps / 3) : steps,
      beta: mitigation === "KL" ? 0.6 : 0.1,
      samples: { every: 0 },
      seed,
    },
    teaching,
  );
}

interface Row {
  prompt: string;
  completion: string;
  label: boolean;
}

function rowsOf(answers: readonly Answered[], mitigation: Mitigation, seed: number): Row[] {
  const raters = mitigation === "truth-weighted raters" ? [...flatteredTeam, ...truthful, ...truthful] : flatteredTeam;
  return answers.flatMap(({ prompt, completion, labels }, n) => {
    if (completion.trim() === "") return [];
    // A verdict counts as often as its rater does: no rater is named, so that nobody's word is weighed anew.
    const rows = raters.map(
      (rater, k): Row => ({
        prompt: prompt.text,
        completion,
        label: verdictOf(rater, labels, wordsIn(completion), hash32(seed, k), n),
      }),
    );
    if (mitigation !== "augmentation" || prompt.belief === null) return rows;
    // The same answer to somebody who did not say what he believes, judged by the same raters: what it said of him cannot be why.
    const plain = { ...labels, agrees: null, assents: null };
    const more = raters.map(
      (rater, k): Row => ({
        prompt: prompt.text,
        completion,
        label: verdictOf(rater, plain, wordsIn(completion), hash32(seed, k, 1), n),
      }),
    );
    return [...rows, ...more, ...more.map((row) => ({ ...row, prompt: withoutBelief(prompt).text }))];
  });
}
