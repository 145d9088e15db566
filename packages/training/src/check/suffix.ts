/**
 * A few tokens after the question that make a model begin as it was taught not to: greedy coordinate gradient (Zou et al. 2023, arXiv
 * 2307.15043), over several prompts at once.
 */
import {
  compile,
  constant,
  gather,
  gradients,
  input,
  logSoftmax,
  matmul,
  neg,
  reshape,
  Session,
  sum,
  type Tensor,
  takeAlong,
} from "@candor/graph";
import { type DecoderConfig, decoder, weightShapes } from "@candor/transformer";
import { meanOf } from "../posttrain/advantages.ts";
import { prefixed } from "../posttrain/completions.ts";
import { Reader } from "../posttrain/reader.ts";
import { shapeFor, type TokenText, textFeeds } from "../posttrain/texts.ts";
import type { WeightMap } from "../posttrain/trainee.ts";
import { Random } from "../random.ts";

export interface SuffixInput {
  decoder: DecoderConfig;
  weights: WeightMap;
  /** What comes before the suffix and after it, and how the answer should begin, as tokens. */
  cases: readonly { before: readonly number[]; after: readonly number[]; target: readonly number[] }[];
  /** Tokens of the suffix. */
  length: number;
  steps: number;
  /** Of the most promising replacements in each place so many are tried, so many at a time. */
  candidates?: number;
  tries?: number;
  /** Tokens that may be used: none that end texts. */
  allowed: readonly number[];
  seed: number;
  threads?: number | undefined;
  signal?: AbortSignal | undefined;
}

export interface Suffix {
  tokens: number[];
  /** Nats of a target, at first and at last. */
  lossBefore: number;
  lossAfter: number;
}

export async function findSuffix(given: SuffixInput): Promise<Suffix> {
  const { cases, length, steps, candidates = 64, tries = 48, allowed, seed, threads, signal } = given;
  const random = new Random(seed, 0x6c6);
  const pick = (): number => allowed[random.below(allowed.length)] as number;
  let suffix = Array.from({ length }, pick);
  const texts = (of: readonly number[]): TokenText[] =>
    cases.map(({ before, after, target }) => ({ prompt: [...before, ...of, ...after], completion: target }));
  const shape = shapeFor(texts(suffix), cases.length);
  await using slopes = await Slopes.create(given, shape);
  await using reader = await Reader.create(given.decoder, {
    reading: "log-probabilities",
    shape: { ...shape, batch: 8 * cases.length },
    threads,
  });
  await reader.hold(given.weights);
  const lossesOf = async (several: readonly (readonly number[])[]): Promise<number[]> => {
    const told = await reader.read(several.flatMap(texts), signal);
    const each = told.map((row) => -row.reduce((total, x) => total + x, 0));
    return several.map((_, n) => meanOf(each.slice(n * cases.length, (n + 1) * cases.length)));
  };
  const isAllowed = new Set(allowed);
  let [loss = Number.NaN] = await lossesOf([suffix]);
  const lossBefore = loss;
  for (let step = 0; step < steps; step++) {
    signal?.throwIfAborted();
    const scores = await slopes.at(
      texts(suffix),
      cases.map(({ before }) => before.length),
      length,
    );
    const best = scores.map((row) =>
      Array.from(row, (slope, token) => [slope, token] as const)
        .filter(([, token]) => isAllowed.has(token))
        .toSorted((a, b) => a[0] - b[0])
        .slice(0, candidates)
        .map(([, token]) => token),
    );
    const trials = Array.from({ length: tries }, () => {
      const place = random.below(length);
      const options = best[place] ?? [];
      return suffix.with(place, options[random.below(options.length)] ?? pick());
    });
    const losses = await lossesOf(trials);
    const least = losses.reduce((found, each, n) => (each < (losses[found] as number) ? n : found), 0);
    if ((losses[least] as number) < loss) [suffix, loss] = [trials[least] as number[], losses[least] as number];
  }
  return { tokens: suffix, lossBefore, lossAfter: loss };
}

/** How the loss would change, to first order, for each token in each place. */
class Slopes implements AsyncDisposable {
  readonly #session: Session;
  readonly #config: DecoderConfig;
  readonly #shape: { batch: number; time: number; count: number };

  private constructor(session: Session, config: DecoderConfig, shape: { batch: number; time: number; count: number }) {
    this.#session = session;
    this.#config = config;
    this.#shape = shape;
  }

  static async create(
    { decoder: config, weights: values, threads }: SuffixInput,
    shape: { batch: number; time: number; count: number },
  ): Promise<Slopes> {
    const { batch, time, count } = shape;
    const { weights, byName } = prefixed("", weightShapes(config));
    const embedding = byName.get("embed.weight");
    if (!embedding) throw new RangeError("the decoder has no embedding");
    // A table with a row for each place of each text: its gradient is by place, where the embedding's is by token.
    const table = reshape(gather(embedding, input("tokens", [batch, time], "int64")), [batch * time, config.width]);
    const rows = constant(
      Array.from({ length: batch * time }, (_, n) => n),
      [batch, time],
      "int64",
    );
    const unembed = (x: Tensor): Tensor =>
      config.tied ? matmul(x, embedding, { transposeB: true }) : matmul(x, weights("unembed.weight"));
    const { logits } = decoder({
      config,
      weights: (name) => (name === "embed.weight" ? table : weights(name)),
      tokens: rows,
      at: input("places", [batch, count], "int64"),
      product: (x, name) => (name === "unembed.weight" ? unembed(x) : matmul(x, weights(name))),
    });
    const targets = reshape(input("targets", [batch, count], "int64"), [batch, count, 1]);
    const loss = neg(sum(takeAlong(logSoftmax(logits), targets)));
    const [slope] = gradients(loss, [table] as const);
    const program = compile({ outputs: { slopes: matmul(slope, embedding, { transposeB: true }) } });
    const session = await Session.create(program, threads === undefined ? {} : { threads });
    const { inputs } = program;
    await session.hold(Object.fromEntries([...values].filter(([name]) => name in inputs)));
    return new Slopes(session, config, shape);
  }

  /** @returns for each place of the suffix [vocab], summed over the texts */
  async at(texts: readonly TokenText[], starts: readonly number[], length: number): Promise<Float32Array[]> {
    const { tokens, places, targets } = textFeeds(texts, this.#shape);
    if (!tokens || !places || !targets) throw new RangeError("texts have tokens, places and targets");
    const { slopes } = await this.#session.run({ tokens, places, targets });
    const { vocab } = this.#config;
    return Array.from({ length }, (_, place) => {
      const total = new Float32Array(vocab);
      for (const [row, start] of starts.entries()) {
        const from = (row * this.#shape.time + start + place) * vocab;
        for (let token = 0; token < vocab; token++)
          total[token] = (total[token] as number) + ((slopes as Float32Array)[from + token] as number);
      }
      return total;
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#session.close();
  }
}
