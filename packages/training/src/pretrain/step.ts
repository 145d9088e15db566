/** One step of training as a graph: forward, gradients, clipping, AdamW. */
import {
  adamW,
  clipFactor,
  clipped,
  compile,
  crossEntropy,
  gradientNorm,
  gradients,
  input,
  type Parameter,
  type Program,
  type Tensor,
} from "@candor/graph";
import { type DecoderConfig, decoder, weightInputs } from "@candor/transformer";

export interface StepOptions {
  batch: number;
  /** Tokens of each sample. */
  time: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  weightDecay: number;
  /** Gradients longer than this are scaled to it; 0 leaves them. */
  clip: number;
}

/**
 * Inputs: `tokens` and `targets`, int64 [batch, time], and `rate`. Outputs: `loss`, nats per token before the step, and
 * `gradient_norm` before clipping. State: the weights and AdamW's memory.
 */
export function trainingStep(config: DecoderConfig, options: StepOptions): Program {
  const { batch, time, clip, ...adam } = options;
  const { weights, byName } = weightInputs(config);
  const tokens = input("tokens", [batch, time], "int64");
  const { logits } = decoder({ config, weights, tokens });
  const loss = crossEntropy(logits, input("targets", [batch, time], "int64"));
  const values = [...byName];
  const grads = gradients(
    loss,
    values.map(([, value]) => value),
  );
  const parameters: Parameter[] = values.map(([name, value], n) => ({
    name,
    value,
    grad: grads[n] as Tensor,
    // As nanoGPT: matrices and tables are decayed, vectors are not.
    decayed: value.rank >= 2,
  }));
  const norm = gradientNorm(parameters);
  const moved = clip > 0 ? clipped(parameters, clipFactor(norm, clip)) : parameters;
  const { state } = adamW(moved, { rate: input("rate", []), ...adam });
  return compile({ outputs: { loss, gradient_norm: norm }, state });
}
