/** Reward models of this machine, one or an ensemble. */
import { SCORE_HEAD } from "@candor/transformer";
import { TrainingError } from "../../training-error.ts";
import { meanOf } from "../advantages.ts";
import type { BatchShape } from "../completions.ts";
import { mustShareTokenizer, type OpenModel } from "../model.ts";
import { Reader } from "../reader.ts";
import type { RewardSource } from "./source.ts";

/** How several models' scores become one (Coste et al. 2024, arXiv 2310.02743). */
export type Combination =
  | { kind: "mean" }
  /** The worst case: the least of them. */
  | { kind: "worst-case" }
  /** The mean less their variance, which this weighs. */
  | { kind: "uncertainty"; weight: number };

export interface ModelRewardsInput {
  models: readonly [OpenModel, ...OpenModel[]];
  /** Whose texts are judged. */
  policy: OpenModel;
  shape: BatchShape;
  combination?: Combination;
  threads?: number | undefined;
}

/** @throws {TrainingError} for a model without a head, or with another tokenizer than the policy's */
export async function modelRewards(given: ModelRewardsInput): Promise<RewardSource> {
  const { models, policy, shape, combination = { kind: "mean" }, threads } = given;
  for (const model of models) {
    mustShareTokenizer(policy, model);
    if (!model.weights.has(SCORE_HEAD))
      throw new TrainingError(
        `${model.folder} gives no score: it has no ${SCORE_HEAD}`,
        "Make a reward model with candor train reward.",
      );
    if (model.config.decoder.context < shape.time)
      throw new TrainingError(
        `${model.folder} reads ${model.config.decoder.context} tokens, and the texts have up to ${shape.time}`,
        "Lower max_completion_length, or make a reward model from a model with that context.",
      );
  }
  const readers: Reader[] = [];
  for (const { config, weights } of models) {
    const reader = await Reader.create(config.decoder, { reading: "scores", shape, threads });
    readers.push(reader);
    await reader.hold(weights);
  }
  return {
    identity: [...models.map(({ hash }) => hash), JSON.stringify(combination)].join(" "),
    async score(texts, signal) {
      const tokens = texts.map(({ text }) => text);
      const each: number[][] = [];
      for (const reader of readers)
        each.push((await reader.read(tokens, signal)).map(([score]) => score ?? Number.NaN));
      return texts.map((_, n) =>
        combined(
          each.map((scores) => scores[n] as number),
          combination,
        ),
      );
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(readers.map((reader) => reader.close()));
    },
  };
}

export function combined(scores: readonly number[], combination: Combination): number {
  if (combination.kind === "worst-case") return Math.min(...scores);
  const mean = meanOf(scores);
  if (combination.kind === "mean") return mean;
  return mean - combination.weight * meanOf(scores.map((score) => (score - mean) ** 2));
}
