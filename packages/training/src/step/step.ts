/** One step of training as a graph: an objective, its gradients, clipping, an optimiser. */
import {
  adamW,
  add,
  clipFactor,
  clipped,
  compile,
  compileParallel,
  type DType,
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

export interface OptimiserOptions {
  beta1: number;
  beta2: number;
  epsilon: number;
  weightDecay: number;
  /** Gradients longer than this are scaled to it; 0 leaves them. */
  clip: number;
  /** Batches of which a step is made; their gradients are added up in the state. */
  accumulate?: number;
  /** Moves the matrices inside the blocks by Muon, at its own rate. */
  muon?: { momentum: number };
}

/** A part of a batch that one thread works on. */
export interface Share {
  index: number;
  of: number;
  /** The share's rows of an input [batch, ...]. */
  rows(name: string, shape: readonly number[], dtype?: DType): Tensor;
}

/** What a share adds to the loss and the figures of the whole batch: scalars whose sum over all shares is the batch's. */
export interface Told {
  loss: Tensor;
  metrics?: Readonly<Record<string, Tensor>>;
}

export type Objective = (share: Share) => Told;

/** Inputs of the graph that a step moves, by name. */
export type Parameters = ReadonlyMap<string, Tensor>;

/** The sum of the gradients of a step's batches so far. */
export const gradientSum = (name: string): string => `grad:${name}`;

/**
 * Inputs: the objective's, and `rate`; with Muon `muon_rate`, with accumulation `last`, 1 for the batch that ends a step and 0
 * before. Outputs: `loss` before the step, the objective's metrics, and `gradient_norm` before clipping. State: the parameters and
 * the optimiser's memory.
 */
export function stepProgram(parameters: Parameters, objective: Objective, options: OptimiserOptions): Program {
  const { told, grads } = backward(parameters, objective, { index: 0, of: 1 });
  const moving = Array.from(parameters, ([name, value]) =>
    parameter(name, value, accumulated(name, grads.get(name) as Tensor, options)),
  );
  const norm = gradientNorm(moving);
  return compile({ outputs: { ...figures(told), gradient_norm: norm }, state: moved(moving, norm, options) });
}

/**
 * The same step by several threads that share the batch (data parallel): each differentiates a part of the samples, then adds up
 * everybody's gradients of a part of the weights, then moves that part. The same numbers but for the order of sums.
 * @param ways how many; it divides the batch
 */
export function parallelStepProgram(
  parameters: Parameters,
  objective: Objective,
  options: OptimiserOptions,
  ways: number,
): ParallelProgram {
  const threads = Array.from({ length: ways }, (_, n) => n);
  const gradOf = (thread: number, name: string): string => `grad:${name}@${thread}`;
  const sumOf = (name: string): string => `sum:${name}`;
  const own = divided(parameters, ways);
  const names: string[] = [];
  const differentiate = threads.map((index) => {
    const { told, grads } = backward(parameters, objective, { index, of: ways });
    const named = Array.from(grads, ([name, grad]) => [gradOf(index, name), grad] as const);
    const figured = Object.entries(figures(told));
    if (index === 0) names.push(...figured.map(([name]) => name));
    return Object.fromEntries([...figured.map(([name, value]) => [`${name}@${index}`, value] as const), ...named]);
  });
  const addUp = own.map((part, index) => {
    const moving = part.map(([name, value]) => {
      const parts = threads.map((thread) => input(gradOf(thread, name), value.shape));
      return parameter(name, value, accumulated(name, parts.reduce(add), options));
    });
    const sums = moving.map(({ name, grad }) => [sumOf(name), grad] as const);
    return { [`squares@${index}`]: sumOfSquares(moving), ...Object.fromEntries(sums) };
  });
  const total = (what: string): Tensor => threads.map((thread) => input(`${what}@${thread}`, [])).reduce(add);
  const norm = sqrt(total("squares"));
  const move = own.map((part, index) => {
    const moving = part.map(([name, value]) => parameter(name, value, input(sumOf(name), value.shape)));
    const { [STEPS]: steps, ...state } = moved(moving, norm, options);
    const next = Object.entries({ ...state, ...(index === 0 && steps && { [STEPS]: steps }) });
    const outputs: Record<string, Tensor> =
      index === 0 ? { ...Object.fromEntries(names.map((name) => [name, total(name)])), gradient_norm: norm } : {};
    return { ...outputs, ...Object.fromEntries(next.map(([name, tensor]) => [nextOf(name), tensor])) };
  });
  return compileParallel([differentiate, addUp, move]);
}

/**
 * What a batch is told, without moving anything; threads share its rows. The parameters are inputs.
 * @returns for each thread its share's figures, as `NAME@thread`
 */
export const toldShares = (objective: Objective, ways: number): Record<string, Tensor>[] =>
  Array.from({ length: ways }, (_, index) => {
    const told = objective(shareOf(index, ways));
    return Object.fromEntries(Object.entries(figures(told)).map(([name, value]) => [`${name}@${index}`, value]));
  });

const figures = ({ loss, metrics }: Told): Record<string, Tensor> => ({ loss, ...metrics });

/** The part of a batch that is one thread's of several. */
export const shareOf = (index: number, of: number): Share => ({
  index,
  of,
  rows(name, shape, dtype = "float32") {
    const whole = input(name, shape, dtype);
    if (of === 1) return whole;
    const count = (shape[0] ?? 0) / of;
    return slice(whole, { axis: 0, start: index * count, end: (index + 1) * count });
  },
});

/** What a share of the batch is told, and what it adds to the gradients of the whole. */
function backward(
  parameters: Parameters,
  objective: Objective,
  { index, of }: Pick<Share, "index" | "of">,
): { told: Told; grads: Map<string, Tensor> } {
  const told = objective(shareOf(index, of));
  const grads = gradients(told.loss, [...parameters.values()]);
  return { told, grads: new Map([...parameters.keys()].map((name, n) => [name, grads[n] as Tensor])) };
}

/** As nanoGPT: matrices and tables are decayed, vectors are not. */
const parameter = (name: string, value: Tensor, grad: Tensor): Parameter => ({
  name,
  value,
  grad,
  decayed: value.rank >= 2,
});

const accumulated = (name: string, grad: Tensor, { accumulate = 1 }: OptimiserOptions): Tensor =>
  accumulate === 1 ? grad : add(input(gradientSum(name), grad.shape), mul(grad, 1 / accumulate));

/** The next values of parameters and of what the optimiser remembers of them. */
function moved(parameters: readonly Parameter[], norm: Tensor, options: OptimiserOptions): Record<string, Tensor> {
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
function divided(parameters: Parameters, ways: number): [string, Tensor][][] {
  const parts = Array.from({ length: ways }, () => ({ size: 0, own: [] as [string, Tensor][] }));
  for (const each of [...parameters].toSorted(([, a], [, b]) => b.size - a.size)) {
    const least = parts.reduce((found, part) => (part.size < found.size ? part : found));
    least.own.push(each);
    least.size += each[1].size;
  }
  return parts.map(({ own }) => own);
}
