/** The same outputs for less work: taps left out, constants folded, equal work merged, transposes and factors taken into products. */
import { nodesOf, type Tensor } from "../tensor.ts";
import { merger } from "./merge.ts";
import { rewrite } from "./rewrite.ts";
import { sharedGelu } from "./shared-gelu.ts";
import { absorbed, simpler } from "./simplify.ts";

export function optimise(outputs: readonly Tensor[]): Tensor[] {
  let current = rewrite(outputs, (node, inputs) =>
    node.op === "tap" || node.op === "stopGradient" ? inputs : undefined,
  );
  current = sharedGelu(current);
  for (let round = 0; round < 8; round++) {
    const before = current;
    const merge = merger();
    const once = rewrite(current, (node, inputs) => {
      const found = simpler(node, inputs);
      return found ?? merge(node, inputs);
    });
    const readers = new Map<Tensor, number>();
    for (const tensor of [...once, ...nodesOf(once).flatMap((node) => node.inputs)])
      readers.set(tensor, (readers.get(tensor) ?? 0) + 1);
    current = rewrite(once, (node, inputs) => {
      const found = absorbed(node, node.inputs, (x) => readers.get(x) ?? 0);
      return found && inputs.every((tensor, n) => tensor === node.inputs[n]) ? [found] : undefined;
    });
    if (current.every((tensor, n) => tensor === before[n])) break;
  }
  return current;
}
