/** Supervised fine-tuning: the likelihood of completions. */
import { argmax, cast, equal, neg, type Tensor } from "@candor/graph";
import type { Told } from "../../step/step.ts";
import { type Completions, total } from "../completions.ts";

/** @param weights [rows, count], of all texts together 1: what is not the completion's has 0 */
export function sftLoss({ logProbabilities, entropies, logits }: Completions, targets: Tensor, weights: Tensor): Told {
  return {
    loss: neg(total(logProbabilities, weights)),
    metrics: {
      entropy: total(entropies, weights),
      mean_token_accuracy: total(cast(equal(argmax(logits), targets), "float32"), weights),
    },
  };
}
