/** Edits of weights: what changes, and a model that keeps what it was. */
import { dot, unit } from "../directions.ts";
import type { WeightMap } from "../lens.ts";
import { Lens } from "../lens.ts";
import { LensError } from "../lens-error.ts";

export interface WeightEdit {
  /** In a few words, for a report. */
  title: string;
  /** The new values of the weights that change. */
  changes: WeightMap;
}

type Weighed = Pick<Lens, "config" | "weights">;

/** A model with edits on it, the last of which can be taken back; the weights that it began with stay as they are. */
export class EditedModel {
  readonly base: Lens;
  readonly #edits: WeightEdit[] = [];

  constructor(base: Lens) {
    this.base = base;
  }

  get edits(): readonly WeightEdit[] {
    return this.#edits;
  }

  /** Weights as they are after all edits: what edits are made of. */
  get now(): Weighed {
    return {
      config: this.base.config,
      weights: new Map([...this.base.weights, ...this.#edits.flatMap(({ changes }) => [...changes])]),
    };
  }

  /** @throws {LensError} for weights that the model does not have, or of another size */
  apply(edit: WeightEdit): void {
    for (const [name, values] of edit.changes) {
      const known = this.base.weights.get(name);
      if (known?.length !== values.length)
        throw new LensError(`${name} has ${known?.length ?? 0} numbers, the edit ${values.length}`);
    }
    this.#edits.push(edit);
  }

  /** @returns what was taken back, undefined when there is nothing more */
  undo(): WeightEdit | undefined {
    return this.#edits.pop();
  }

  /** A lens on the model as it is now. */
  open({ threads }: { threads?: number } = {}): Lens {
    const { tokenizer } = this.base;
    return new Lens(this.base.config, this.now.weights, {
      ...(tokenizer && { tokenizer }),
      ...(threads !== undefined && { threads }),
    });
  }
}

const valuesOf = ({ weights }: Weighed, name: string): Float32Array => {
  const found = weights.get(name);
  if (!found) throw new LensError(`The model has no weight ${name}`);
  return found;
};

/** A vector added to what a layer's MLP or attention writes, everywhere: steering, kept in a bias. */
export function biasEdit(
  model: Weighed,
  layer: number,
  vector: ArrayLike<number>,
  part: "mlp.out" | "attn.o" = "mlp.out",
): WeightEdit {
  const name = `blocks.${layer}.${part}.bias`;
  const old = valuesOf(model, name);
  if (vector.length !== old.length)
    throw new LensError(`${name} has ${old.length} numbers, the vector ${vector.length}`);
  return {
    title: `add a vector to what ${part} of layer ${layer} writes`,
    changes: new Map([[name, old.map((x, n) => x + (vector[n] as number))]]),
  };
}

/** Takes a direction out of all that is written to the residual stream, so that the model cannot say it (Arditi et al. 2024, arXiv 2406.11717). */
export function projectionEdit(model: Weighed, direction: ArrayLike<number>): WeightEdit {
  const { width, layers } = model.config;
  const along = unit(direction);
  if (along.length !== width) throw new LensError(`The stream is ${width} wide, the direction ${along.length}`);
  const writers = ["embed.weight", "positions.weight"];
  for (let layer = 0; layer < layers; layer++)
    for (const part of ["attn.o", "mlp.out"])
      writers.push(`blocks.${layer}.${part}.weight`, `blocks.${layer}.${part}.bias`);
  const changes = new Map<string, Float32Array>();
  for (const name of writers) {
    const old = model.weights.get(name);
    if (!old) continue;
    const values = Float32Array.from(old);
    for (let from = 0; from < values.length; from += width) {
      const row = values.subarray(from, from + width);
      const share = dot(row, along);
      for (let n = 0; n < width; n++) row[n] = (row[n] as number) - share * (along[n] as number);
    }
    changes.set(name, values);
  }
  return { title: "take a direction out of all that is written", changes };
}

/** What heads write, scaled: 0 takes them out. @param heads [layer, head] */
export function headEdit(model: Weighed, heads: readonly (readonly [number, number])[], scale = 0): WeightEdit {
  const { headDim, width, layers, heads: count } = model.config;
  const changes = new Map<string, Float32Array>();
  for (const [layer, head] of heads) {
    if (!(layer >= 0 && layer < layers && head >= 0 && head < count))
      throw new LensError(`There is no head ${layer}.${head}`);
    const name = `blocks.${layer}.attn.o.weight`;
    const values = changes.get(name) ?? Float32Array.from(valuesOf(model, name));
    const from = head * headDim * width;
    for (let n = from; n < from + headDim * width; n++) values[n] = (values[n] as number) * scale;
    changes.set(name, values);
  }
  return { title: `scale heads ${heads.map((head) => head.join(".")).join(", ")} by ${scale}`, changes };
}

/** What neurons write, scaled. */
export function neuronEdit(model: Weighed, layer: number, neurons: readonly number[], scale = 0): WeightEdit {
  const { width, mlpWidth } = model.config;
  const name = `blocks.${layer}.mlp.out.weight`;
  const values = Float32Array.from(valuesOf(model, name));
  for (const neuron of neurons) {
    if (!(neuron >= 0 && neuron < mlpWidth))
      throw new LensError(`Layer ${layer} has neurons 0 to ${mlpWidth - 1}: there is no ${neuron}`);
    for (let n = neuron * width; n < (neuron + 1) * width; n++) values[n] = (values[n] as number) * scale;
  }
  return { title: `scale ${neurons.length} neurons of layer ${layer} by ${scale}`, changes: new Map([[name, values]]) };
}
