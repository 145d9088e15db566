/** One step of training as a graph: forward, gradients, clipping, an optimiser. */
import {
  adamW,
  add,
  clipFactor,
  clipped,
  compile,
  compileParallel,
  constant,
  crossEntropy,
  dropout,
  gradientNorm,
  gradients,
  greater,
  input,
  mul,
  muon,
  nextOf,
  type ParallelProgram,
  type Parameter,
  type Program,
  STEPS,
  slice,
  sqrt,
  sumOfSquares,
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
  const weights = weightInputs(config);
  const { loss, grads } = backward(config, options, weights, { index: 0, of: 1 });
  const parameters = Array.from(weights.byName, ([name, value]) =>
    parameter(name, value, accumulated(name, grads.get(name) as Tensor, options)),
  );
  const norm = gradientNorm(parameters);
  return compile({ outputs: { loss, gradient_norm: norm }, state: moved(parameters, norm, options) });
}

/**
 * The same step by several threads that share the batch (data parallel): each differentiates a part of the samples, then adds up
 * everybody's gradients of a part of the weights, then moves that part. The same numbers but for the order of sums.
 * @param ways how many; it divides the batch
 */
export function parallelTrainingStep(config: DecoderConfig, options: StepOptions, ways: number): ParallelProgram {
  const weights = weightInputs(config);
  const threads = Array.from({ length: ways }, (_, n) => n);
  const gradOf = (thread: number, name: string): string => `grad:${name}@${thread}`;
  const sumOf = (name: string): string => `sum:${name}`;
  const own = divided(weights.byName, ways);
  const differentiate = threads.map((index) => {
    const { loss, grads } = backward(config, options, weights, { index, of: ways });
    const named = Array.from(grads, ([name, grad]) => [gradOf(index, name), grad] as const);
    return { [`loss@${index}`]: loss, ...Object.fromEntries(named) };
  });
  const addUp = own.map((part, index) => {
    const parameters = part.map(([name, value]) => {
      const parts = threads.map((thread) => input(gradOf(thread, name), value.shape));
      return parameter(name, value, accumulated(name, parts.reduce(add), options));
    });
    const sums = parameters.map(({ name, grad }) => [sumOf(name), grad] as const);
    return { [`squares@${index}`]: sumOfSquares(parameters), ...Object.fromEntries(sums) };
  });
  const total = (what: string): Tensor => threads.map((thread) => input(`${what}@${thread}`, [])).reduce(add);
  const norm = sqrt(total("squares"));
  const move = own.map((part, index) => {
    const parameters = part.map(([name, value]) => parameter(name, value, input(sumOf(name), value.shape)));
    const { [STEPS]: steps, ...state } = moved(parameters, norm, options);
    const next = Object.entries({ ...state, ...(index === 0 && steps && { [STEPS]: steps }) });
    const outputs: Record<string, Tensor> =
      index === 0 ? { loss: mul(total("loss"), 1 / ways), gradient_norm: norm } : {};
    return { ...outputs, ...Object.fromEntries(next.map(([name, tensor]) => [nextOf(name), tensor])) };
  });
  return compileParallel([differentiate, addUp, move]);
}

interface Share {
  index: number;
  of: number;
}

type Weights = ReturnType<typeof weightInputs>;

/** The loss of a share of the batch, and what it adds to the gradient of the whole. */
function backward(
  config: DecoderConfig,
  { batch, time, dropout: dropped = 0 }: StepOptions,
  { weights, byName }: Weights,
  { index, of }: Share,
): { loss: Tensor; grads: Map<string, Tensor> } {
  const count = batch / of;
  const share = (name: string): Tensor => {
    const whole = input(name, [batch, time], "int64");
    return of === 1 ? whole : slice(whole, { axis: 0, start: index * count, end: (index + 1) * count });
  };
  const drop = dropAt(dropped, Math.floor(PLACES / of) * index);
  const { logits } = decoder({ config, weights, tokens: share("tokens"), ...(dropped > 0 && { drop }) });
  const loss = crossEntropy(logits, share("targets"));
  const names = [...byName.keys()];
  const grads = gradients(mul(loss, 1 / of), [...byName.values()]);
  return { loss, grads: new Map(names.map((name, n) => [name, grads[n] as Tensor])) };
}

/** As nanoGPT: matrices and tables are decayed, vectors are not. */
const parameter = (name: string, value: Tensor, grad: Tensor): Parameter => ({
  name,
  value,
  grad,
  decayed: value.rank >= 2,
});

const accumulated = (name: string, grad: Tensor, { accumulate = 1 }: StepOptions): Tensor =>
  accumulate === 1 ? grad : add(input(gradientSum(name), grad.shape), mul(grad, 1 / accumulate));

/** The next values of parameters and of what the optimiser remembers of them. */
function moved(parameters: readonly Parameter[], norm: Tensor, options: StepOptions): Record<string, Tensor> {
  const { clip, accumulate = 1, muon: orthogonal, weightDecay } = options;
  const held = clip > 0 ? clipped(parameters, clipFactor(norm, clip)) : parameters;
  const matrices = held.filter(({ name, value }) => orthogonal && name.startsWith("blocks.") && value.rank === 2);
  const others = held.filter((each) => !matrices.includes(each));
  const { state } = adamW(others, { ...options, rate: input("rate", []) });
  if (orthogonal && matrices.length > 0)
    Object.assign(state, muon(matrices, { rate: input("muon_rate", []), weightDecay, ...orthogonal }).state);
  if (accumulate > 1) hold(state, parameters);
  return state;
}

/** Until the last batch of a step only the sums of gradients move. */
function hold(state: Record<string, Tensor>, parameters: readonly Parameter[]): void {
  const last = greater(input("last", []), 0.5);
  for (const [name, next] of Object.entries(state)) state[name] = where(last, next, input(name, next.shape));
  for (const { name, grad } of parameters) state[gradientSum(name)] = where(last, mul(grad, 0), grad);
}

/** Weights for each thread, of about as many elements: the largest first, each to whoever has least. */
function divided(byName: ReadonlyMap<string, Tensor>, ways: number): [string, Tensor][][] {
  const parts = Array.from({ length: ways }, () => ({ size: 0, own: [] as [string, Tensor][] }));
  for (const each of [...byName].toSorted(([, a], [, b]) => b.size - a.size)) {
    const least = parts.reduce((found, part) => (part.size < found.size ? part : found));
    least.own.push(each);
    least.size += each[1].size;
  }
  return parts.map(({ own }) => own);
}

/** `dropout_key` differs from batch to batch by as much. */
const PLACES = 1 << 16;

/** Each place of the decoder draws by a key of its own. */
function dropAt(probability: number, first: number): (x: Tensor) => Tensor {
  let place = first;
  return (x) => dropout(x, probability, add(input("dropout_key", [], "int64"), constant(place++, [], "int64")));
}
