/** How far choosing by a proxy helps, and where it begins to hurt: by best of n, and by reinforcement learning. */
import { judge } from "../corpus/judge.ts";
import type { Prompt } from "../corpus/types.ts";
import { meanOf } from "../posttrain/advantages.ts";
import type { Answered } from "../posttrain/answering.ts";
import type { OpenModel } from "../posttrain/model.ts";
import { wordsIn } from "../posttrain/raters/simulated.ts";
import { type Combination, modelRewards } from "../posttrain/rewards/models.ts";
import type { Written } from "../posttrain/rewards/source.ts";
import { Random } from "../random.ts";
import { bestOfKl, bestOfN, type Form, fitOveroptimisation, type OveroptimisationFit } from "./best-of-n.ts";
import { goldOf } from "./gold.ts";
import { rewardedBy } from "./teaching.ts";

export interface CoursePoint {
  kl: number;
  /** Both from 0 for the raw model, in units of its spread. */
  proxy: number;
  gold: number;
}

export interface Course {
  points: CoursePoint[];
  fit: OveroptimisationFit;
  /** 95 %, by drawing prompts or steps anew. */
  intervals: Record<"alpha" | "beta" | "turningPointKl", readonly [number, number]>;
}

export interface OveroptimisationInput {
  /** The raw model. */
  model: OpenModel;
  proxies: readonly [OpenModel, ...OpenModel[]];
  combination?: Combination;
  seed: number;
  threads?: number | undefined;
  signal?: AbortSignal | undefined;
}

const DRAWS = 200;

/** @param answers of the raw model to some prompts, as many to each, which follow each other */
export async function bestOfCourse(
  { model, proxies, combination, seed, threads, signal }: OveroptimisationInput,
  answers: readonly Answered[],
  each: number,
): Promise<Course> {
  const texts = answers.map(({ prompt, tokens, completion, ended }) => ({
    text: { prompt: model.tokenizer.encode(prompt.text, { added: "text" }), completion: tokens },
    ...{ prompt: prompt.text, completion, ended, end: "" },
  }));
  const time = Math.max(...texts.map(({ text }) => text.prompt.length + text.completion.length));
  const shape = { batch: 64, time, count: Math.max(...answers.map(({ tokens }) => tokens.length)) };
  await using rewards = await modelRewards({
    models: proxies,
    policy: model,
    shape,
    threads,
    ...(combination && { combination }),
  });
  const proxy = standard(await rewards.score(texts, signal));
  const gold = standard(answers.map(({ labels, completion }) => goldOf(labels, wordsIn(completion))));
  const sizes = Array.from({ length: 1 + Math.floor(2 * Math.log2(each)) }, (_, n) => Math.round(2 ** (n / 2))).filter(
    (size, n, all) => size <= each && all.indexOf(size) === n,
  );
  const groups = Array.from({ length: answers.length / each }, (_, n) => {
    const own = (values: readonly number[]): number[] => values.slice(n * each, (n + 1) * each);
    return {
      proxy: bestOfN(own(proxy), own(proxy), sizes),
      gold: bestOfN(own(proxy), own(gold), sizes),
    };
  });
  const course = (some: typeof groups): CoursePoint[] =>
    sizes.map((size, n) => ({
      kl: bestOfKl(size),
      proxy: meanOf(some.map((group) => group.proxy[n] ?? 0)) - meanOf(some.map((group) => group.proxy[0] ?? 0)),
      gold: meanOf(some.map((group) => group.gold[n] ?? 0)) - meanOf(some.map((group) => group.gold[0] ?? 0)),
    }));
  return fitted(
    course(groups),
    "bon",
    (random) => course(groups.map(() => groups[random.below(groups.length)] ?? groups[0] ?? never())),
    seed,
  );
}

const never = (): never => {
  throw new RangeError("there are no answers");
};

export interface LearningInput extends OveroptimisationInput {
  prompts: readonly Prompt[];
  steps: number;
  /** Of GRPO: 0 lets the policy go where it likes. */
  beta?: number;
  /** Texts of a step: its point on the course is a mean over them. */
  batch?: number;
  rate?: number;
}

/** The course of a policy that nothing but the proxy holds: each step is a point. */
export async function learningCourse(input: LearningInput): Promise<Course> {
  const {
    model,
    proxies,
    combination,
    prompts,
    steps,
    beta = 0,
    batch = 256,
    rate = 2e-4,
    seed,
    threads,
    signal,
  } = input;
  const worth: number[] = [];
  const told: { kl: number; proxy: number }[] = [];
  const byText = new Map(prompts.map((prompt) => [prompt.text, prompt]));
  const gold = ({ prompt, completion }: Written): number =>
    goldOf(judge(completion, byText.get(prompt)), wordsIn(completion));
  await rewardedBy(
    { models: proxies, ...(combination && { combination }) },
    prompts.map(({ text }) => text),
    {
      algorithm: "grpo",
      ...{ steps, batch, seed },
      // So little that it holds nothing back: but the distance is then measured at each step.
      beta: Math.max(beta, 1e-9),
      rate: { kind: "constant", peak: rate },
      samples: { every: 0 },
      checkpoint: { every: 1_000_000 },
      stop: { kl: 1e6, flat: 1_000_000 },
    },
    { model, threads, signal },
    {
      wrote: (texts) => worth.push(meanOf(texts.map(gold))),
      measured: (record) => told.push({ kl: record["objective/kl"] ?? Number.NaN, proxy: record.reward ?? Number.NaN }),
    },
  );
  // The first was asked to learn the scale of the scores.
  const [start = 0, ...after] = worth;
  const begin = meanOf([start, ...after.slice(0, 2)]);
  const points = told.map(({ kl, proxy }, n) => ({ kl, proxy, gold: (after[n] ?? Number.NaN) - begin }));
  // Near 0 the form is steep without end, and the estimate of the distance may be below it.
  const used = points.filter(({ kl }) => kl > 0.3);
  return fitted(used, "rl", (random) => used.map(() => used[random.below(used.length)] as CoursePoint), seed);
}

function fitted(points: CoursePoint[], form: Form, again: (random: Random) => CoursePoint[], seed: number): Course {
  const fitOf = (some: readonly CoursePoint[]): OveroptimisationFit =>
    fitOveroptimisation(
      some.map(({ kl, gold }) => ({ kl, reward: gold })),
      form,
    );
  const random = new Random(seed, 0xb007);
  const draws = Array.from({ length: DRAWS }, () => fitOf(again(random)));
  const range = (of: (fit: OveroptimisationFit) => number): readonly [number, number] => {
    const sorted = draws.map(of).toSorted((a, b) => a - b);
    const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
    return [at(0.025), at(0.975)];
  };
  return {
    points,
    fit: fitOf(points),
    intervals: {
      alpha: range(({ alpha }) => alpha),
      beta: range(({ beta }) => beta),
      turningPointKl: range(({ turningPointKl }) => turningPointKl ?? Number.POSITIVE_INFINITY),
    },
  };
}

/** To mean 0 and spread 1. */
function standard(values: readonly number[]): number[] {
  const mean = meanOf(values);
  const spread = Math.sqrt(meanOf(values.map((x) => (x - mean) ** 2))) || 1;
  return values.map((x) => (x - mean) / spread);
}
