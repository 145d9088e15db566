/** Reads given texts with a model that stays as it is: their log-probabilities, or what a head says of them. */
import { availableParallelism } from "node:os";
import { compile, compileParallel, type StatefulSession, type Tensor } from "@candor/graph";
import { type DecoderConfig, SCORE_HEAD, type Weights, weightShapes } from "@candor/transformer";
import { type Share, shareOf } from "../step/step.ts";
import { openShared, waysOf } from "../step/threads.ts";
import { type BatchShape, headAt, prefixed, readCompletions, scoresOf } from "./completions.ts";
import { type TokenText, textFeeds } from "./texts.ts";
import type { WeightMap } from "./trainee.ts";

export type Reading =
  /** log p of each of a completion's tokens. */
  | "log-probabilities"
  /** A head's number before each of a completion's tokens. */
  | "values"
  /** A head's number at a text's last token: one for each text. */
  | "scores";

export interface ReaderOptions {
  reading: Reading;
  shape: BatchShape;
  temperature?: number;
  threads?: number | undefined;
}

/** Texts that are read at once at most: as quick as more, for less memory. */
const AT_ONCE = 16;

export class Reader implements AsyncDisposable {
  readonly #session: StatefulSession;
  readonly #shape: BatchShape;
  readonly #ways: number;
  readonly #each: number;

  private constructor(session: StatefulSession, shape: BatchShape, ways: number, each: number) {
    this.#session = session;
    this.#shape = shape;
    this.#ways = ways;
    this.#each = each;
  }

  static async create(config: DecoderConfig, options: ReaderOptions): Promise<Reader> {
    const { reading, temperature = 1, threads } = options;
    const shape = { ...options.shape, batch: Math.min(options.shape.batch, AT_ONCE) };
    const ways = waysOf(config, shape.batch, threads ?? availableParallelism());
    const { weights, head } = inputsOf(config, reading);
    const read = (index: number, of: number): Tensor =>
      read1(config, weights, head, shareOf(index, of), { reading, shape, temperature });
    const session = await openShared(
      ways,
      {
        alone: () => compile({ outputs: { "read@0": read(0, 1) } }),
        shared: (count) =>
          compileParallel([Array.from({ length: count }, (_, n) => ({ [`read@${n}`]: read(n, count) }))]),
      },
      threads,
    );
    return new Reader(session, shape, ways, reading === "scores" ? 1 : shape.count);
  }

  /** @param weights by the names of `weightShapes`, with `SCORE_HEAD` where a head is read */
  async hold(weights: WeightMap): Promise<void> {
    const { inputs } = this.#session.program;
    await this.#session.hold(Object.fromEntries([...weights].filter(([name]) => name in inputs)));
  }

  /** @returns for each text its numbers: as many as its completion has tokens, or one score */
  async read(texts: readonly TokenText[], signal?: AbortSignal): Promise<Float32Array[]> {
    const { batch } = this.#shape;
    const results: Float32Array[] = [];
    for (let from = 0; from < texts.length; from += batch) {
      signal?.throwIfAborted();
      const some = texts.slice(from, from + batch);
      const feeds = textFeeds(some, this.#shape);
      const { inputs } = this.#session.program;
      const used = Object.entries(feeds).filter(([name]) => name in inputs);
      const values = await this.#session.run(Object.fromEntries(used));
      const rows = batch / this.#ways;
      for (const [n, { completion }] of some.entries()) {
        const part = values[`read@${Math.floor(n / rows)}`] as Float32Array;
        const start = (n % rows) * this.#each;
        results.push(part.slice(start, start + (this.#each === 1 ? 1 : completion.length)));
      }
    }
    return results;
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function inputsOf(config: DecoderConfig, reading: Reading): { weights: Weights; head: Tensor | undefined } {
  const { weights, byName } = prefixed(
    "",
    reading === "log-probabilities"
      ? weightShapes(config)
      : new Map([...weightShapes(config), [SCORE_HEAD, [1, config.width]]]),
  );
  return { weights, head: byName.get(SCORE_HEAD) };
}

function read1(
  config: DecoderConfig,
  weights: Weights,
  head: Tensor | undefined,
  share: Share,
  { reading, shape, temperature }: Required<Omit<ReaderOptions, "threads">>,
): Tensor {
  if (reading === "log-probabilities" || !head)
    return readCompletions(config, weights, share, shape, temperature).logProbabilities;
  if (reading === "values") return headAt(readCompletions(config, weights, share, shape).hidden, head);
  return scoresOf(config, weights, head, share, shape);
}
