/** What an optimiser moves. */
import { add, div, minimum, mul, sqrt, square } from "../ops/elementwise.ts";
import { sum } from "../ops/reduce.ts";
import type { Tensor } from "../tensor.ts";

export interface Parameter {
  /** Also the name of the input that holds it. */
  name: string;
  value: Tensor;
  grad: Tensor;
  /** Whether weight decay pulls at it: matrices, and not biases or norms. */
  decayed: boolean;
}

export interface OptimiserState {
  /** For each state its next value: parameters under their names, and what the optimiser remembers. */
  state: Record<string, Tensor>;
}

export const sumOfSquares = (parameters: readonly Parameter[]): Tensor =>
  parameters.map(({ grad }) => sum(square(grad))).reduce((total, each) => add(total, each));

/** The length of all gradients together. */
export const gradientNorm = (parameters: readonly Parameter[]): Tensor => sqrt(sumOfSquares(parameters));

/** The factor that brings gradients of a length to `most` at most (PyTorch's clip_grad_norm_). */
export const clipFactor = (norm: Tensor, most: number): Tensor => minimum(div(most, add(norm, 1e-6)), 1);

export const clipped = (parameters: readonly Parameter[], factor: Tensor): Parameter[] =>
  parameters.map((parameter) => ({ ...parameter, grad: mul(parameter.grad, factor) }));
