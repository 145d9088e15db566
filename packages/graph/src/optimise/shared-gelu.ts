/**
 * GELU in a graph that has its gradient too: the gradient needs the normal distribution's function, and with that at hand the
 * value is one product. Without a gradient the runtime's own kernel is faster.
 */
import { add, erf, mul } from "../ops/elementwise.ts";
import { isA, nodesOf, type Tensor } from "../tensor.ts";
import { rewrite } from "./rewrite.ts";

export function sharedGelu(outputs: readonly Tensor[]): Tensor[] {
  const distributions = new Set<Tensor>();
  for (const node of nodesOf(outputs)) {
    const [scaled] = node.inputs;
    if (node.op !== "erf" || scaled?.node.op !== "mul") continue;
    const [x, factor] = scaled.node.inputs;
    if (
      x &&
      factor &&
      isA(factor.node, "constant") &&
      Math.fround(Number(factor.node.attributes.data[0])) === Math.fround(Math.SQRT1_2)
    )
      distributions.add(x);
  }
  return rewrite(outputs, (node, [x]) =>
    x && isA(node, "gelu") && node.attributes.approximate === "none" && distributions.has(node.inputs[0] as Tensor)
      ? [mul(mul(x, add(erf(mul(x, Math.SQRT1_2)), 1)), 0.5)]
      : undefined,
  );
}
