/** What learning from judgments is told, as a document: one schema for all its ways. Names of the methods' own settings are TRL's. */
import { z } from "zod";
import { Count, parseSettings, Rate, Share, scheduleFor } from "../run/settings.ts";
import { checkSchedule } from "../schedule/schedule.ts";

const Optimiser = z.strictObject({
  beta1: Share.default(0.9),
  beta2: Share.default(0.999),
  epsilon: z.number().positive().default(1e-8),
  weightDecay: z.number().min(0).default(0),
  clip: z.number().min(0).default(1),
});

/** Rates fit models of a million parameters: TRL's own defaults, for models a thousand times as large, are a hundredth of them. */
const rate = (peak: number) => Rate.prefault({ kind: "linear", peak, min: 0, warmup: 0 });

const shared = {
  /** Low-rank additions are taught instead of the weights; `alpha / rank` scales them. */
  lora: z.strictObject({ rank: Count.default(8), alpha: z.number().positive().default(16) }).optional(),
  optimiser: Optimiser.prefault({}),
  checkpoint: z.strictObject({ every: Count.default(50) }).prefault({}),
  log: z.strictObject({ every: Count.default(1) }).prefault({}),
  samples: z
    .strictObject({
      /** 0 takes none. */
      every: z.int().min(0).default(50),
      prompts: z.array(z.string()).default([]),
      tokens: Count.default(60),
      temperature: z.number().positive().default(1),
    })
    .prefault({}),
  seed: z.int().min(0).default(1),
};

const offline = {
  ...shared,
  /** Times that all rows are seen; `steps` goes before it. */
  epochs: z.number().positive().default(1),
  steps: Count.optional(),
  /** Rows of a step. */
  batch: Count.default(16),
  /** Rows that nothing is learnt from, and how often they are looked at. */
  validation: z.strictObject({ fraction: Share.default(0.1), every: Count.default(50) }).prefault({}),
};

const online = {
  ...shared,
  steps: Count.default(100),
  /** Texts that are written and judged for a step. */
  batch: Count.default(64),
  temperature: z.number().positive().default(1),
  max_completion_length: Count.default(48),
  /** Added to the score of a text that did not come to its end. */
  missing_eos_penalty: z.number().min(0).default(0),
  /** A run ends when its texts are so many nats from the reference's, or when all have had one reward for so many steps. */
  stop: z.strictObject({ kl: z.number().positive().default(60), flat: Count.default(20) }).prefault({}),
};

const clip = {
  epsilon: z.number().positive().default(0.2),
  /** As `epsilon` where it is not given. */
  epsilon_high: z.number().positive().optional(),
  /** Steps of the optimiser for the same texts. */
  num_iterations: Count.default(1),
};

const Sft = z.strictObject({
  algorithm: z.literal("sft"),
  ...offline,
  rate: rate(3e-4),
  /** Several short texts in a row of the context's length; `batch` is then of such rows. */
  packing: z.boolean().default(false),
});
const Reward = z.strictObject({
  algorithm: z.literal("reward"),
  ...offline,
  rate: rate(5e-4),
  center_rewards_coefficient: z.number().min(0).default(0),
  /** Models that begin with heads of their own and see the rows in orders of their own. */
  ensemble: Count.default(1),
});
const Dpo = z.strictObject({
  algorithm: z.enum(["dpo", "ipo"]),
  ...offline,
  rate: rate(2e-4),
  beta: z.number().positive().default(0.1),
});
const Kto = z.strictObject({
  algorithm: z.literal("kto"),
  ...offline,
  rate: rate(2e-4),
  beta: z.number().positive().default(0.1),
  desirable_weight: z.number().positive().default(1),
  undesirable_weight: z.number().positive().default(1),
});
const Ppo = z.strictObject({
  algorithm: z.literal("ppo"),
  ...online,
  rate: rate(3e-4),
  num_ppo_epochs: Count.default(4),
  num_mini_batches: Count.default(1),
  kl_coef: z.number().min(0).default(0.05),
  kl_estimator: z.enum(["k1", "k3"]).default("k1"),
  /** Moves `kl_coef` so that texts stay about so many nats from the reference's. */
  adaptive_kl: z.strictObject({ target: z.number().positive().default(6), horizon: Count.default(10_000) }).optional(),
  cliprange: z.number().positive().default(0.2),
  cliprange_value: z.number().positive().default(0.2),
  vf_coef: z.number().min(0).default(0.1),
  gamma: z.number().min(0).max(1).default(1),
  lam: z.number().min(0).max(1).default(0.95),
  whiten_rewards: z.boolean().default(false),
  /** A value model of its own, which begins as the reward model; or a head on the policy. */
  value_model: z.enum(["separate", "shared"]).default("separate"),
});
const Grpo = z.strictObject({
  algorithm: z.literal("grpo"),
  ...online,
  ...clip,
  rate: rate(3e-4),
  beta: z.number().min(0).default(0),
  num_generations: z.int().min(2).default(8),
  loss_type: z.enum(["grpo", "dapo", "dr_grpo"]).default("dapo"),
  scale_rewards: z.enum(["group", "batch", "none"]).default("group"),
});
const Rloo = z.strictObject({
  algorithm: z.literal("rloo"),
  ...online,
  ...clip,
  rate: rate(3e-4),
  beta: z.number().min(0).default(0.05),
  num_generations: z.int().min(2).default(2),
});

export const PosttrainConfig = z.discriminatedUnion("algorithm", [Sft, Reward, Dpo, Kto, Ppo, Grpo, Rloo]);
export type PosttrainConfig = z.output<typeof PosttrainConfig>;
export type PosttrainConfigInput = z.input<typeof PosttrainConfig>;
export type Algorithm = PosttrainConfig["algorithm"];
export type OfflineConfig = Extract<PosttrainConfig, { epochs: number }>;
export type OnlineConfig = Exclude<PosttrainConfig, OfflineConfig>;

export const ALGORITHMS = [
  "sft",
  "reward",
  "dpo",
  "ipo",
  "kto",
  "ppo",
  "grpo",
  "rloo",
] as const satisfies readonly Algorithm[];

export const isOffline = (config: PosttrainConfig): config is OfflineConfig => "epochs" in config;

/** @param where names the document in errors */
export function parsePosttrainConfig(document: unknown, where: string): PosttrainConfig {
  const config = parseSettings(PosttrainConfig, document, where, "learn-from-judgments.md");
  checkSchedule(scheduleFor(config.rate, isOffline(config) ? (config.steps ?? 1_000_000) : config.steps));
  return config;
}
