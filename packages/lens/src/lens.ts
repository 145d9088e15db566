/** A model opened: it runs as it is, with its activations kept, or edited on the way; and gradients flow to any place. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  compile,
  type Data,
  type Feeds,
  gradients,
  input,
  mul,
  type Program,
  reshape,
  Session,
  sum,
  type Tensor,
  tapped,
} from "@candor/graph";
import {
  type DecoderConfig,
  decoder,
  openPretrained,
  openTokenizer,
  type Tokenizer,
  weightInputs,
} from "@candor/transformer";
import { type Activation, ActivationCache } from "./activation.ts";
import { type Edit, feedsOf } from "./edits.ts";
import { LensError } from "./lens-error.ts";
import { chosen, type Names, type Place, placeNamed, placesOf, shapeOf } from "./places.ts";

export type WeightMap = ReadonlyMap<string, Float32Array>;

export interface LensOptions {
  threads?: number;
  tokenizer?: Tokenizer;
}

export interface RunOptions {
  /** Places to keep. */
  read?: Names;
  edits?: readonly Edit[];
}

export interface LensRun {
  /** [batch, pos, vocab]. */
  logits: Float32Array;
  cache: ActivationCache;
}

/** A number that logits are summed up to: for each row, weights of tokens at one position. */
export interface Metric {
  /** The last where it is not given. */
  position?: number;
  /** For each row of the batch: token, weight. A logit difference is [[right, 1], [wrong, -1]]. */
  weights: readonly (readonly (readonly [token: number, weight: number])[])[];
}

/** Programs that are kept ready: each holds the weights. */
const MOST_SESSIONS = 3;

export class Lens implements AsyncDisposable {
  readonly config: DecoderConfig;
  readonly weights: WeightMap;
  readonly places: ReadonlyMap<string, Place>;
  readonly tokenizer: Tokenizer | undefined;
  readonly #threads: number | undefined;
  /** By what they read and edit, the one that was used last at the end. */
  readonly #sessions = new Map<string, Promise<Session>>();

  constructor(config: DecoderConfig, weights: WeightMap, { threads, tokenizer }: LensOptions = {}) {
    this.config = config;
    this.weights = weights;
    this.places = placesOf(config);
    this.tokenizer = tokenizer;
    this.#threads = threads;
  }

  /** @param folder a model in Hugging Face layout @throws {TransformerError} when it is none */
  static async open(folder: string, options: Pick<LensOptions, "threads"> = {}): Promise<Lens> {
    await using model = await openPretrained(folder);
    const weights = new Map<string, Float32Array>();
    for await (const { name, values } of model.weights()) weights.set(name, values);
    const { decoder: config } = model.config;
    // A model of numbers alone may come without one.
    const speaks = existsSync(join(folder, "tokenizer.json"));
    return new Lens(config, weights, {
      ...options,
      ...(speaks && { tokenizer: await openTokenizer(folder, config.vocab) }),
    });
  }

  /**
   * @param tokens [batch][pos], rows of one length
   * @throws {LensError} for a place that the model does not have, and for edits that do not fit
   */
  async run(tokens: readonly (readonly number[])[], { read = [], edits = [] }: RunOptions = {}): Promise<LensRun> {
    const { batch, time } = this.sizeOf(tokens);
    const places = chosen(this.places, read);
    const taps = tapsOf(edits);
    const session = await this.#session(JSON.stringify([batch, time, places.map(({ name }) => name), taps]), () => {
      const names = places.map(({ name }) => name);
      const { logits } = this.#graph(batch, time, [...names, ...taps.patch, ...taps.add]);
      return compile({ outputs: { logits } }, { read: names, ...taps });
    });
    const values = await session.run({ tokens: flat(tokens), ...this.#editFeeds(edits, batch, time) });
    return { logits: copied(values.logits), cache: this.#cacheOf(places, values, batch, time) };
  }

  /** The same with every place kept, as TransformerLens's `run_with_cache`. */
  runWithCache(tokens: readonly (readonly number[])[], read: Names = "all"): Promise<LensRun> {
    return this.run(tokens, { read });
  }

  /** Activations alone: what comes after the last of them is not computed. */
  async read(tokens: readonly (readonly number[])[], read: Names): Promise<ActivationCache> {
    const { batch, time } = this.sizeOf(tokens);
    const places = chosen(this.places, read);
    const names = places.map(({ name }) => name);
    const session = await this.#session(JSON.stringify(["read", batch, time, names]), () => {
      const { logits } = this.#graph(batch, time, names);
      const open = tapped([logits], new Set(names));
      return compile({ outputs: Object.fromEntries(names.map((name) => [name, open.get(name) as Tensor])) });
    });
    return this.#cacheOf(places, await session.run({ tokens: flat(tokens) }), batch, time);
  }

  /** Gradients of a metric, summed over the batch, with respect to places; what those say; and the metric of each row. */
  async gradients(
    tokens: readonly (readonly number[])[],
    metric: Metric,
    { read = [], edits = [] }: RunOptions = {},
  ): Promise<{ metric: Float32Array; gradients: ActivationCache; cache: ActivationCache }> {
    const { batch, time } = this.sizeOf(tokens);
    const places = chosen(this.places, read);
    const names = places.map(({ name }) => name);
    const taps = tapsOf(edits);
    const key = JSON.stringify(["gradients", batch, time, names, taps]);
    const session = await this.#session(key, () => {
      const { logits } = this.#graph(batch, time, [...names, ...taps.patch, ...taps.add], input("at", [1], "int64"));
      const { vocab } = this.config;
      const at = reshape(logits, [batch, vocab]);
      const each = sum(mul(at, input("weights of tokens", [batch, vocab])), 1);
      const open = tapped([each], new Set(names));
      const wrt = names.map((name) => open.get(name) as Tensor);
      const found = gradients(sum(each), wrt);
      return compile(
        { outputs: { each, ...Object.fromEntries(names.map((name, n) => [slopeOf(name), found[n] as Tensor])) } },
        { read: names, ...taps },
      );
    });
    const values = await session.run({
      tokens: flat(tokens),
      at: [metric.position ?? time - 1],
      "weights of tokens": this.#tokenWeights(metric, batch),
      ...this.#editFeeds(edits, batch, time),
    });
    const slopes = Object.fromEntries(names.map((name) => [name, values[slopeOf(name)] as Data]));
    return {
      metric: copied(values.each),
      gradients: this.#cacheOf(places, slopes, batch, time),
      cache: this.#cacheOf(places, values, batch, time),
    };
  }

  /** @throws {LensError} for rows of different lengths, none, or longer than the context */
  sizeOf(tokens: readonly (readonly number[])[]): { batch: number; time: number } {
    const time = tokens[0]?.length ?? 0;
    if (time === 0) throw new LensError("There are no tokens to run", "Give at least one row with one token.");
    const other = tokens.findIndex((row) => row.length !== time);
    if (other >= 0)
      throw new LensError(
        `Row ${other} has ${tokens[other]?.length} tokens, the first ${time}`,
        "Prompts of one run, and of a pair, have as many tokens each.",
      );
    const { context, vocab } = this.config;
    if (time > context) throw new LensError(`${time} tokens do not fit the model's context, ${context}`);
    const strange = tokens.flat().find((token) => !Number.isInteger(token) || token < 0 || token >= vocab);
    if (strange !== undefined) throw new LensError(`The model has tokens 0 to ${vocab - 1}: there is no ${strange}`);
    return { batch: tokens.length, time };
  }

  #graph(batch: number, time: number, open: readonly string[], only?: Tensor) {
    const { weights } = weightInputs(this.config);
    const tokens = input("tokens", [batch, time], "int64");
    return decoder({ config: this.config, weights, tokens, open, ...(only && { only }) });
  }

  #editFeeds(edits: readonly Edit[], batch: number, time: number): Feeds {
    return feedsOf(edits, (name) => {
      const place = placeNamed(this.places, name);
      return { place, shape: shapeOf(place, this.config, batch, time) };
    });
  }

  #tokenWeights({ weights }: Metric, batch: number): Float32Array {
    if (weights.length !== batch) throw new LensError(`A metric for ${weights.length} rows does not fit ${batch}`);
    const { vocab } = this.config;
    const all = new Float32Array(batch * vocab);
    for (const [row, each] of weights.entries())
      for (const [token, weight] of each) all[row * vocab + token] = (all[row * vocab + token] as number) + weight;
    return all;
  }

  #cacheOf(
    places: readonly Place[],
    values: Readonly<Record<string, Data>>,
    batch: number,
    time: number,
  ): ActivationCache {
    return new ActivationCache(
      places.map(
        (place): Activation => ({
          place,
          shape: shapeOf(place, this.config, batch, time),
          values: copied(values[place.name]),
        }),
      ),
    );
  }

  async #session(key: string, program: () => Program): Promise<Session> {
    const known = this.#sessions.get(key);
    this.#sessions.delete(key);
    const session = known ?? this.#load(program());
    this.#sessions.set(key, session);
    for (const old of [...this.#sessions.keys()].slice(0, -MOST_SESSIONS)) {
      const closing = this.#sessions.get(old);
      this.#sessions.delete(old);
      await (await closing)?.close();
    }
    return session;
  }

  async #load(program: Program): Promise<Session> {
    const session = await Session.create(program, this.#threads === undefined ? {} : { threads: this.#threads });
    await session.hold(Object.fromEntries([...this.weights].filter(([name]) => name in program.inputs)));
    return session;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const open = [...this.#sessions.values()];
    this.#sessions.clear();
    await Promise.all(open.map(async (session) => (await session).close()));
  }
}

const slopeOf = (name: string): string => `slope:${name}`;

const tapsOf = (edits: readonly Edit[]): { patch: string[]; add: string[] } => ({
  patch: [...new Set(edits.flatMap((edit) => ("to" in edit ? [edit.at] : [])))].sort(),
  add: [...new Set(edits.flatMap((edit) => ("plus" in edit ? [edit.at] : [])))].sort(),
});

const flat = (tokens: readonly (readonly number[])[]): BigInt64Array => BigInt64Array.from(tokens.flat(), BigInt);

/** A session's memory is written over by its next run. */
const copied = (values: Data | undefined): Float32Array => (values as Float32Array).slice();
