/** What a reward model is taught: pairs (Bradley and Terry 1952) or single verdicts. */
import { add, cast, equal, greater, greaterEqual, mul, neg, square, sub, sum, type Tensor } from "@candor/graph";
import type { Told } from "../../step/step.ts";
import { logSigmoid } from "./log-sigmoid.ts";
import { pairs } from "./preference.ts";

/**
 * @param scores [rows], the chosen and the rejected of each pair in turn
 * @param weights of each pair, [rows / 2]; of all pairs together 1
 * @param centre pulls the sum of a pair's scores to 0 (Eisenstein et al. 2023, arXiv 2312.09244); 0 does not
 */
export function bradleyTerryLoss(scores: Tensor, weights: Tensor, centre = 0): Told {
  const { chosen, rejected } = pairs(scores);
  const margin = sub(chosen, rejected);
  const average = (values: Tensor): Tensor => sum(mul(values, weights));
  const plain = average(neg(logSigmoid(margin)));
  return {
    loss: centre === 0 ? plain : add(plain, mul(average(square(add(chosen, rejected))), centre)),
    metrics: {
      accuracy: average(cast(greater(margin, 0), "float32")),
      margin: average(margin),
      mean_reward: mul(average(add(chosen, rejected)), 0.5),
    },
  };
}

/**
 * Cross-entropy of verdicts, which may be uncertain.
 * @param scores [rows], the log-odds of good
 * @param chances [rows], how likely each is good by those who judged it
 * @param weights [rows], of all together 1
 */
export function verdictLoss(scores: Tensor, chances: Tensor, weights: Tensor): Told {
  const average = (values: Tensor): Tensor => sum(mul(values, weights));
  const good = mul(chances, logSigmoid(scores));
  const bad = mul(sub(1, chances), logSigmoid(neg(scores)));
  const held = cast(greaterEqual(chances, 0.5), "float32");
  const told = cast(greater(scores, 0), "float32");
  return {
    loss: neg(average(add(good, bad))),
    metrics: {
      accuracy: average(cast(equal(held, told), "float32")),
      mean_reward: average(scores),
    },
  };
}
