/** Trains a dictionary on activations as they come. */
import { adamW, compile, gradients, input, maximum, type Program, Session, type Tensor } from "@candor/graph";
import { LensError } from "../lens-error.ts";
import { Dictionary, type Origin } from "./dictionary.ts";
import { dictionaryInputs, type Teaching, taughtOn } from "./graph.ts";
import { type DictionaryShape, dictionaryWeights } from "./shape.ts";

/** A batch of activations: [batch, inWidth], and for a transcoder [batch, outWidth]. */
export interface ActivationBatch {
  x: Float32Array;
  y?: Float32Array;
}

export interface DictionaryTraining {
  steps: number;
  batch: number;
  rate: number;
  /** Steps until the rate is whole. */
  warmUp: number;
  /** Steps at the end over which the rate falls to nothing. */
  decay: number;
  /** Weight of the cost of features that speak (JumpReLU: of each; gated and ReLU: of their sum); a top-k dictionary has none. */
  sparsity: number;
  bandwidth: number;
  /** A feature that said nothing for so many rows is dead, and revived. */
  deadAfter: number;
  /** Of first thresholds. */
  threshold: number;
  seed: number;
  threads?: number;
}

export const DICTIONARY_TRAINING: DictionaryTraining = {
  ...{ steps: 2000, batch: 1024, rate: 1e-3, warmUp: 50, decay: 400, sparsity: 1e-3 },
  ...{ bandwidth: 0.05, deadAfter: 100_000, threshold: 0.01, seed: 1 },
};

export interface DictionaryStep {
  step: number;
  error: number;
  active: number;
  dead: number;
}

/** How often is counted who is dead. */
const COUNT_EVERY = 50;

/**
 * @param next batches of `batch` rows, one for each step
 * @param told after each count of the dead, and at the end
 * @throws {LensError} when the loss is no number any more
 */
export async function trainDictionary(
  shape: DictionaryShape,
  origin: Origin,
  next: () => Promise<ActivationBatch>,
  options: Partial<DictionaryTraining> = {},
  told: (step: DictionaryStep) => void = () => undefined,
): Promise<Dictionary> {
  const settings = { ...DICTIONARY_TRAINING, ...options };
  mustTrain(shape, settings);
  const first = await next();
  const silent = new Float64Array(shape.features);
  let dead = new Float32Array(shape.features);
  let lesson = await Lesson.open(shape, settings, false);
  try {
    for (const [name, values] of firstWeights(shape, first, settings)) await lesson.session.setState(name, values);
    for (let step = 0; step < settings.steps; step++) {
      const { x, y } = step === 0 ? first : await next();
      const rate = settings.rate * warmth(step, settings);
      const values = await lesson.session.run({
        ...{ x, rate: [rate] },
        ...(y && { y }),
        ...(lesson.revives && { dead }),
      });
      const error = Number(values.error?.[0]);
      if (!Number.isFinite(error))
        throw new LensError(`Training the dictionary diverged at step ${step}`, "Take a smaller rate.");
      const spoke = values.spoke as Float32Array;
      for (let n = 0; n < silent.length; n++)
        silent[n] = (spoke[n] as number) > 0 ? 0 : (silent[n] as number) + settings.batch;
      if (step % COUNT_EVERY !== COUNT_EVERY - 1 && step !== settings.steps - 1) continue;
      dead = Float32Array.from(silent, (rows) => Number(rows >= settings.deadAfter));
      const gone = dead.reduce((a, b) => a + b, 0);
      told({ step: step + 1, error, active: Number(values.active?.[0]), dead: gone });
      const revives = gone > 0 && canRevive(shape);
      if (revives !== lesson.revives) lesson = await lesson.changed(revives);
    }
    const weights = new Map<string, Float32Array>();
    for (const name of dictionaryWeights(shape).keys())
      weights.set(name, Float32Array.from((await lesson.session.state(name)) as Float32Array));
    return new Dictionary(shape, weights, origin, options);
  } finally {
    await lesson.session.close();
  }
}

/** Whole in the middle, rising at the start and falling at the end. */
const warmth = (step: number, { warmUp, decay, steps }: DictionaryTraining): number =>
  Math.min(1, (step + 1) / Math.max(1, warmUp), (steps - step) / Math.max(1, decay));

const canRevive = ({ gate }: DictionaryShape): boolean => gate.kind === "topk" || gate.kind === "jumprelu";

/** A step as a program: with those revived that are dead, which costs more, or without. */
class Lesson {
  readonly session: Session;
  readonly revives: boolean;
  readonly #shape: DictionaryShape;
  readonly #settings: DictionaryTraining;

  private constructor(session: Session, revives: boolean, shape: DictionaryShape, settings: DictionaryTraining) {
    this.session = session;
    this.revives = revives;
    this.#shape = shape;
    this.#settings = settings;
  }

  static async open(shape: DictionaryShape, settings: DictionaryTraining, revives: boolean): Promise<Lesson> {
    const { threads } = settings;
    const session = await Session.create(
      program(shape, { ...settings, revive: revives }, settings.batch),
      threads === undefined ? {} : { threads },
    );
    return new Lesson(session, revives, shape, settings);
  }

  /** Goes on where this one ends. */
  async changed(revives: boolean): Promise<Lesson> {
    const other = await Lesson.open(this.#shape, this.#settings, revives);
    for (const name of Object.keys(this.session.program.state))
      await other.session.setState(name, await this.session.state(name));
    await this.session.close();
    return other;
  }
}

function program(shape: DictionaryShape, teaching: Teaching, batch: number): Program {
  const weights = dictionaryInputs(shape);
  const { loss, error, active, spoke } = taughtOn(shape, weights, batch, teaching);
  const names = [...weights.keys()];
  const found = gradients(
    loss,
    names.map((name) => weights.get(name) as Tensor),
  );
  const moving = names.map((name, n) => ({
    ...{ name, value: weights.get(name) as Tensor, grad: found[n] as Tensor },
    decayed: false,
  }));
  const { state } = adamW(moving, { rate: input("rate", []), weightDecay: 0 });
  const threshold = state.threshold;
  // Below nothing a threshold would let through what says less than nothing.
  if (threshold) state.threshold = maximum(threshold, 0);
  return compile({ outputs: { error, active, spoke }, state });
}

/** Rows of the decoder short and at random, the encoder the same, what is written centred on the first batch. */
function firstWeights(
  shape: DictionaryShape,
  { x, y = x }: ActivationBatch,
  { seed, threshold }: DictionaryTraining,
): Map<string, Float32Array> {
  const { inWidth, outWidth, features } = shape;
  const lot = lots(seed);
  const weights = new Map<string, Float32Array>();
  for (const [name, extents] of dictionaryWeights(shape))
    weights.set(name, new Float32Array(extents.reduce((a, b) => a * b, 1)));
  const set = (name: string): Float32Array => weights.get(name) ?? new Float32Array();
  const [encoder, decoder] = [set("W_enc"), set("W_dec")];
  const row = (width: number): Float64Array => {
    const values = Float64Array.from(
      { length: width },
      () => Math.sqrt(-2 * Math.log(1 - lot())) * Math.cos(6.283185307179586 * lot()),
    );
    const length = Math.hypot(...values);
    return values.map((value) => (FIRST_LENGTH * value) / length);
  };
  for (let feature = 0; feature < features; feature++) {
    const written = row(outWidth);
    decoder.set(written, feature * outWidth);
    const read = shape.transcodes ? row(inWidth) : written;
    for (let n = 0; n < inWidth; n++) encoder[n * features + feature] = read[n] as number;
  }
  const centre = set("b_dec");
  const rows = y.length / outWidth;
  for (const [n, value] of y.entries()) centre[n % outWidth] = (centre[n % outWidth] as number) + value / rows;
  weights.get("threshold")?.fill(threshold);
  return weights;
}

const FIRST_LENGTH = 0.1;

/** Uniform in [0, 1), by SplitMix's mixing of a counter. */
function lots(seed: number): () => number {
  let at = seed | 0;
  return () => {
    at = (at + 0x9e3779b9) | 0;
    let z = at;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return ((z ^ (z >>> 16)) >>> 0) / 0x1_0000_0000;
  };
}

function mustTrain({ gate, features }: DictionaryShape, { steps, batch, rate }: DictionaryTraining): void {
  if (gate.kind === "topk" && !(Number.isInteger(gate.k) && gate.k >= 1 && gate.k <= features))
    throw new LensError(`Of ${features} features ${gate.k} cannot speak: k is from 1 to ${features}`);
  for (const [name, value] of Object.entries({ steps, batch, rate }))
    if (!(value > 0)) throw new LensError(`${name} is more than 0, not ${value}`);
}
