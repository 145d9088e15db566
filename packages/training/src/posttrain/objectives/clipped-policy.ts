/** Policy gradients with clipped ratios: PPO (Schulman et al. 2017, arXiv 1707.06347), GRPO (Shao et al. 2024, arXiv 2402.03300), RLOO (Ahmadian et al. 2024, arXiv 2402.14740). */
import {
  add,
  cast,
  exp,
  greater,
  less,
  maximum,
  minimum,
  mul,
  neg,
  reshape,
  square,
  sub,
  sum,
  type Tensor,
} from "@candor/graph";
import type { Told } from "../../step/step.ts";
import { total } from "../completions.ts";

const clamp = (x: Tensor, low: Tensor | number, high: Tensor | number): Tensor => minimum(maximum(x, low), high);
const share = (holds: Tensor): Tensor => cast(holds, "float32");

export interface PolicyInput {
  /** log p of each token by the policy that is learning, [rows, count]. */
  told: Tensor;
  /** The same by the policy that wrote them. */
  before: Tensor;
  /** Of each token, [rows, count]; of all together 1. What only fills up has 0. */
  weights: Tensor;
}

export interface PpoInput extends PolicyInput {
  /** [rows, count]. */
  advantages: Tensor;
  /** Of the value model that is learning, before each token: [rows, count]. */
  values: Tensor;
  /** The same when the texts were written. */
  valuesBefore: Tensor;
  returns: Tensor;
  /** As `weights`, and one place more of each text. */
  valueWeights: Tensor;
}

export interface PpoOptions {
  cliprange: number;
  cliprange_value: number;
  vf_coef: number;
}

export function ppoLoss(
  { told, before, weights, advantages, values, valuesBefore, returns, valueWeights }: PpoInput,
  { cliprange, cliprange_value, vf_coef }: PpoOptions,
): Told {
  const moved = sub(told, before);
  const ratio = exp(moved);
  const plain = neg(mul(advantages, ratio));
  const held = neg(mul(advantages, clamp(ratio, 1 - cliprange, 1 + cliprange)));
  const policy = total(maximum(plain, held), weights);
  const near = clamp(values, sub(valuesBefore, cliprange_value), add(valuesBefore, cliprange_value));
  const [far, close] = [square(sub(values, returns)), square(sub(near, returns))];
  const value = mul(total(maximum(far, close), valueWeights), 0.5);
  return {
    loss: add(policy, mul(value, vf_coef)),
    metrics: {
      "loss/policy_avg": policy,
      "loss/value_avg": value,
      "policy/clipfrac_avg": total(share(greater(held, plain)), weights),
      "val/clipfrac_avg": total(share(greater(close, far)), valueWeights),
      "policy/approxkl_avg": mul(total(square(moved), weights), 0.5),
      "val/ratio": total(ratio, weights),
    },
  };
}

export interface GroupInput extends PolicyInput {
  /** Each token the same, of all together 1: what figures are means by, however the loss weighs tokens. */
  even: Tensor;
  /** Of each text, [rows]. */
  advantages: Tensor;
  /** log p of each token by the model that the policy began as; where it is given the policy is held near. */
  reference?: Tensor;
}

export interface ClipOptions {
  beta: number;
  epsilon: number;
  epsilon_high: number;
}

/** @param weights as TRL's `loss_type` has them: see `tokenWeights` */
export function grpoLoss(
  { told, before, weights, even, advantages, reference }: GroupInput,
  { beta, epsilon, epsilon_high }: ClipOptions,
): Told {
  const rows = told.shape[0] ?? 0;
  const ratio = exp(sub(told, before));
  const gain = reshape(advantages, [rows, 1]);
  const plain = mul(ratio, gain);
  const held = mul(clamp(ratio, 1 - epsilon, 1 + epsilon_high), gain);
  const policy = neg(total(minimum(plain, held), weights));
  const metrics = clipRatios(ratio, gain, even, { epsilon, epsilon_high });
  if (!reference) return { loss: policy, metrics };
  // Schulman's k3, never negative; by the ratio, so that its gradient is that of the KL (DeepSeek-V3.2, arXiv 2512.02556).
  const away = sub(reference, told);
  const apart = mul(sub(sub(exp(away), away), 1), ratio);
  return {
    loss: beta === 0 ? policy : add(policy, mul(total(apart, weights), beta)),
    metrics: { ...metrics, kl: total(apart, even) },
  };
}

export interface RlooInput extends Omit<PolicyInput, "weights"> {
  /** 1 where a token is the completion's: [rows, count]. */
  mask: Tensor;
  /** Of each text, [rows]. */
  advantages: Tensor;
  /** Of each text, [rows]; of all together 1. */
  weights: Tensor;
}

/** Ratios of whole texts. */
export function rlooLoss(
  { told, before, mask, advantages, weights }: RlooInput,
  clip: Omit<ClipOptions, "beta">,
): Told {
  const ratio = exp(sum(mul(sub(told, before), mask), 1));
  const plain = mul(ratio, advantages);
  const held = mul(clamp(ratio, 1 - clip.epsilon, 1 + clip.epsilon_high), advantages);
  return {
    loss: neg(total(minimum(plain, held), weights)),
    metrics: clipRatios(ratio, advantages, weights, clip),
  };
}

/** How much of a batch the clipping holds back, under TRL's names. */
function clipRatios(
  ratio: Tensor,
  advantages: Tensor,
  weights: Tensor,
  { epsilon, epsilon_high }: Omit<ClipOptions, "beta">,
): Record<string, Tensor> {
  const low = mul(share(less(ratio, 1 - epsilon)), share(less(advantages, 0)));
  const high = mul(share(greater(ratio, 1 + epsilon_high)), share(greater(advantages, 0)));
  return {
    "clip_ratio/low_mean": total(low, weights),
    "clip_ratio/high_mean": total(high, weights),
    "clip_ratio/region_mean": total(add(low, high), weights),
  };
}
