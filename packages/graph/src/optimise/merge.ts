/** Common subexpressions: what is computed twice from the same is computed once. */
import { isA, type Node, type Tensor } from "../tensor.ts";
import { withInputs } from "./rewrite.ts";

/** Constants larger than this are told apart by identity. */
const MOST_BYTES = 256;

/** @returns a function that gives for a node the first one that equals it */
export function merger(): (node: Node, inputs: readonly Tensor[]) => readonly Tensor[] {
  const known = new Map<string, Node>();
  return (node, inputs) => {
    const key = keyOf(node, inputs);
    const same = inputs.every((tensor, n) => tensor === node.inputs[n]);
    const own = (): Node => (same ? node : withInputs(node, inputs));
    if (key === undefined) return own().outputs;
    let found = known.get(key);
    if (!found) {
      found = own();
      known.set(key, found);
    }
    return found.outputs;
  };
}

function keyOf(node: Node, inputs: readonly Tensor[]): string | undefined {
  if (isA(node, "input")) return `input ${node.attributes.name} ${node.outputs[0]}`;
  if (isA(node, "constant")) {
    const { data } = node.attributes;
    return data.byteLength > MOST_BYTES ? undefined : `constant ${node.outputs[0]} ${data.join()}`;
  }
  return `${node.op} ${JSON.stringify(node.attributes)} ${inputs.map(({ node: { id }, index }) => `${id}.${index}`).join()}`;
}
