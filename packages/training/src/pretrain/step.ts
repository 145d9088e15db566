/** One step of training as a graph: forward, gradients, clipping, an optimiser. */
import {
  adamW,
  add,
  clipFactor,
  clipped,
  compile,
  constant,
  crossEntropy,
  dropout,
  gradientNorm,
  gradients,
  greater,
  input,
  mul,
  muon,
  type Parameter,
  type Program,
  type Tensor,
  where,
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
  /** Probability with which what enters the residual stream is dropped. */
  dropout?: number;
  /** Batches of which a step is made; their gradients are added up in the state. */
  accumulate?: number;
  /** Moves the matrices inside the blocks by Muon, at its own rate. */
  muon?: { momentum: number };
}

/** The sum of the gradients of a step's batches so far. */
export const gradientSum = (name: string): string => `grad:${name}`;

/**
 * Inputs: `tokens` and `targets`, int64 [batch, time], and `rate`; with Muon `muon_rate`, with dropout the int64
 * `dropout_key`, with accumulation `last`, 1 for the batch that ends a step and 0 before. Outputs: `loss`, nats per token
 * before the step, and `gradient_norm` before clipping. State: the weights and the optimiser's memory.
 */
export function trainingStep(config: DecoderConfig, options: StepOptions): Program {
  const { batch, time, clip, dropout: dropped = 0, accumulate = 1, muon: orthogonal, ...adam } = options;
  const { weights, byName } = weightInputs(config);
  const tokens = input("tokens", [batch, time], "int64");
  const { logits } = decoder({ config, weights, tokens, ...(dropped > 0 && { drop: dropAt(dropped) }) });
  const loss = crossEntropy(logits, input("targets", [batch, time], "int64"));
  const values = [...byName];
  const grads = gradients(
    loss,
    values.map(([, value]) => value),
  );
  const parameters: Parameter[] = values.map(([name, value], n) => {
    const own = grads[n] as Tensor;
    // As nanoGPT: matrices and tables are decayed, vectors are not.
    const decayed = value.rank >= 2;
    if (accumulate === 1) return { name, value, grad: own, decayed };
    const grad = add(input(gradientSum(name), value.shape), mul(own, 1 / accumulate));
    return { name, value, grad, decayed };
  });
  const norm = gradientNorm(parameters);
  const moved = clip > 0 ? clipped(parameters, clipFactor(norm, clip)) : parameters;
  const matrices = moved.filter(({ name, value }) => orthogonal && name.startsWith("blocks.") && value.rank === 2);
  const others = moved.filter((parameter) => !matrices.includes(parameter));
  const { state } = adamW(others, { rate: input("rate", []), ...adam });
  if (orthogonal && matrices.length > 0) {
    const rate = input("muon_rate", []);
    Object.assign(state, muon(matrices, { rate, weightDecay: adam.weightDecay, ...orthogonal }).state);
  }
  if (accumulate > 1) hold(state, parameters);
  return compile({ outputs: { loss, gradient_norm: norm }, state });
}

/** Until the last batch of a step only the sums of gradients move. */
function hold(state: Record<string, Tensor>, parameters: readonly Parameter[]): void {
  const last = greater(input("last", []), 0.5);
  for (const [name, next] of Object.entries(state)) state[name] = where(last, next, input(name, next.shape));
  for (const { name, grad } of parameters) state[gradientSum(name)] = where(last, mul(grad, 0), grad);
}

/** Each place of the decoder draws by a key of its own; `dropout_key` differs from batch to batch by more than there are places. */
function dropAt(probability: number): (x: Tensor) => Tensor {
  const key = input("dropout_key", [], "int64");
  let place = 0;
  return (x) => dropout(x, probability, add(key, constant(place++, [], "int64")));
}
