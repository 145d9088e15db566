/** What a kernel is: an operation in plain TypeScript and float64. */
import type { Shape } from "../shape.ts";
import type { Attributes, OpName, Output } from "../tensor.ts";

/** Numbers in row-major order, whatever the type; integers exact to 2^53. */
export interface Value {
  shape: Shape;
  data: Float64Array;
}

export interface KernelInput<K extends OpName> {
  inputs: readonly Value[];
  outputs: readonly Output[];
  attributes: Attributes[K];
}

/** The elements of each output. */
export type Kernel<K extends OpName> = (given: KernelInput<K>) => Float64Array[];

/** Inputs have no kernel: they are given. */
export type Kernels = { readonly [K in Exclude<OpName, "input">]: Kernel<K> };

export function operand(values: readonly Value[], n = 0): Value {
  const value = values[n];
  if (!value) throw new RangeError(`there is no operand ${n}`);
  return value;
}

export const shapeOf = (outputs: readonly Output[]): Shape => outputs[0]?.shape ?? [];

/** The elements as they are. */
export const same = ({ inputs }: { inputs: readonly Value[] }): Float64Array[] => [operand(inputs).data.slice()];
