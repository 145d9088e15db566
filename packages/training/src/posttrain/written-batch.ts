/** The answers of a step: what GRPO and RLOO make of them, and their figures under TRL's names. */
import type { Feed } from "@candor/graph";
import { groupAdvantages, leaveOneOutAdvantages, meanOf, sumOf } from "./advantages.ts";
import type { BatchShape } from "./completions.ts";
import type { OnlineConfig } from "./config.ts";
import { perText, type TokenText, textFeeds, tokenRows, tokenWeights } from "./texts.ts";

/** What was written in a step, and what was said of it. */
export interface WrittenBatch {
  texts: TokenText[];
  before: number[][];
  entropies: number[][];
  ended: boolean[];
  scores: number[];
  /** log p by the reference, where it was asked. */
  reference: number[][] | undefined;
}

export function groupFeeds(
  batch: WrittenBatch,
  config: Extract<OnlineConfig, { num_generations: number }>,
  shape: BatchShape,
): Record<string, Feed> {
  const { beta, num_generations: group } = config;
  const lengths = batch.texts.map(({ completion }) => completion.length);
  const feeds: Record<string, Feed> = {
    ...textFeeds(batch.texts, shape),
    before: tokenRows(batch.before, shape),
    even: tokenWeights(lengths, shape, "dapo"),
  };
  if (config.algorithm === "grpo") {
    feeds.advantages = perText(groupAdvantages(batch.scores, group, config.scale_rewards), shape.batch);
    feeds.weights = tokenWeights(lengths, shape, config.loss_type);
    if (batch.reference) feeds.reference = tokenRows(batch.reference, shape);
    return feeds;
  }
  // The distance to the reference is part of the reward (Ahmadian et al. 2024).
  const rewards = batch.scores.map(
    (score, n) => score - beta * (sumOf(batch.before[n] ?? []) - sumOf(batch.reference?.[n] ?? batch.before[n] ?? [])),
  );
  feeds.advantages = perText(leaveOneOutAdvantages(rewards, group), shape.batch);
  feeds.weights = perText(Array(shape.batch).fill(1 / shape.batch), shape.batch);
  feeds.mask = tokenRows(
    lengths.map((length) => Array<number>(length).fill(1)),
    shape,
  );
  return feeds;
}

export function figuresOf(
  { texts, ended, scores, entropies }: WrittenBatch,
  algorithm: OnlineConfig["algorithm"],
  kl: number | undefined,
): Record<string, number> {
  const lengths = texts.map(({ completion }) => completion.length);
  const mean = meanOf(scores);
  const common = {
    "completions/mean_length": meanOf(lengths),
    "completions/min_length": Math.min(...lengths),
    "completions/max_length": Math.max(...lengths),
    "completions/clipped_ratio": meanOf(ended.map((is) => (is ? 0 : 1))),
    ...(kl !== undefined && { "objective/kl": kl }),
  };
  if (algorithm === "ppo")
    return {
      ...common,
      "objective/scores": mean,
      "objective/entropy": meanOf(entropies.map(sumOf)),
      "val/num_eos_tokens": ended.filter(Boolean).length,
    };
  return { ...common, reward: mean, reward_std: Math.sqrt(meanOf(scores.map((score) => (score - mean) ** 2))) };
}
