/** Rebuilds a graph bottom-up; what no output needs is not rebuilt. */
import { type Attributes, Node, nodesOf, type OpName, type Tensor } from "../tensor.ts";

/** The node with other inputs, or tensors that stand for its outputs. */
export type Replace = (node: Node, inputs: readonly Tensor[]) => readonly (Tensor | undefined)[] | undefined;

export function rewrite(outputs: readonly Tensor[], replace: Replace): Tensor[] {
  const rebuilt = new Map<Tensor, Tensor>();
  for (const node of nodesOf(outputs)) {
    const inputs = node.inputs.map((tensor) => rebuilt.get(tensor) as Tensor);
    const same = inputs.every((tensor, n) => tensor === node.inputs[n]);
    const replaced = replace(node, inputs) ?? (same ? node : withInputs(node, inputs)).outputs;
    for (const [n, output] of node.outputs.entries()) rebuilt.set(output, replaced[n] ?? output);
  }
  return outputs.map((tensor) => rebuilt.get(tensor) as Tensor);
}

export const withInputs = (node: Node, inputs: readonly Tensor[]): Node =>
  new Node(node.op, node.attributes as Attributes[OpName], inputs, node.outputs);
