import { Rollouts } from "@candor/transformer";
import type { MetricsRecord } from "../metrics/jsonl.ts";
import { hash32 } from "../random.ts";
import { scheduleFor } from "../run/settings.ts";
import { learningRate } from "../schedule/schedule.ts";
import { TrainingError } from "../training-error.ts";
import {
  AdaptiveKl,
  frozenGroups,
  generalisedAdvantages,
  meanOf,
  penalisedRewards,
  sumOf,
  whitened,
} from "./advantages.ts";
import type { BatchShape } from "./completions.ts";
import type { OnlineConfig } from "./config.ts";
import { rowsAt } from "./data/examples.ts";
import { Health } from "./health.ts";
import { Learner } from "./learner.ts";
import type { OpenModel } from "./model.ts";
import type { PosttrainResult } from "./offline.ts";
import { emptyHead, objectiveFor, valueModel } from "./online-models.ts";
import { onlineShape, promptTokens } from "./online-shape.ts";
import { type PosttrainHooks, Progress } from "./progress.ts";
import { Reader } from "./reader.ts";
import type { RewardSource, Written } from "./rewards/source.ts";
import { show } from "./showing.ts";
import { type TokenText, textFeeds, tokenRows, tokenWeights } from "./texts.ts";
import { type Trainee, trainee, type WeightMap } from "./trainee.ts";
import { figuresOf, groupFeeds, type WrittenBatch } from "./written-batch.ts";

export interface OnlineOptions {
  config: OnlineConfig;
  /** What the policy begins as, and is held near. */
  model: OpenModel;
  /** Asked over and over, in an order that the seed gives. */
  prompts: readonly string[];
  rewards: RewardSource;
  /** What a value model of its own begins as: the reward model, or else the policy with a new head. */
  value?: OpenModel | undefined;
  out: string;
  resume?: boolean;
  threads?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** Steps between two looks at how far a policy is that nothing holds near. */
const LOOK_EVERY = 10;
/** Prompts whose answers are compared with the reference's. */
const COMPARED = 64;

export async function trainOnline(options: OnlineOptions, hooks: PosttrainHooks = {}): Promise<PosttrainResult> {
  const run = await Run.create(options);
  try {
    return await run.finish(hooks);
  } finally {
    await run.close();
  }
}

class Run {
  readonly #options: OnlineOptions;
  readonly #prompts: readonly (readonly number[])[];
  readonly #shape: BatchShape;
  readonly #policy: Trainee;
  /** The policy itself where its trunk carries the head; `undefined` where there is no value model. */
  readonly #value: Trainee | undefined;
  readonly #learner: Learner;
  readonly #rollouts: Rollouts;
  readonly #reference: Reader;
  readonly #values: Reader | undefined;
  readonly #progress: Progress;
  readonly #health: Health;
  readonly #kl: AdaptiveKl | undefined;
  #referenceScores: number[] | undefined;

  private constructor(parts: {
    options: OnlineOptions;
    prompts: readonly (readonly number[])[];
    shape: BatchShape;
    policy: Trainee;
    value: Trainee | undefined;
    learner: Learner;
    rollouts: Rollouts;
    reference: Reader;
    values: Reader | undefined;
    progress: Progress;
  }) {
    this.#options = parts.options;
    this.#prompts = parts.prompts;
    this.#shape = parts.shape;
    this.#policy = parts.policy;
    this.#value = parts.value;
    this.#learner = parts.learner;
    this.#rollouts = parts.rollouts;
    this.#reference = parts.reference;
    this.#values = parts.values;
    this.#progress = parts.progress;
    const { config } = parts.options;
    this.#health = new Health(config.stop);
    if (config.algorithm === "ppo" && config.adaptive_kl) {
      const { target, horizon } = config.adaptive_kl;
      this.#kl = new AdaptiveKl(this.#progress.besides.kl_coef ?? config.kl_coef, target, horizon);
    }
  }

  static async create(options: OnlineOptions): Promise<Run> {
    const { config, model, rewards, out, resume = false, threads } = options;
    const prompts = promptTokens(model, options.prompts);
    const shape = onlineShape(model, prompts, config);
    const parts = config.algorithm === "ppo" ? config.num_mini_batches : 1;
    const group = "num_generations" in config ? config.num_generations : 1;
    if (config.batch % (parts * group) !== 0)
      throw new TrainingError(
        `A batch of ${config.batch} cannot be divided by ${parts * group}`,
        `Give a batch that is a multiple of ${parts > 1 ? "num_mini_batches" : "num_generations"}.`,
      );
    const { decoder } = model.config;
    const shared = config.algorithm === "ppo" && config.value_model === "shared";
    const weights = shared ? new Map([...model.weights, ...emptyHead(model)]) : model.weights;
    const policy = trainee(decoder, weights, { adapter: config.lora, seed: config.seed });
    const value = config.algorithm !== "ppo" ? undefined : shared ? policy : valueModel(options);
    const small = { ...shape, batch: config.batch / parts };
    const learner = await Learner.create({
      trainees: value && value !== policy ? [policy, value] : [policy],
      objectives: [objectiveFor(config, policy, value, small)],
      optimiser: config.optimiser,
      batch: small.batch,
      threads,
    });
    const opened: AsyncDisposable[] = [learner];
    try {
      const identity = `${rewards.identity} ${hash32(
        prompts.length,
        prompts.flat().reduce((a, b) => hash32(a, b), 7),
      )}`;
      const progress = await Progress.begin({ out, resume, config, model, data: identity }, learner);
      const { temperature } = config;
      const reference = await Reader.create(decoder, { reading: "log-probabilities", shape, temperature, threads });
      opened.push(reference);
      await reference.hold(model.weights);
      const rollouts = await Rollouts.create(decoder, {
        rows: Math.min(128, config.batch),
        context: shape.time,
        ...(threads !== undefined && { threads }),
      });
      opened.push(rollouts);
      const values = value && (await Reader.create(value.config, { reading: "values", shape, threads }));
      return new Run({ options, prompts, shape, policy, value, learner, rollouts, reference, values, progress });
    } catch (error) {
      await Promise.all(opened.map((each) => each[Symbol.asyncDispose]()));
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#progress.close();
    const open = [this.#learner, this.#rollouts, this.#reference, ...(this.#values ? [this.#values] : [])];
    await Promise.all(open.map((each) => each.close()));
  }

  async finish(hooks: PosttrainHooks): Promise<PosttrainResult> {
    const { config, model, signal } = this.#options;
    const progress = this.#progress;
    const schedule = scheduleFor(config.rate, config.steps);
    let size = 0;
    for (const { parameters } of this.#learner.trainees) for (const { size: each } of parameters.values()) size += each;
    const notes = [`${this.#prompts.length} prompts, ${config.batch} texts a step`];
    hooks.started?.({ step: progress.step, steps: config.steps, parameters: size, notes });
    await this.#rollouts.setWeights(await this.#learner.weights(this.#policy));
    if (progress.step === 0) {
      await this.#calibrate();
      if (config.samples.every > 0) await this.#look(hooks);
    }
    const first = progress.step;
    let busy = 0;
    let evaluation: Record<string, number> = {};
    while (progress.step < config.steps && !signal?.aborted) {
      const began = performance.now();
      const rate = learningRate(schedule, progress.step);
      const batch = await this.#write();
      const kl =
        batch.reference && meanOf(batch.before.map((row, n) => sumOf(row) - sumOf(batch.reference?.[n] ?? [])));
      this.#health.check(progress.step + 1, kl, batch.scores);
      const told = await this.#learn(batch, rate);
      if (kl !== undefined) this.#kl?.update(kl, config.batch);
      if (this.#kl) progress.besides.kl_coef = this.#kl.coefficient;
      const weights = await this.#learner.weights(this.#policy);
      await this.#rollouts.setWeights(weights);
      busy += performance.now() - began;
      progress.step++;
      const now = progress.step;
      const due = (every: number): boolean => now % every === 0 || now === config.steps;
      if (config.samples.every > 0 && due(config.samples.every)) evaluation = await this.#look(hooks);
      else evaluation = {};
      if (due(config.log.every)) {
        const pace = busy / 1000 / (now - first);
        const record: MetricsRecord = {
          ...told,
          ...figuresOf(batch, config.algorithm, kl),
          ...evaluation,
          step: now,
          episode: now * config.batch,
          lr: rate,
          steps_per_second: 1 / pace,
          seconds_left: (config.steps - now) * pace,
          memory_mb: process.memoryUsage.rss() / 1e6,
        };
        progress.measured(record);
        hooks.measured?.(record);
      }
      if (due(config.checkpoint.every)) await progress.save(this.#learner, this.#policy, model.config, false);
    }
    if (!progress.isSaved) await progress.save(this.#learner, this.#policy, model.config, false);
    return { step: progress.step, stopped: progress.step < config.steps, best: null, evaluation };
  }

  /** Scores are taken from the mean of the reference's texts, in units of their spread (Ziegler et al. 2019). */
  async #calibrate(): Promise<void> {
    const { texts, ended } = await this.#say(this.#promptsAt(-1), hash32(this.#options.config.seed, 0xca1));
    const scores = await this.#options.rewards.score(this.#written(texts, ended), this.#options.signal);
    const mean = meanOf(scores);
    const spread = Math.sqrt(meanOf(scores.map((score) => (score - mean) ** 2)));
    this.#progress.besides.reward_mean = mean;
    this.#progress.besides.reward_scale = spread > 1e-8 ? spread : 1;
  }

  /** The prompts of a step; each as often as its answers are compared with one another. */
  #promptsAt(step: number): (readonly number[])[] {
    const { config } = this.#options;
    const group = "num_generations" in config ? config.num_generations : 1;
    const rows = rowsAt(this.#prompts.length, config.batch / group, Math.max(0, step), hash32(config.seed, 0x9a));
    return rows.flatMap((row) => Array<readonly number[]>(group).fill(this.#prompts[row] as readonly number[]));
  }

  async #say(
    prompts: readonly (readonly number[])[],
    seed: number,
  ): Promise<Pick<WrittenBatch, "texts" | "before" | "entropies" | "ended">> {
    const { config, model, signal } = this.#options;
    const rollouts = await this.#rollouts.write(prompts, {
      maxTokens: config.max_completion_length,
      temperature: config.temperature,
      seed,
      end: model.end,
      signal,
    });
    return {
      texts: rollouts.map(({ tokens }, n) => ({ prompt: prompts[n] as readonly number[], completion: tokens })),
      before: rollouts.map(({ logProbabilities }) => logProbabilities),
      entropies: rollouts.map(({ entropies }) => entropies),
      ended: rollouts.map(({ ended }) => ended),
    };
  }

  async #write(): Promise<WrittenBatch> {
    const { config } = this.#options;
    const { step } = this.#progress;
    const said = await this.#say(this.#promptsAt(step), hash32(config.seed, step, 0x3e));
    const raw = await this.#options.rewards.score(this.#written(said.texts, said.ended), this.#options.signal);
    const { reward_mean: mean = 0, reward_scale: scale = 1 } = this.#progress.besides;
    const scores = raw.map((score, n) => (score - mean) / scale - (said.ended[n] ? 0 : config.missing_eos_penalty));
    const held = config.algorithm === "ppo" || config.beta > 0;
    const asks = held || step % LOOK_EVERY === 0;
    const reference = asks ? (await this.#reference.read(said.texts)).map((row) => Array.from(row)) : undefined;
    return { ...said, scores, reference };
  }

  #written(texts: readonly TokenText[], ended: readonly boolean[]): Written[] {
    const { tokenizer, end } = this.#options.model;
    return texts.map((text, n) => ({
      end: tokenizer.token(end),
      prompt: tokenizer.decode(text.prompt),
      completion: tokenizer.decode(ended[n] ? text.completion.slice(0, -1) : text.completion),
      text,
      ended: ended[n] ?? false,
    }));
  }

  async #learn(batch: WrittenBatch, rate: number): Promise<Record<string, number>> {
    const { config } = this.#options;
    if (config.algorithm === "ppo") return this.#learnByValues(batch, rate, config);
    const { num_generations: group, num_iterations: times } = config;
    const feeds = groupFeeds(batch, config, this.#shape);
    const steps: Record<string, number>[] = [];
    for (let time = 0; time < times; time++) steps.push(await this.#learner.step(feeds, rate));
    return { ...meanFigures(steps), frac_reward_zero_std: frozenGroups(batch.scores, group) };
  }

  async #learnByValues(
    { texts, before, scores, reference = [] }: WrittenBatch,
    rate: number,
    config: Extract<OnlineConfig, { algorithm: "ppo" }>,
  ): Promise<Record<string, number>> {
    const values = this.#values;
    const value = this.#value;
    if (!values || !value) throw new RangeError("PPO has a value model");
    await values.hold(await this.#learner.weights(value));
    const known = (await values.read(texts)).map((row) => Array.from(row));
    const coefficient = this.#kl?.coefficient ?? config.kl_coef;
    let rewards = before.map((row, n) =>
      penalisedRewards(row, reference[n] ?? [], scores[n] ?? Number.NaN, coefficient, config.kl_estimator),
    );
    const penalties = meanOf(rewards.map((row, n) => sumOf(row) - (scores[n] ?? 0)));
    if (config.whiten_rewards) rewards = whitened(rewards, { shiftMean: false });
    const estimates = rewards.map((row, n) => generalisedAdvantages(row, known[n] ?? [], config));
    const advantages = whitened(estimates.map((each) => each.advantages));
    const steps: Record<string, number>[] = [];
    const size = config.batch / config.num_mini_batches;
    const shape = { ...this.#shape, batch: size };
    for (let epoch = 0; epoch < config.num_ppo_epochs; epoch++) {
      const order = rowsAt(texts.length, texts.length, epoch, hash32(config.seed, this.#progress.step, 0xe0));
      for (let part = 0; part < config.num_mini_batches; part++) {
        const rows = order.slice(part * size, (part + 1) * size);
        const own = rows.map((row) => texts[row] as TokenText);
        const of = (all: readonly ArrayLike<number>[]): Float32Array =>
          tokenRows(
            rows.map((row) => all[row] as ArrayLike<number>),
            shape,
          );
        const even = tokenWeights(
          own.map(({ completion }) => completion.length),
          shape,
          "dapo",
        );
        const feeds = {
          ...textFeeds(own, shape),
          before: of(before),
          weights: even,
          value_weights: even,
          advantages: of(advantages),
          values_before: of(known),
          returns: of(estimates.map((each) => each.returns)),
        };
        steps.push(await this.#learner.step(feeds, rate));
      }
    }
    return {
      ...meanFigures(steps),
      "objective/non_score_reward": penalties,
      "objective/rlhf_reward": penalties + meanOf(scores),
      ...(this.#kl && { "objective/kl_coef": coefficient }),
    };
  }

  /** Samples for a person, and how often the policy's answers are held better than the reference's. */
  async #look(hooks: PosttrainHooks): Promise<Record<string, number>> {
    const { config, model } = this.#options;
    const { samples, seed } = config;
    const own = samples.prompts.map((prompt) => model.tokenizer.encode(prompt, { added: "text" }));
    const weights = await this.#learner.weights(this.#policy);
    const shown = await show(weights, {
      decoder: model.config.decoder,
      tokenizer: model.tokenizer,
      end: model.end,
      prompts: own.length > 0 ? own : this.#prompts.slice(0, 4),
      tokens: samples.tokens,
      temperature: samples.temperature,
      seed,
    });
    const { step } = this.#progress;
    this.#progress.sampled(step, shown);
    hooks.sampled?.(step, shown);
    this.#referenceScores ??= await this.#scoresOf(model.weights);
    if (step === 0) return {};
    const now = await this.#scoresOf(weights);
    const wins = now.map((score, n) => {
      const other = this.#referenceScores?.[n] ?? score;
      return score === other ? 0.5 : Number(score > other);
    });
    return { win_rate: meanOf(wins) };
  }

  async #scoresOf(weights: WeightMap): Promise<number[]> {
    const { config, rewards, signal } = this.#options;
    await this.#rollouts.setWeights(weights);
    const { texts, ended } = await this.#say(this.#prompts.slice(0, COMPARED), hash32(config.seed, 0x717));
    const scores = await rewards.score(this.#written(texts, ended), signal);
    await this.#rollouts.setWeights(await this.#learner.weights(this.#policy));
    return scores;
  }
}

function meanFigures(steps: readonly Record<string, number>[]): Record<string, number> {
  const names = Object.keys(steps[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, meanOf(steps.map((step) => step[name] ?? Number.NaN))]));
}
