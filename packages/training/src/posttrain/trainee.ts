/** What of a model is taught: all its weights, or low-rank additions to them (LoRA: Hu et al. 2021, arXiv 2106.09685). */
import { add, constant, input, matmul, mul, type Tensor } from "@candor/graph";
import { type DecoderConfig, SCORE_HEAD, type Weights, weightShapes } from "@candor/transformer";
import { Random } from "../random.ts";
import type { Parameters } from "../step/step.ts";

export type WeightMap = ReadonlyMap<string, Float32Array>;

export interface Adapter {
  rank: number;
  /** What is added is scaled by alpha / rank. */
  alpha: number;
}

export interface Trainee {
  config: DecoderConfig;
  parameters: Parameters;
  weights: Weights;
  /** The head, where the model has one. */
  head: Tensor | undefined;
  /** What the parameters begin with, by name. */
  initial: WeightMap;
  /** Weights as other programs read them, made of the parameters' present values; with the head where there is one. */
  merged(present: WeightMap): Map<string, Float32Array>;
}

export interface TraineeOptions {
  adapter?: Adapter | undefined;
  /** Names of the parameters begin so: two models in one graph. */
  prefix?: string;
  /** Numbers that an adapter begins with are a function of it. */
  seed?: number;
}

/** @param values by the names of `weightShapes`, and `SCORE_HEAD` where the model has a head */
export function trainee(config: DecoderConfig, values: WeightMap, options: TraineeOptions = {}): Trainee {
  const { adapter, prefix = "", seed = 1 } = options;
  const parameters = new Map<string, Tensor>();
  const initial = new Map<string, Float32Array>();
  const made = new Map<string, Tensor>();
  const given = (name: string): Float32Array => {
    const found = values.get(name);
    if (!found) throw new RangeError(`the weight ${name} is missing`);
    return found;
  };
  const learnt = (name: string, shape: readonly number[], from: Float32Array): Tensor => {
    const tensor = input(prefix + name, shape);
    parameters.set(prefix + name, tensor);
    initial.set(prefix + name, from);
    return tensor;
  };
  const adapted: [name: string, shape: readonly [number, number]][] = [];
  for (const [place, [name, shape]] of [...weightShapes(config)].entries()) {
    if (!adapter) {
      made.set(name, learnt(name, shape, given(name)));
      continue;
    }
    const base = constant(given(name), [...shape]);
    const [from, to] = shape;
    if (!name.startsWith("blocks.") || from === undefined || to === undefined) {
      made.set(name, base);
      continue;
    }
    adapted.push([name, [from, to]]);
    const down = learnt(downOf(name), [from, adapter.rank], uniform(from * adapter.rank, from, seed, place));
    const up = learnt(upOf(name), [adapter.rank, to], new Float32Array(adapter.rank * to));
    made.set(name, add(base, mul(matmul(down, up), adapter.alpha / adapter.rank)));
  }
  const headValues = values.get(SCORE_HEAD);
  const head = headValues && learnt(SCORE_HEAD, [1, config.width], headValues);
  return {
    config,
    parameters,
    initial,
    head,
    weights: (name) => {
      const found = made.get(name);
      if (!found) throw new RangeError(`the decoder has no weight ${name}`);
      return found;
    },
    merged(present) {
      const now = (name: string): Float32Array => present.get(prefix + name) ?? given(name);
      const all = new Map(Array.from(values.keys(), (name) => [name, now(name)]));
      for (const [name, [from, to]] of adapted)
        all.set(name, addProduct(given(name), now(downOf(name)), now(upOf(name)), from, to, adapter as Adapter));
      return all;
    },
  };
}

const downOf = (name: string): string => `lora_A:${name}`;
const upOf = (name: string): string => `lora_B:${name}`;

/** PEFT's: uniform within 1 / sqrt(inputs), so that the first product is 0 and moves by `up` alone. */
function uniform(size: number, inputs: number, seed: number, place: number): Float32Array {
  const random = new Random(seed, 0x10a, place);
  const bound = 1 / Math.sqrt(inputs);
  return Float32Array.from({ length: size }, () => bound * (2 * random.unit() - 1));
}

function addProduct(
  base: Float32Array,
  down: Float32Array,
  up: Float32Array,
  from: number,
  to: number,
  { rank, alpha }: Adapter,
): Float32Array {
  const sum = base.slice();
  for (let row = 0; row < from; row++)
    for (let r = 0; r < rank; r++) {
      const factor = ((down[row * rank + r] as number) * alpha) / rank;
      if (factor === 0) continue;
      for (let column = 0; column < to; column++)
        sum[row * to + column] = (sum[row * to + column] as number) + factor * (up[r * to + column] as number);
    }
  return sum;
}
