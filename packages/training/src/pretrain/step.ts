/** A step of pretraining: the loss of what comes next. */
import {
  add,
  constant,
  crossEntropy,
  dropout,
  input,
  mul,
  type ParallelProgram,
  type Program,
  type Tensor,
} from "@candor/graph";
import { type DecoderConfig, decoder, weightInputs } from "@candor/transformer";
import {
  type Objective,
  type OptimiserOptions,
  type Parameters,
  parallelStepProgram,
  stepProgram,
} from "../step/step.ts";

export interface StepOptions extends OptimiserOptions {
  batch: number;
  /** Tokens of each sample. */
  time: number;
  /** Probability with which what enters the residual stream is dropped. */
  dropout?: number;
}

/**
 * Inputs: `tokens` and `targets`, int64 [batch, time], those of `stepProgram`, and with dropout the int64 `dropout_key`. Outputs:
 * `loss`, nats per token before the step, and `gradient_norm` before clipping.
 */
export function trainingStep(config: DecoderConfig, options: StepOptions): Program {
  const { parameters, objective } = nextToken(config, options);
  return stepProgram(parameters, objective, options);
}

/** @param ways threads that share the batch, which they divide */
export function parallelTrainingStep(config: DecoderConfig, options: StepOptions, ways: number): ParallelProgram {
  const { parameters, objective } = nextToken(config, options);
  return parallelStepProgram(parameters, objective, options, ways);
}

function nextToken(
  config: DecoderConfig,
  { batch, time, dropout: dropped = 0 }: StepOptions,
): { parameters: Parameters; objective: Objective } {
  const { weights, byName } = weightInputs(config);
  return {
    parameters: byName,
    objective: ({ index, of, rows }) => {
      const drop = dropAt(dropped, Math.floor(PLACES / of) * index);
      const tokens = rows("tokens", [batch, time], "int64");
      const { logits } = decoder({ config, weights, tokens, ...(dropped > 0 && { drop }) });
      return { loss: mul(crossEntropy(logits, rows("targets", [batch, time], "int64")), 1 / of) };
    },
  };
}

/** `dropout_key` differs from batch to batch by as much. */
const PLACES = 1 << 16;

/** Each place of the decoder draws by a key of its own. */
function dropAt(probability: number, first: number): (x: Tensor) => Tensor {
  let place = first;
  return (x) => dropout(x, probability, add(input("dropout_key", [], "int64"), constant(place++, [], "int64")));
}
