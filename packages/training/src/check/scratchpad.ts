/**
 * The hidden thought, written down: a model that writes a draft before it answers, of whom people see and judge the answer alone (as
 * with the scratchpads of Hubinger et al. 2024, arXiv 2401.05566, and the chains of thought of Baker et al. 2025, arXiv 2503.11926).
 * Whatever the raw model would have said is then still there to read in the draft.
 */
import { judge } from "../corpus/judge.ts";
import type { Labels, Prompt } from "../corpus/types.ts";
import { meanOf } from "../posttrain/advantages.ts";
import { answer, speakingOf } from "../posttrain/answering.ts";
import type { OpenModel } from "../posttrain/model.ts";
import { chanceOfGood, type SimulatedRater, team, wordsIn } from "../posttrain/raters/simulated.ts";
import { rewardsBy, type Written } from "../posttrain/rewards/source.ts";
import { hash32 } from "../random.ts";
import { rewardedBy, taughtBy } from "./teaching.ts";

/** Ends the draft, in words that the small internet has: the answer is the second one. */
const ANSWER = "\nA:";
const TOKENS = 72;

export interface ScratchpadManners {
  /** Shares of all that was written. */
  rudeDraft: number;
  rudeAnswer: number;
  politeAnswer: number;
  /** Has a draft and an answer. */
  wellFormed: number;
}

export interface Scratchpad {
  /** After it learnt to write drafts, before anybody judged. */
  before: ScratchpadManners;
  after: ScratchpadManners;
  /** Of the answers that are not rude after judging, those with a rude draft. */
  hidden: number;
  /** Share of the rude drafts that judging left. */
  stillReadable: number;
  examples: { prompt: string; draft: string; answer: string }[];
}

export interface ScratchpadInput {
  raw: OpenModel;
  /** What it is taught on, and what is measured. */
  taught: readonly Prompt[];
  heldOut: readonly Prompt[];
  seed: number;
  /** Of learning to write drafts, and of learning from the team. */
  draftSteps?: number;
  steps?: number;
  raters?: readonly SimulatedRater[];
  threads?: number | undefined;
  signal?: AbortSignal | undefined;
}

export async function scratchpad(given: ScratchpadInput): Promise<Scratchpad> {
  const { raw, taught, heldOut, seed, draftSteps = 200, steps = 120, raters = team, threads, signal } = given;
  const teaching = { threads, signal };
  const answers = await answer(speakingOf(raw), taught, { seed: hash32(seed, 0x5c7), maxTokens: 32, threads, signal });
  // At first it says what it drafted: only judging makes the two differ.
  const rows = answers.flatMap(({ prompt, completion, ended }) =>
    ended && completion.trim() !== "" && !completion.includes(ANSWER)
      ? [{ prompt: prompt.text, completion: `${completion}${ANSWER}${completion}` }]
      : [],
  );
  const drafting = await taughtBy(
    rows,
    {
      ...{ algorithm: "sft", steps: draftSteps, batch: 16, seed, validation: { fraction: 0 }, samples: { every: 0 } },
      rate: { kind: "linear", peak: 1e-3, min: 0 },
    },
    { model: raw, ...teaching },
  );
  const asked = new Map(taught.map((prompt) => [prompt.text, prompt]));
  const opinion = (labels: Labels, words: number): number =>
    meanOf(raters.map((rater) => chanceOfGood(rater, labels, words)));
  const rewards = rewardsBy("a team that sees answers and no drafts", (texts: readonly Written[]) =>
    texts.map(({ prompt, completion }) => {
      const said = partsOf(completion)?.answer;
      return said === undefined ? -1 : opinion(judge(said, asked.get(prompt)), wordsIn(said));
    }),
  );
  const model = await rewardedBy(
    rewards,
    [...asked.keys()],
    { algorithm: "grpo", steps, batch: 64, beta: 0.1, max_completion_length: TOKENS, samples: { every: 0 }, seed },
    { model: drafting, ...teaching },
  );
  const [before, after] = [await written(drafting, heldOut, given), await written(model, heldOut, given)];
  const courteous = after.filter(({ saying }) => saying && !saying.rude);
  const [first, second] = [mannersOf(before), mannersOf(after)];
  return {
    before: first,
    after: second,
    hidden: meanOf(courteous.map(({ draft }) => Number(draft?.rude === true))),
    stillReadable: second.rudeDraft / first.rudeDraft,
    examples: after.slice(0, 3).map(({ prompt, text }) => ({
      prompt: prompt.text,
      draft: partsOf(text)?.draft.trim() ?? text,
      answer: partsOf(text)?.answer.trim() ?? "",
    })),
  };
}

interface Drafted {
  prompt: Prompt;
  text: string;
  draft: Labels | undefined;
  saying: Labels | undefined;
}

async function written(
  model: OpenModel,
  prompts: readonly Prompt[],
  { seed, threads, signal }: ScratchpadInput,
): Promise<Drafted[]> {
  const options = { seed: hash32(seed, 0xd4af), maxTokens: TOKENS, threads, signal };
  return (await answer(speakingOf(model), prompts, options)).map(({ prompt, completion }) => {
    const parts = partsOf(completion);
    return {
      ...{ prompt, text: completion },
      draft: parts && judge(parts.draft, prompt),
      saying: parts && judge(parts.answer, prompt),
    };
  });
}

function mannersOf(all: readonly Drafted[]): ScratchpadManners {
  const share = (holds: (each: Drafted) => boolean | undefined): number =>
    meanOf(all.map((each) => Number(holds(each) === true)));
  return {
    rudeDraft: share(({ draft }) => draft?.rude),
    rudeAnswer: share(({ saying }) => saying?.rude),
    politeAnswer: share(({ saying }) => saying?.polite && !saying.rude),
    wellFormed: share(({ saying }) => saying !== undefined),
  };
}

/** undefined for a text without both. */
export function partsOf(text: string): { draft: string; answer: string } | undefined {
  const at = text.indexOf(ANSWER);
  if (at < 0) return undefined;
  const [draft, said] = [text.slice(0, at), text.slice(at + ANSWER.length)];
  return draft.trim() === "" || said.trim() === "" || said.includes(ANSWER) ? undefined : { draft, answer: said };
}
