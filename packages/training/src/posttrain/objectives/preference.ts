/** Learning from pairs without a reward model: DPO (Rafailov et al. 2023, arXiv 2305.18290) and IPO (Azar et al. 2023, arXiv 2310.12036). */
import { cast, div, greater, mul, neg, reshape, slice, square, sub, sum, type Tensor } from "@candor/graph";
import type { Told } from "../../step/step.ts";
import { logSigmoid } from "./log-sigmoid.ts";

export interface PreferenceInput {
  /** log p of whole completions, [rows]: the chosen and the rejected of each pair in turn. */
  told: Tensor;
  /** The same by the model that the policy began as. */
  reference: Tensor;
  /** Tokens of each completion, [rows]. */
  lengths: Tensor;
  /** Of each pair, [rows / 2]; of all pairs together 1. */
  weights: Tensor;
}

export interface PreferenceOptions {
  loss: "sigmoid" | "ipo";
  beta: number;
}

/** Metrics carry TRL's names. */
export function preferenceLoss(
  { told, reference, lengths, weights }: PreferenceInput,
  { loss, beta }: PreferenceOptions,
): Told {
  const ratios = pairs(sub(told, reference));
  const said = pairs(told);
  const margin = sub(ratios.chosen, ratios.rejected);
  const each = loss === "sigmoid" ? neg(logSigmoid(mul(margin, beta))) : ipo(ratios, pairs(lengths), beta);
  const average = (values: Tensor): Tensor => sum(mul(values, weights));
  return {
    loss: average(each),
    metrics: {
      "rewards/chosen": average(mul(ratios.chosen, beta)),
      "rewards/rejected": average(mul(ratios.rejected, beta)),
      "rewards/margins": average(mul(margin, beta)),
      "rewards/accuracies": average(cast(greater(margin, 0), "float32")),
      "logps/chosen": average(said.chosen),
      "logps/rejected": average(said.rejected),
    },
  };
}

interface Pairs {
  chosen: Tensor;
  rejected: Tensor;
}

/** Means over tokens, as TRL takes them: the sums of the paper's text grow with the length. */
function ipo(ratios: Pairs, lengths: Pairs, beta: number): Tensor {
  const margin = sub(div(ratios.chosen, lengths.chosen), div(ratios.rejected, lengths.rejected));
  return square(sub(margin, 1 / (2 * beta)));
}

/** [rows] of which each even one is the chosen of a pair: [rows / 2] each. */
export function pairs(rows: Tensor): Pairs {
  const count = (rows.shape[0] ?? 0) / 2;
  const both = reshape(rows, [count, 2]);
  const column = (n: number): Tensor => reshape(slice(both, { axis: 1, start: n, end: n + 1 }), [count]);
  return { chosen: column(0), rejected: column(1) };
}
