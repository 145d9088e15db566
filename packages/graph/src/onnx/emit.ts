/** A graph as the bytes of an ONNX model. */
import { GraphError } from "../errors.ts";
import { isA, nodesOf, type OpName, type Tensor } from "../tensor.ts";
import { type Emitter, emitters } from "./emitters.ts";
import { encodeModel } from "./proto.ts";
import { GraphWriter } from "./writer.ts";

const PASSED_ON: ReadonlySet<OpName> = new Set(["input", "constant", "tap", "stopGradient"]);

/** @param outputs by the names under which a session gives them */
export function emit(outputs: ReadonlyMap<string, Tensor>): Uint8Array {
  const writer = new GraphWriter();
  const inputs: { name: string; tensor: Tensor }[] = [];
  const nodes = nodesOf(outputs.values());
  // A node's result goes under the output's name; only an input, a constant or a second name needs a copy.
  for (const [name, tensor] of outputs)
    if (!PASSED_ON.has(tensor.node.op) && !writer.isNamed(tensor)) writer.alias(tensor, name);
  const read = new Set([...outputs.values(), ...nodes.flatMap((node) => node.inputs)]);
  // What is written in place must leave its operation under the output's own name: through another node it would be a copy.
  for (const [name, tensor] of outputs) if (tensor.node.op === "cachedAttention") writer.alias(tensor, name);
  for (const node of nodes) {
    const [result] = node.outputs as [Tensor];
    if (isA(node, "input")) {
      if (inputs.some(({ name }) => name === node.attributes.name))
        throw new GraphError("input", `two inputs are named ${node.attributes.name}`);
      inputs.push({ name: node.attributes.name, tensor: result });
      writer.alias(result, node.attributes.name);
    } else if (isA(node, "constant")) {
      writer.alias(result, writer.constant(result.dtype, node.attributes.data, result.shape));
    } else if (node.op === "tap" || node.op === "stopGradient") {
      writer.alias(result, writer.nameOf(node.inputs[0] as Tensor));
    } else {
      (emitters[node.op] as Emitter<OpName>)({
        writer,
        node,
        attributes: node.attributes,
        inputs: node.inputs.map((tensor) => writer.nameOf(tensor)),
        output: writer.nameOf(result),
        tensors: node.inputs,
        result,
        used: (index) => {
          const output = node.outputs[index];
          return output && read.has(output) ? writer.nameOf(output) : "";
        },
      });
    }
  }
  // An output that is also an input, a constant or another output needs a name of its own.
  for (const [name, tensor] of outputs)
    if (writer.nameOf(tensor) !== name) writer.node("Identity", [writer.nameOf(tensor)], {}, name);
  const info = (name: string, { dtype, shape }: Tensor) => ({ name, type: dtype, shape });
  return encodeModel({
    nodes: writer.nodes,
    initializers: writer.initializers,
    inputs: inputs.map(({ name, tensor }) => info(name, tensor)),
    outputs: Array.from(outputs, ([name, tensor]) => info(name, tensor)),
  });
}
