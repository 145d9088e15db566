/** Named places of a graph, opened: read out, replaced, replaced in part, or added to. */
import { GraphError } from "./errors.ts";
import { add, where } from "./ops/elementwise.ts";
import { rewrite } from "./optimise/rewrite.ts";
import { input, isA, nodesOf, type Tensor } from "./tensor.ts";

export interface Taps {
  /** Become outputs of their own name. */
  read?: readonly string[];
  /** Take their value from the input `replace:NAME`. */
  replace?: readonly string[];
  /** Take the input `value:NAME` wherever the input `where:NAME` (bool, of the same shape) is set. */
  patch?: readonly string[];
  /** Have the input `add:NAME` added. */
  add?: readonly string[];
}

export const tapNames = (outputs: Iterable<Tensor>): string[] =>
  nodesOf(outputs).flatMap((node) => (isA(node, "tap") ? [node.attributes.name] : []));

/** The value at each named place. @throws {GraphError} for a name that two places have */
export function tapped(outputs: Iterable<Tensor>, asked: ReadonlySet<string>): Map<string, Tensor> {
  const known = new Map<string, Tensor>();
  for (const node of nodesOf(outputs)) {
    if (!isA(node, "tap")) continue;
    const { name } = node.attributes;
    // Two models in one graph have the same names; that only matters for what is opened.
    if (known.has(name) && asked.has(name)) throw new GraphError("tap", `two places are named ${name}`);
    known.set(name, node.outputs[0] as Tensor);
  }
  for (const name of asked)
    if (!known.has(name))
      throw new GraphError("tap", `there is no ${name}; there are ${[...known.keys()].slice(0, 8).join(", ")} ...`);
  return known;
}

/** What is read is what flows on: after a replacement or an addition. */
export function withTaps(
  outputs: ReadonlyMap<string, Tensor>,
  { read = [], replace = [], patch = [], add: added = [] }: Taps,
): Map<string, Tensor> {
  const known = tapped(outputs.values(), new Set([...read, ...replace, ...patch, ...added]));
  const names = [...outputs.keys(), ...read];
  const roots = [...outputs.values(), ...read.map((name) => known.get(name) as Tensor)];
  const opened = rewrite(roots, (node, [x]) => {
    if (!isA(node, "tap") || !x) return undefined;
    const { name } = node.attributes;
    const whole = replace.includes(name) ? input(`replace:${name}`, x.shape, x.dtype) : x;
    const value = patch.includes(name)
      ? where(input(`where:${name}`, x.shape, "bool"), input(`value:${name}`, x.shape, x.dtype), whole)
      : whole;
    return [added.includes(name) ? add(value, input(`add:${name}`, x.shape, x.dtype)) : value];
  });
  return new Map(names.map((name, n) => [name, opened[n] as Tensor]));
}
