/** Stochastic gradient descent with momentum, as in PyTorch: the momentum is a sum of gradients, not their mean. */
import { add, mul, sub } from "../ops/elementwise.ts";
import { input, type Tensor } from "../tensor.ts";
import type { OptimiserState, Parameter } from "./parameter.ts";

export interface SgdOptions {
  /** A scalar, float32. */
  rate: Tensor;
  momentum?: number;
  /** Added to the gradient of a decayed parameter: L2, not decoupled. */
  weightDecay?: number;
  nesterov?: boolean;
}

export const velocity = (name: string): string => `sgd:${name}`;

export function sgd(parameters: readonly Parameter[], options: SgdOptions): OptimiserState {
  const { rate, momentum = 0, weightDecay = 0, nesterov = false } = options;
  const state: Record<string, Tensor> = {};
  for (const { name, value, grad, decayed } of parameters) {
    const pull = decayed && weightDecay > 0 ? add(grad, mul(value, weightDecay)) : grad;
    let step = pull;
    if (momentum > 0) {
      const moving = add(mul(input(velocity(name), value.shape), momentum), pull);
      state[velocity(name)] = moving;
      step = nesterov ? add(pull, mul(moving, momentum)) : moving;
    }
    state[name] = sub(value, mul(step, rate));
  }
  return { state };
}
