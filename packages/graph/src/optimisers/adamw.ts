/** AdamW (Loshchilov and Hutter 2019, arXiv 1711.05101) as part of the graph. */
import { add, div, mul, pow, sqrt, square, sub } from "../ops/elementwise.ts";
import { constant, input, type Tensor } from "../tensor.ts";
import type { OptimiserState, Parameter } from "./parameter.ts";

export interface AdamWOptions {
  /** A scalar, float32. */
  rate: Tensor;
  beta1?: number;
  beta2?: number;
  epsilon?: number;
  /** Decoupled: each step takes rate * decay of a decayed parameter away. */
  weightDecay?: number;
  /** Where epsilon stands: beside the corrected root (PyTorch), or beside the raw one (TensorFlow 1). */
  form?: "pytorch" | "tensorflow";
}

/** Steps taken so far: a state of one float32. */
export const STEPS = "adamw:steps";
export const firstMoment = (name: string): string => `adamw:m:${name}`;
export const secondMoment = (name: string): string => `adamw:v:${name}`;

/**
 * The moments are kept divided by 1 - beta, which saves two passes over each: `first moment = (1 - beta1) * state`.
 * @returns the next values of the parameters, of both moments and of the count of steps
 */
export function adamW(parameters: readonly Parameter[], options: AdamWOptions): OptimiserState {
  const { rate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0.01, form = "pytorch" } = options;
  const steps = add(input(STEPS, []), 1);
  const correction1 = sub(1, pow(constant(beta1), steps));
  const correction2 = sqrt(sub(1, pow(constant(beta2), steps)));
  // update = rate * m / correction1 / (sqrt(v) / correction2 + epsilon), with m and v as they are kept.
  const root = Math.sqrt(1 - beta2);
  const scale = mul(rate, mul(div(correction2, correction1), (1 - beta1) / root));
  const beside = form === "pytorch" ? mul(correction2, epsilon / root) : constant(epsilon / root);
  const kept = sub(1, mul(rate, weightDecay));
  const state: Record<string, Tensor> = { [STEPS]: steps };
  for (const { name, value, grad, decayed } of parameters) {
    const m = add(mul(input(firstMoment(name), value.shape), beta1), grad);
    const v = add(mul(input(secondMoment(name), value.shape), beta2), square(grad));
    state[firstMoment(name)] = m;
    state[secondMoment(name)] = v;
    const update = mul(div(m, add(sqrt(v), beside)), scale);
    state[name] = sub(decayed && weightDecay > 0 ? mul(value, kept) : value, update);
  }
  return { state };
}
