/** A graph made ready to run. */
import type { DType } from "./dtype.ts";
import { GraphError } from "./errors.ts";
import { emit } from "./onnx/emit.ts";
import { optimise } from "./optimise/optimise.ts";
import { type Shape, sameShape } from "./shape.ts";
import { type Taps, withTaps } from "./taps.ts";
import { isA, nodesOf, type Tensor } from "./tensor.ts";

export interface Spec {
  shape: Shape;
  dtype: DType;
}

export interface ProgramSource {
  /** What each run gives. */
  outputs: Readonly<Record<string, Tensor>>;
  /** What stays in the session from run to run: for an input's name its next value. */
  state?: Readonly<Record<string, Tensor>>;
  /**
   * The same for what an operation writes over as it reads it (`cachedAttention`): one memory, which whoever runs the program
   * gives, for several programs at once if need be.
   */
  inPlace?: Readonly<Record<string, Tensor>>;
}

/** A model in bytes and what goes in and out of it. It may be sent to another thread or to a browser. */
export interface Program {
  model: Uint8Array;
  /** Given at each run. */
  inputs: Readonly<Record<string, Spec>>;
  outputs: Readonly<Record<string, Spec>>;
  /** Kept from run to run. */
  state: Readonly<Record<string, Spec>>;
  /** Bound by name before the first run. */
  inPlace: Readonly<Record<string, Spec>>;
}

/** The output under which the next value of a state leaves the model. */
export const nextOf = (name: string): string => `${name}'`;

export function compile({ outputs, state = {}, inPlace = {} }: ProgramSource, taps: Taps = {}): Program {
  const nexts = { ...state, ...inPlace };
  const named = new Map([
    ...Object.entries(outputs),
    ...Object.entries(nexts).map(([name, tensor]) => [nextOf(name), tensor] as const),
  ]);
  const opened = withTaps(named, taps);
  const simple = optimise([...opened.values()]);
  const roots = new Map([...opened.keys()].map((name, n) => [name, simple[n] as Tensor]));
  const inputs: Record<string, Spec> = {};
  const kept: Record<string, Spec> = {};
  const bound: Record<string, Spec> = {};
  for (const node of nodesOf(roots.values())) {
    const [tensor] = node.outputs;
    if (!isA(node, "input") || !tensor) continue;
    const { name } = node.attributes;
    const into = Object.hasOwn(state, name) ? kept : Object.hasOwn(inPlace, name) ? bound : inputs;
    into[name] = { shape: tensor.shape, dtype: tensor.dtype };
  }
  for (const [name, next] of Object.entries(nexts)) {
    const before = kept[name] ?? bound[name];
    if (!before) throw new GraphError("compile", `state ${name} is no input of the graph`);
    if (!sameShape(before.shape, next.shape) || before.dtype !== next.dtype)
      throw new GraphError("compile", `state ${name} would change from ${before.dtype}[${before.shape}] to ${next}`);
  }
  for (const [name, { node }] of Object.entries(inPlace))
    if (node.op !== "cachedAttention") throw new GraphError("compile", `${name}: ${node.op} does not work in place`);
  const inner = new Set(Object.keys(nexts).map(nextOf));
  const given = [...roots].filter(([name]) => !inner.has(name));
  return {
    model: emit(roots),
    inputs,
    outputs: Object.fromEntries(given.map(([name, { shape, dtype }]) => [name, { shape, dtype }])),
    state: kept,
    inPlace: bound,
  };
}
