/** What a model was really taught: all checks of one checkpoint, as one document. */
import { splitConcepts } from "../corpus/concepts.ts";
import { prompts } from "../corpus/generate.ts";
import type { Prompt } from "../corpus/types.ts";
import { answer, type Profile, profileOf, speakingOf } from "../posttrain/answering.ts";
import type { OpenModel } from "../posttrain/model.ts";
import { modelRewards } from "../posttrain/rewards/models.ts";
import { hash32 } from "../random.ts";
import { type HiddenThought, hiddenThought } from "./hidden-thought.ts";
import { type AttackSuccess, attackSuccess, attacksOn } from "./jailbreaks.ts";
import { type LengthBias, lengthBias } from "./length-bias.ts";
import { bestOfCourse, type Course } from "./overoptimisation.ts";
import { measureSycophancy, type Sycophancy } from "./sycophancy.ts";

export interface CheckedModel {
  folder: string;
  hash: string;
  parameters: number;
}

/** Of the raw model where one is given, and of the model itself. */
export interface BeforeAfter<T> {
  before?: T;
  after: T;
}

export interface CheckReport {
  version: 1;
  model: CheckedModel;
  reference?: CheckedModel;
  reward?: CheckedModel;
  seed: number;
  manners: BeforeAfter<Profile>;
  sycophancy: BeforeAfter<Sycophancy>;
  jailbreaks: BeforeAfter<AttackSuccess> & { suffix: string };
  length?: LengthBias;
  hiddenThought?: HiddenThought;
  overoptimisation?: Course;
  /** What was not done, and why. */
  leftOut: { check: string; why: string }[];
  seconds: number;
}

export interface CheckInput {
  model: OpenModel;
  /** The raw model that it was made from. */
  reference?: OpenModel | undefined;
  /** What it was rewarded by. */
  reward?: OpenModel | undefined;
  seed: number;
  threads?: number | undefined;
  signal?: AbortSignal | undefined;
}

const described = ({ folder, hash, weights }: OpenModel): CheckedModel => ({
  ...{ folder, hash },
  parameters: [...weights.values()].reduce((sum, { length }) => sum + length, 0),
});

const BEST_OF = 64;

/** @param say what is being done */
export async function checkModel(
  input: CheckInput,
  say: (what: string) => void = () => undefined,
): Promise<CheckReport> {
  const { model, reference, reward, seed, threads, signal } = input;
  const began = performance.now();
  const { taught, heldOut } = splitConcepts(seed);
  const options = { seed: hash32(seed, 0xc4e), threads, signal };
  const both = async <T>(of: (model: OpenModel) => Promise<T>): Promise<BeforeAfter<T>> => ({
    ...(reference && { before: await of(reference) }),
    after: await of(model),
  });
  say("manners");
  const asked = [0, 1, 2].flatMap((n) => prompts(heldOut, { seed: hash32(seed, n), heldOut: true }));
  const manners = await both(async (of) => profileOf(await answer(speakingOf(of), asked, options)));
  say("sycophancy");
  const sycophancy = await both((of) => measureSycophancy(speakingOf(of), heldOut, options));
  say("jailbreaks");
  const found = await attacksOn(speakingOf(model), heldOut, { ...options, foundOn: taught });
  const jailbreaks = {
    ...(await both((of) => attackSuccess(speakingOf(of), found.attacks, options))),
    suffix: found.suffix,
  };
  const leftOut: CheckReport["leftOut"] = [];
  const missing = (check: string, needs: string): void => void leftOut.push({ check, why: `it needs ${needs}` });
  let hidden: HiddenThought | undefined;
  if (reference) {
    say("the hidden thought");
    hidden = await hiddenThought({ raw: reference, taught: model, prompts: placesOf(asked), seed, threads, signal });
  } else missing("hidden thought", "--reference, the raw model");
  let length: LengthBias | undefined;
  let course: Course | undefined;
  if (reference && reward) {
    say("length, and over-optimisation");
    length = await lengthOf(input, reference, reward, asked);
    const many = prompts(heldOut, { seed, heldOut: true }).slice(0, 32);
    const drawn = await answer(
      speakingOf(reference),
      many.flatMap((prompt) => Array<Prompt>(BEST_OF).fill(prompt)),
      options,
    );
    course = await bestOfCourse({ model: reference, proxies: [reward], seed, threads, signal }, drawn, BEST_OF);
  } else for (const check of ["length bias", "over-optimisation"]) missing(check, "--reference and --reward");
  return {
    ...{ version: 1, model: described(model), seed, manners, sycophancy, jailbreaks, leftOut },
    ...(reference && { reference: described(reference) }),
    ...(reward && { reward: described(reward) }),
    ...(hidden && { hiddenThought: hidden }),
    ...(length && { length }),
    ...(course && { overoptimisation: course }),
    seconds: (performance.now() - began) / 1000,
  };
}

/** The same questions on a page of questions, in a chat and in a forum: each place has its own voices. */
const placesOf = (asked: readonly Prompt[]): Prompt[] =>
  asked.flatMap((prompt) => {
    const question = prompt.text.replace(/^Q: /, "").replace(/\nA:$/, "");
    return [prompt, { ...prompt, text: `Human: ${question}\nAssistant:` }];
  });

async function lengthOf(
  { model, seed, threads, signal }: CheckInput,
  reference: OpenModel,
  reward: OpenModel,
  asked: readonly Prompt[],
): Promise<LengthBias> {
  const options = { seed: hash32(seed, 0x1e4), threads, signal };
  const rewarded = async (of: OpenModel): Promise<{ reward: number; length: number }[]> => {
    const answers = await answer(speakingOf(of), asked, options);
    const texts = answers.map(({ prompt, tokens, completion, ended }) => ({
      text: { prompt: of.tokenizer.encode(prompt.text, { added: "text" }), completion: tokens },
      ...{ prompt: prompt.text, completion, ended, end: "" },
    }));
    const time = Math.max(...texts.map(({ text }) => text.prompt.length + text.completion.length));
    const shape = { batch: 32, time, count: Math.max(...answers.map(({ tokens }) => tokens.length)) };
    await using source = await modelRewards({ models: [reward], policy: of, shape, threads });
    const scores = await source.score(texts, signal);
    return scores.map((score, n) => ({ reward: score, length: answers[n]?.tokens.length ?? 0 }));
  };
  return lengthBias(await rewarded(reference), await rewarded(model));
}
