/**
 * The tuned lens (Belrose et al. 2023, arXiv 2303.08112): what the model would say next after each layer, read through a translator of that
 * layer's own, h + h A + b, taught to say what the last layer will say. The logit lens is the same without translators.
 */
import {
  adamW,
  add,
  compile,
  exp,
  gradients,
  input,
  logSoftmax,
  matmul,
  mul,
  type Program,
  Session,
  sub,
  sum,
  type Tensor,
} from "@candor/graph";
import { normOf, UNEMBED, weightInputs } from "@candor/transformer";
import type { Lens } from "./lens.ts";
import { LensError } from "./lens-error.ts";

export interface TunedLensOptions {
  steps: number;
  /** Rows of tokens of a step: all their positions are learnt from. */
  rows: number;
  rate: number;
  seed: number;
  threads?: number;
}

export const TUNED_LENS: TunedLensOptions = { steps: 300, rows: 8, rate: 2e-3, seed: 1 };

export interface Translator {
  /** [width, width], added to the identity. */
  matrix: Float32Array;
  bias: Float32Array;
}

export interface TunedLensReport {
  layer: number;
  /** Nats by which what is read there differs from what the model says in the end (KL), through a translator and without. */
  tuned: number;
  plain: number;
}

export class TunedLens {
  readonly lens: Lens;
  /** Of each layer but the last, which needs none. */
  readonly translators: readonly Translator[];
  readonly #threads: number | undefined;

  constructor(lens: Lens, translators: readonly Translator[], { threads }: Pick<TunedLensOptions, "threads"> = {}) {
    this.lens = lens;
    this.translators = translators;
    this.#threads = threads;
  }

  /**
   * @param rows tokens, rows of one length
   * @throws {LensError} for a model of one layer, too few rows, and when it does not learn
   */
  static async train(
    lens: Lens,
    rows: readonly (readonly number[])[],
    options: Partial<TunedLensOptions> = {},
    told: (step: { step: number; loss: number }) => void = () => undefined,
  ): Promise<TunedLens> {
    const { steps, rows: count, rate, seed, threads } = { ...TUNED_LENS, ...options };
    const { layers, width } = lens.config;
    if (layers < 2) throw new LensError("A model of one layer has no layer before the last to read");
    if (rows.length < count) throw new LensError(`${rows.length} rows are fewer than the ${count} of a step`);
    const { time } = lens.sizeOf(rows.slice(0, count));
    await using session = await sessionOf(lens, lesson(lens, count * time), threads);
    let at = seed;
    const lot = (): number => {
      at = (Math.imul(at, 1664525) + 1013904223) >>> 0;
      return at / 2 ** 32;
    };
    for (let step = 0; step < steps; step++) {
      const some = Array.from({ length: count }, () => rows[Math.floor(lot() * rows.length)] as readonly number[]);
      const values = await session.run({
        ...(await streamsOf(lens, some)),
        rate: [rate * (1 - step / steps)],
      });
      const loss = Number(values.loss?.[0]);
      if (!Number.isFinite(loss))
        throw new LensError(`The tuned lens diverged at step ${step}`, "Take a smaller rate.");
      told({ step: step + 1, loss: loss / (layers - 1) });
    }
    const translators: Translator[] = [];
    for (let layer = 0; layer < layers - 1; layer++)
      translators.push({
        matrix: ((await session.state(matrixOf(layer))) as Float32Array).slice(0, width * width),
        bias: ((await session.state(biasOf(layer))) as Float32Array).slice(0, width),
      });
    return new TunedLens(lens, translators, threads === undefined ? {} : { threads });
  }

  /** @returns for each layer the logits read there, [batch, pos, vocab]; of the last what the model says */
  async read(tokens: readonly (readonly number[])[]): Promise<Float32Array[]> {
    const { batch, time } = this.lens.sizeOf(tokens);
    await using session = await this.#reading(batch * time);
    const values = await session.run(await streamsOf(this.lens, tokens));
    return Array.from({ length: this.lens.config.layers }, (_, layer) =>
      (values[`tuned ${layer}`] as Float32Array).slice(),
    );
  }

  /** @param rows that it did not learn from */
  async report(rows: readonly (readonly number[])[]): Promise<TunedLensReport[]> {
    const { batch, time } = this.lens.sizeOf(rows);
    await using session = await this.#reading(batch * time);
    const values = await session.run(await streamsOf(this.lens, rows));
    return this.translators.map((_, layer) => ({
      layer,
      tuned: Number(values[`tuned away ${layer}`]?.[0]),
      plain: Number(values[`plain away ${layer}`]?.[0]),
    }));
  }

  async #reading(positions: number): Promise<Session> {
    const session = await sessionOf(this.lens, reading(this.lens, positions), this.#threads);
    const known = this.translators.flatMap(({ matrix, bias }, layer): [string, Float32Array][] => [
      [matrixOf(layer), matrix],
      [biasOf(layer), bias],
    ]);
    await session.hold(Object.fromEntries(known));
    return session;
  }
}

const streamName = (layer: number): string => `blocks.${layer}.hook_resid_post`;
const matrixOf = (layer: number): string => `matrix ${layer}`;
const biasOf = (layer: number): string => `bias ${layer}`;

async function streamsOf(lens: Lens, tokens: readonly (readonly number[])[]): Promise<Record<string, Float32Array>> {
  const names = Array.from({ length: lens.config.layers }, (_, layer) => streamName(layer));
  const cache = await lens.read(tokens, names);
  return Object.fromEntries(names.map((name) => [name, cache.at(name).values]));
}

/** What is read of each layer's stream, [positions, vocab], through its translator and without. */
function readOff(
  { config }: Lens,
  positions: number,
): { tuned: Tensor[]; plain: Tensor[]; learnt: Map<string, Tensor> } {
  const { weights } = weightInputs(config);
  const { width, layers } = config;
  const norm = normOf(config, weights, []);
  const say = (stream: Tensor): Tensor => {
    const normed = config.normPlacement === "pre" ? norm("norm", "ln_final", stream) : stream;
    return config.tied
      ? matmul(normed, weights("embed.weight"), { transposeB: true })
      : matmul(normed, weights(UNEMBED));
  };
  const learnt = new Map<string, Tensor>();
  const streams = Array.from({ length: layers }, (_, layer) => input(streamName(layer), [positions, width]));
  const translated = streams.map((stream, layer) => {
    if (layer === layers - 1) return stream;
    const [matrix, bias] = [input(matrixOf(layer), [width, width]), input(biasOf(layer), [width])];
    learnt.set(matrixOf(layer), matrix).set(biasOf(layer), bias);
    return add(stream, add(matmul(stream, matrix), bias));
  });
  return { tuned: translated.map(say), plain: streams.map(say), learnt };
}

/** KL(last, this) in nats, mean over positions. */
function away(last: Tensor, said: Tensor): Tensor {
  const [positions = 1] = last.shape;
  const own = logSoftmax(last);
  return mul(sum(mul(exp(own), sub(own, logSoftmax(said)))), 1 / positions);
}

function lesson(lens: Lens, positions: number): Program {
  const { tuned, learnt } = readOff(lens, positions);
  const last = tuned.at(-1) as Tensor;
  const loss = tuned
    .slice(0, -1)
    .map((said) => away(last, said))
    .reduce(add);
  const names = [...learnt.keys()];
  const found = gradients(loss, [...learnt.values()]);
  const moving = names.map((name, n) => ({
    ...{ name, value: learnt.get(name) as Tensor, grad: found[n] as Tensor },
    decayed: false,
  }));
  return compile({ outputs: { loss }, ...adamW(moving, { rate: input("rate", []), weightDecay: 0 }) });
}

function reading(lens: Lens, positions: number): Program {
  const { tuned, plain } = readOff(lens, positions);
  const last = tuned.at(-1) as Tensor;
  const outputs: Record<string, Tensor> = {};
  for (const [layer, said] of tuned.entries()) {
    outputs[`tuned ${layer}`] = said;
    if (layer === tuned.length - 1) continue;
    outputs[`tuned away ${layer}`] = away(last, said);
    outputs[`plain away ${layer}`] = away(last, plain[layer] as Tensor);
  }
  return compile({ outputs });
}

async function sessionOf(lens: Lens, program: Program, threads: number | undefined): Promise<Session> {
  const session = await Session.create(program, threads === undefined ? {} : { threads });
  await session.hold(Object.fromEntries([...lens.weights].filter(([name]) => name in program.inputs)));
  return session;
}
