/** Evaluates a graph in plain TypeScript. */
import { type Data, dataOf, numbersOf } from "../dtype.ts";
import { GraphError } from "../errors.ts";
import { show } from "../shape.ts";
import { isA, nodesOf, type OpName, type Tensor } from "../tensor.ts";
import type { Kernel, Value } from "./kernel.ts";
import { kernels } from "./kernels.ts";

export type Feeds = Readonly<Record<string, ArrayLike<number> | Data>>;

/** All in float64, whatever the tensors' types. @returns the numbers of each tensor */
export function evaluate(tensors: readonly Tensor[], feeds: Feeds = {}): Float64Array[] {
  const values = new Map<Tensor, Value>();
  for (const node of nodesOf(tensors)) {
    if (isA(node, "input")) {
      const [output] = node.outputs;
      const given = feeds[node.attributes.name];
      if (!output) continue;
      if (!given) throw new GraphError("evaluate", `input ${node.attributes.name} is not given`);
      if (given.length !== output.size)
        throw new GraphError(
          "evaluate",
          `input ${node.attributes.name} is ${show(output.shape)}, not ${given.length} numbers`,
        );
      values.set(output, {
        shape: output.shape,
        data: numbersOf(ArrayBuffer.isView(given) ? given : dataOf("float64", given)),
      });
      continue;
    }
    const inputs = node.inputs.map((tensor) => values.get(tensor) as Value);
    const kernel = kernels[node.op as Exclude<OpName, "input">] as Kernel<OpName>;
    for (const [n, data] of kernel({ inputs, outputs: node.outputs, attributes: node.attributes }).entries()) {
      const output = node.outputs[n];
      if (output) values.set(output, { shape: output.shape, data });
    }
  }
  return tensors.map((tensor) => (values.get(tensor) as Value).data);
}
