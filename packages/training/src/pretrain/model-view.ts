/** The weights of a session, copied when they are asked for, for programs beside the one that trains. */
import { type Data, type Feed, Session, type StatefulSession } from "@candor/graph";
import { type DecoderConfig, weightShapes } from "@candor/transformer";
import { makeBatch, randomBatch, sequentialBatch, sequentialBatches } from "../data/batches.ts";
import type { TokenRow } from "../data/dataset.ts";
import { lossProgram } from "./evaluation.ts";

export type WeightValues = Readonly<Record<string, Float32Array>>;

/** In shared memory: another thread reads them without a copy of its own. */
export function sharedWeights(config: DecoderConfig): WeightValues {
  return Object.fromEntries(
    Array.from(weightShapes(config), ([name, shape]) => {
      const size = shape.reduce((product, extent) => product * extent, 1);
      return [name, new Float32Array(new SharedArrayBuffer(4 * size))];
    }),
  );
}

export async function copyWeights(session: StatefulSession, into: WeightValues): Promise<void> {
  for (const [name, values] of Object.entries(into)) values.set((await session.state(name)) as Float32Array);
}

/** Tokens that an evaluation computes at once, about. */
const AT_ONCE = 2048;

export class Evaluator implements AsyncDisposable {
  readonly #session: Session;
  readonly #rows: number;
  readonly #time: number;

  private constructor(session: Session, rows: number, time: number) {
    this.#session = session;
    this.#rows = rows;
    this.#time = time;
  }

  /** @param rows samples of a batch; where it is not given as many as make an evaluation quick */
  static async create(config: DecoderConfig, threads?: number, rows?: number): Promise<Evaluator> {
    const time = config.context;
    const count = rows ?? Math.max(1, Math.round(AT_ONCE / time));
    const session = await Session.create(lossProgram(config, count, time), threads === undefined ? {} : { threads });
    return new Evaluator(session, count, time);
  }

  /**
   * Mean nats a token: of all that a row holds, cut into windows that follow each other, or of random batches that are the
   * same each time for a seed.
   */
  async loss(
    weights: Readonly<Record<string, Data>>,
    row: TokenRow,
    batches: number | "all",
    { seed = 1, signal }: { seed?: number; signal?: AbortSignal | undefined } = {},
  ): Promise<number> {
    const batch = makeBatch(this.#rows, this.#time);
    const count = batches === "all" ? sequentialBatches(row, batch) : batches;
    let [nats, weight] = [0, 0];
    for (let number = 0; number < count; number++) {
      signal?.throwIfAborted();
      if (batches === "all") sequentialBatch(row, number, batch);
      else randomBatch(row, seed, number, batch);
      const feeds: Record<string, Feed> = {
        ...weights,
        tokens: batch.inputs,
        targets: batch.targets,
        weights: batch.weights,
      };
      const { nats: sum } = await this.#session.run(feeds);
      nats += Number(sum?.[0]);
      for (const each of batch.weights) weight += each;
    }
    return nats / weight;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#session.close();
  }
}
