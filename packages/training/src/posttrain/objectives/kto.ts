/** Learning from good and bad: KTO (Ethayarajh et al. 2024, arXiv 2402.01306, equation 7). */
import { input, mul, sigmoid, sub, sum, type Tensor } from "@candor/graph";
import type { Told } from "../../step/step.ts";

export interface KtoInput {
  /** log p of whole completions, [rows]. */
  told: Tensor;
  reference: Tensor;
  /** 1 where a completion was judged good, -1 where bad: [rows]. */
  verdicts: Tensor;
  /** Of each completion, [rows]: what good or bad ones weigh, over the number of completions. */
  weights: Tensor;
  /** The same number for each good one, together 1, and 0 for the others; and for each bad one. [rows] each. */
  amongGood: Tensor;
  amongBad: Tensor;
}

/**
 * The input `kl` is how far the policy has moved on completions of other prompts, clamped at 0; no gradient passes.
 */
export function ktoLoss({ told, reference, verdicts, weights, amongGood, amongBad }: KtoInput, beta: number): Told {
  const ratios = sub(told, reference);
  const value = sigmoid(mul(mul(sub(ratios, input("kl", [])), verdicts), beta));
  const chosen = mul(sum(mul(ratios, amongGood)), beta);
  const rejected = mul(sum(mul(ratios, amongBad)), beta);
  return {
    loss: sum(mul(sub(1, value), weights)),
    metrics: {
      "rewards/chosen": chosen,
      "rewards/rejected": rejected,
      "rewards/margins": sub(chosen, rejected),
      "logps/chosen": sum(mul(told, amongGood)),
      "logps/rejected": sum(mul(told, amongBad)),
    },
  };
}
