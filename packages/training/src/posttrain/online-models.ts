/** What learns in a run of PPO, GRPO or RLOO: the objective, and for PPO a value model. */
import { type DecoderConfig, SCORE_HEAD } from "@candor/transformer";
import type { Objective } from "../step/step.ts";
import type { BatchShape } from "./completions.ts";
import type { OnlineConfig } from "./config.ts";
import { scoringDecoder, withHead } from "./methods.ts";
import type { OpenModel } from "./model.ts";
import { grpoObjective, ppoObjective, rlooObjective } from "./objectives/objectives.ts";
import { type Trainee, trainee } from "./trainee.ts";

export function objectiveFor(
  config: OnlineConfig,
  policy: Trainee,
  value: Trainee | undefined,
  shape: BatchShape,
): Objective {
  const { temperature } = config;
  if (config.algorithm === "ppo") {
    if (!value) throw new RangeError("PPO has a value model");
    return ppoObjective(policy, value, shape, temperature, config);
  }
  const clip = { beta: config.beta, epsilon: config.epsilon, epsilon_high: config.epsilon_high ?? config.epsilon };
  return config.algorithm === "grpo"
    ? grpoObjective(policy, shape, temperature, clip)
    : rlooObjective(policy, shape, temperature, clip);
}

/** A head of zeros: at first it expects nothing, and its first steps move no trunk. */
export const emptyHead = ({ config }: OpenModel): Map<string, Float32Array> =>
  new Map([[SCORE_HEAD, new Float32Array(config.decoder.width)]]);

export interface ValueModelInput {
  config: OnlineConfig;
  model: OpenModel;
  /** What it begins as: the reward model, or else the policy with a new head. */
  value?: OpenModel | undefined;
}

export function valueModel({ config, model, value }: ValueModelInput): Trainee {
  const from = value ?? { ...model, weights: new Map([...withHead(model, config.seed), ...emptyHead(model)]) };
  const decoder: DecoderConfig = scoringDecoder(from.config.decoder);
  return trainee(decoder, from.weights, { adapter: config.lora, prefix: "value:", seed: config.seed });
}
