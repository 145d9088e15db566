/** Every way of learning from judgments, as an objective over a batch of texts: what it reads from the graph's inputs. */
import type { Tensor } from "@candor/graph";
import type { Objective, Share } from "../../step/step.ts";
import { type BatchShape, headAt, overTokens, readCompletions, scoresOf, total } from "../completions.ts";
import { packedInputs } from "../packing.ts";
import type { Trainee } from "../trainee.ts";
import { type ClipOptions, grpoLoss, type PpoOptions, ppoLoss, rlooLoss } from "./clipped-policy.ts";
import { ktoLoss } from "./kto.ts";
import { type PreferenceOptions, preferenceLoss } from "./preference.ts";
import { bradleyTerryLoss, verdictLoss } from "./reward.ts";
import { sftLoss } from "./sft.ts";

/** Besides the inputs of `readCompletions`: `weights` [batch, count]; of packed rows `segments` and `positions`. */
export const sftObjective =
  ({ config, weights }: Trainee, shape: BatchShape, { packing = false } = {}): Objective =>
  (share) => {
    const placed = packing ? packedInputs(config, share, shape) : {};
    const read = readCompletions(config, weights, share, shape, 1, placed);
    return sftLoss(read, share.rows("targets", grid(shape), "int64"), share.rows("weights", grid(shape)));
  };

/**
 * Texts are the chosen and the rejected of each pair in turn. Inputs: `mask` [batch, count], `reference` and `lengths` [batch],
 * `weights` [batch / 2].
 */
export const preferenceObjective =
  (trainee: Trainee, shape: BatchShape, options: PreferenceOptions): Objective =>
  (share) =>
    preferenceLoss(
      {
        told: wholeTexts(trainee, share, shape),
        reference: share.rows("reference", [shape.batch]),
        lengths: share.rows("lengths", [shape.batch]),
        weights: share.rows("weights", [shape.batch / 2]),
      },
      options,
    );

/** Inputs: `mask` [batch, count], `reference`, `verdicts`, `weights`, `among_good` and `among_bad` [batch], `kl` []. */
export const ktoObjective =
  (trainee: Trainee, shape: BatchShape, beta: number): Objective =>
  (share) =>
    ktoLoss(
      {
        told: wholeTexts(trainee, share, shape),
        reference: share.rows("reference", [shape.batch]),
        verdicts: share.rows("verdicts", [shape.batch]),
        weights: share.rows("weights", [shape.batch]),
        amongGood: share.rows("among_good", [shape.batch]),
        amongBad: share.rows("among_bad", [shape.batch]),
      },
      beta,
    );

/** Texts are the chosen and the rejected of each pair in turn. Inputs: `tokens`, `ends`, `weights` [batch / 2]. */
export const pairsObjective =
  (trainee: Trainee, shape: BatchShape, centre: number): Objective =>
  (share) =>
    bradleyTerryLoss(scored(trainee, share, shape), share.rows("weights", [shape.batch / 2]), centre);

/** Inputs: `tokens`, `ends`, `chances` and `weights` [batch]. */
export const verdictsObjective =
  (trainee: Trainee, shape: BatchShape): Objective =>
  (share) =>
    verdictLoss(
      scored(trainee, share, shape),
      share.rows("chances", [shape.batch]),
      share.rows("weights", [shape.batch]),
    );

/**
 * Inputs, [batch, count] each: `before`, `weights`, `advantages`, `values_before`, `returns`, `value_weights`.
 * @param value a model of its own, or the policy itself where its trunk carries the head
 */
export const ppoObjective =
  (policy: Trainee, value: Trainee, shape: BatchShape, temperature: number, options: PpoOptions): Objective =>
  (share) => {
    const read = readCompletions(policy.config, policy.weights, share, shape, temperature);
    const hidden = value === policy ? read.hidden : readCompletions(value.config, value.weights, share, shape).hidden;
    const told = (name: string): Tensor => share.rows(name, grid(shape));
    const weights = told("weights");
    const result = ppoLoss(
      {
        told: read.logProbabilities,
        before: told("before"),
        weights,
        advantages: told("advantages"),
        values: headAt(hidden, headOf(value)),
        valuesBefore: told("values_before"),
        returns: told("returns"),
        valueWeights: told("value_weights"),
      },
      options,
    );
    return { ...result, metrics: { ...result.metrics, "policy/entropy_avg": total(read.entropies, weights) } };
  };

/** Inputs: `before`, `weights`, `even` [batch, count], `advantages` [batch], and with a beta `reference` [batch, count]. */
export const grpoObjective =
  ({ config, weights }: Trainee, shape: BatchShape, temperature: number, options: ClipOptions): Objective =>
  (share) => {
    const read = readCompletions(config, weights, share, shape, temperature);
    const even = share.rows("even", grid(shape));
    const result = grpoLoss(
      {
        told: read.logProbabilities,
        before: share.rows("before", grid(shape)),
        weights: share.rows("weights", grid(shape)),
        even,
        advantages: share.rows("advantages", [shape.batch]),
        ...(options.beta !== 0 && { reference: share.rows("reference", grid(shape)) }),
      },
      options,
    );
    return { ...result, metrics: { ...result.metrics, entropy: total(read.entropies, even) } };
  };

/** Inputs: `before`, `mask`, `even` [batch, count], `advantages` and `weights` [batch]. */
export const rlooObjective =
  (
    { config, weights }: Trainee,
    shape: BatchShape,
    temperature: number,
    options: Omit<ClipOptions, "beta">,
  ): Objective =>
  (share) => {
    const read = readCompletions(config, weights, share, shape, temperature);
    const mask = share.rows("mask", grid(shape));
    const each = share.rows("weights", [shape.batch]);
    const result = rlooLoss(
      {
        told: read.logProbabilities,
        before: share.rows("before", grid(shape)),
        mask,
        advantages: share.rows("advantages", [shape.batch]),
        weights: each,
      },
      options,
    );
    return {
      ...result,
      metrics: { ...result.metrics, entropy: total(read.entropies, share.rows("even", grid(shape))) },
    };
  };

const grid = ({ batch, count }: BatchShape): readonly [number, number] => [batch, count];

const wholeTexts = ({ config, weights }: Trainee, share: Share, shape: BatchShape): Tensor =>
  overTokens(readCompletions(config, weights, share, shape).logProbabilities, share.rows("mask", grid(shape)));

const scored = (trainee: Trainee, share: Share, shape: BatchShape): Tensor =>
  scoresOf(trainee.config, trainee.weights, headOf(trainee), share, shape);

function headOf({ head }: Trainee): Tensor {
  if (!head) throw new RangeError("the model has no head");
  return head;
}
