/** Work for several threads: stages one after the other, and in each a program for every thread. */
import { compile, nextOf, type Program, type Spec } from "./compile.ts";
import { GraphError } from "./errors.ts";
import { sameShape } from "./shape.ts";
import type { Tensor } from "./tensor.ts";

export interface ParallelProgram {
  /** [stage][thread]: every thread ends a stage before any begins the next. */
  stages: readonly (readonly Program[])[];
  /** Given at each run, and seen by all threads. */
  inputs: Readonly<Record<string, Spec>>;
  outputs: Readonly<Record<string, Spec>>;
  /** Kept from run to run. */
  state: Readonly<Record<string, Spec>>;
  /** What one stage leaves for a later one. */
  between: Readonly<Record<string, Spec>>;
}

/**
 * Programs meet by names: what one gives as `x` a later stage has as the input `x`, and what is given as `nextOf(s)` is the next
 * value of the state `s`, which all stages of a run see as it was before.
 * @param stages the outputs of each thread in each stage
 * @throws {GraphError} when a name is given twice, read before it is there, or of two shapes
 */
export function compileParallel(stages: readonly (readonly Readonly<Record<string, Tensor>>[])[]): ParallelProgram {
  const threads = stages[0]?.length ?? 0;
  const programs = stages.map((stage) => stage.map((outputs) => compile({ outputs })));
  const given = new Map<string, { spec: Spec; stage: number }>();
  for (const [stage, each] of programs.entries()) {
    if (each.length !== threads)
      throw new GraphError("parallel", `stage ${stage} is for ${each.length} threads, not ${threads}`);
    for (const { outputs } of each)
      for (const [name, spec] of Object.entries(outputs)) {
        if (given.has(name)) throw new GraphError("parallel", `${name} is given twice`);
        given.set(name, { spec, stage });
      }
  }
  const inputs: Record<string, Spec> = {};
  const state: Record<string, Spec> = {};
  const between: Record<string, Spec> = {};
  for (const [stage, each] of programs.entries())
    for (const program of each)
      for (const [name, spec] of Object.entries(program.inputs)) {
        const source = given.get(name);
        const next = given.get(nextOf(name));
        if (source && source.stage >= stage) throw new GraphError("parallel", `${name} is read before it is given`);
        const into = source ? between : next ? state : inputs;
        for (const other of [into[name], (source ?? next)?.spec])
          if (other && !(sameShape(other.shape, spec.shape) && other.dtype === spec.dtype))
            throw new GraphError("parallel", `${name} is of two shapes: [${other.shape}] and [${spec.shape}]`);
        into[name] = spec;
      }
  const inner = new Set([...Object.keys(between), ...Object.keys(state).map(nextOf)]);
  const outputs = Object.fromEntries(
    Array.from(given, ([name, { spec }]) => [name, spec] as const).filter(([name]) => !inner.has(name)),
  );
  return { stages: programs, inputs, outputs, state, between };
}
