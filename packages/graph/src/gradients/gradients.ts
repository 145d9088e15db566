/** Reverse-mode differentiation as a graph transformation. */
import { isFloat } from "../dtype.ts";
import { GraphError } from "../errors.ts";
import { add, onesLike, zerosLike } from "../ops/elementwise.ts";
import { sameShape, show } from "../shape.ts";
import { type Node, nodesOf, type OpName, type Tensor } from "../tensor.ts";
import { type Rule, rules } from "./rules.ts";

/**
 * The gradients of a scalar with respect to any tensors of its graph: parameters or activations.
 * @returns one tensor for each, shaped like it; zeros where the scalar does not depend on it
 */
export function gradients<T extends readonly Tensor[]>(of: Tensor, wrt: T): { [N in keyof T]: Tensor } {
  if (of.size !== 1) throw new GraphError("gradients", `differentiates one number, not ${show(of.shape)}`);
  return vectorJacobian(of, onesLike(of), wrt);
}

/** Gradients of sum(of * weights): how `wrt` should change for `of` to change by `weights`. */
export function vectorJacobian<T extends readonly Tensor[]>(
  of: Tensor,
  weights: Tensor,
  wrt: T,
): { [N in keyof T]: Tensor } {
  if (!sameShape(of.shape, weights.shape) || of.dtype !== weights.dtype)
    throw new GraphError("gradients", `${of} and the weights ${weights} differ`);
  if (!isFloat(of.dtype)) throw new GraphError("gradients", `${of} has no derivative`);
  const grads = new Map<Tensor, Tensor>([[of, weights]]);
  const nodes = nodesOf([of]);
  const needed = dependents(nodes, wrt);
  for (const node of nodes.toReversed()) {
    if (!needed.has(node)) continue;
    const given = node.outputs.map((output) => grads.get(output));
    if (given.every((grad) => grad === undefined)) continue;
    const { inputs, outputs, attributes } = node;
    const rule = rules[node.op] as Rule<OpName>;
    for (const [n, grad] of rule({ inputs, outputs, attributes, grads: given }).entries()) {
      const into = inputs[n];
      // What nothing asked for is not even built.
      if (!grad || !into || !(needed.has(into.node) || wrt.includes(into))) continue;
      const before = grads.get(into);
      grads.set(into, before ? add(before, grad) : grad);
    }
  }
  // One for each, in their order: a mapped tuple, which `map` does not say.
  return wrt.map((tensor) => grads.get(tensor) ?? zerosLike(tensor)) as { [N in keyof T]: Tensor };
}

/** Nodes that depend on one of the tensors: only through them do gradients flow. */
function dependents(nodes: readonly Node[], tensors: readonly Tensor[]): Set<Node> {
  const found = new Set(tensors.map(({ node }) => node));
  for (const node of nodes) if (node.inputs.some((input) => found.has(input.node))) found.add(node);
  return found;
}
