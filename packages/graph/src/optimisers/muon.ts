/**
 * Muon (Jordan et al. 2024, https://kellerjordan.github.io/posts/muon): momentum whose matrix is made nearly orthogonal by five
 * steps of Newton and Schulz. For matrices inside a network; tables, vectors and the unembedding belong to AdamW.
 */
import { GraphError } from "../errors.ts";
import { add, div, maximum, mul, sqrt, square, sub } from "../ops/elementwise.ts";
import { matmul } from "../ops/matmul.ts";
import { sum } from "../ops/reduce.ts";
import { at, show } from "../shape.ts";
import { input, type Tensor } from "../tensor.ts";
import type { OptimiserState, Parameter } from "./parameter.ts";

export interface MuonOptions {
  /** A scalar, float32. */
  rate: Tensor;
  momentum?: number;
  /** Decoupled. */
  weightDecay?: number;
  nesterov?: boolean;
}

const STEPS = 5;
const [A, B, C] = [3.4445, -4.775, 2.0315];
const EPSILON = 1e-7;

export const muonMomentum = (name: string): string => `muon:${name}`;

export function muon(parameters: readonly Parameter[], options: MuonOptions): OptimiserState {
  const { rate, momentum = 0.95, weightDecay = 0.1, nesterov = true } = options;
  const state: Record<string, Tensor> = {};
  for (const { name, value, grad, decayed } of parameters) {
    if (value.rank !== 2) throw new GraphError("muon", `${name} ${show(value.shape)} is no matrix`);
    const moving = add(mul(input(muonMomentum(name), value.shape), momentum), mul(grad, 1 - momentum));
    state[muonMomentum(name)] = moving;
    const direction = orthogonal(nesterov ? add(mul(grad, 1 - momentum), mul(moving, momentum)) : moving);
    // Matrices are [in, out]: one that widens has a longer step, so that its outputs change as much.
    const longer = Math.sqrt(Math.max(1, at(value.shape, 1) / at(value.shape, 0)));
    const kept = decayed && weightDecay > 0 ? mul(value, sub(1, mul(rate, weightDecay))) : value;
    state[name] = sub(kept, mul(direction, mul(rate, longer)));
  }
  return { state };
}

/** The nearest orthogonal matrix, roughly: singular values come to between 0.7 and 1.2. */
export function orthogonal(matrix: Tensor): Tensor {
  const tall = at(matrix.shape, 0) > at(matrix.shape, 1);
  let x = div(matrix, maximum(sqrt(sum(square(matrix))), EPSILON));
  for (let step = 0; step < STEPS; step++) {
    const gram = tall ? matmul(x, x, { transposeA: true }) : matmul(x, x, { transposeB: true });
    const mixed = add(mul(gram, B), matmul(gram, gram, { alpha: C }));
    x = add(mul(x, A), tall ? matmul(x, mixed) : matmul(mixed, x));
  }
  return x;
}
