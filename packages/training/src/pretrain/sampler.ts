/** Lets a model go on from texts, by computing all of each text anew for each token. */
import { type Data, type Feed, Session } from "@candor/graph";
import type { DecoderConfig } from "@candor/transformer";
import { Random } from "../random.ts";
import { nextProgram } from "./evaluation.ts";

export interface SampleOptions {
  tokens: number;
  temperature: number;
  seed: number;
  /** Ends a text; it is not part of what is given back. */
  end?: number | undefined;
  /** Whether a text that has gone so far is at its end. */
  enough?: (generated: readonly number[]) => boolean;
}

export class Sampler implements AsyncDisposable {
  readonly #session: Session;
  readonly #config: DecoderConfig;
  readonly #batch: number;
  readonly #time: number;

  private constructor(session: Session, config: DecoderConfig, batch: number, time: number) {
    this.#session = session;
    this.#config = config;
    this.#batch = batch;
    this.#time = time;
  }

  /** @param batch how many texts go on at once */
  static async create(config: DecoderConfig, batch: number, threads: number | undefined): Promise<Sampler> {
    const time = config.context;
    const session = await Session.create(nextProgram(config, batch, time), threads === undefined ? {} : { threads });
    return new Sampler(session, config, batch, time);
  }

  /** @returns for each prompt what comes after it; the same for the same seed, whatever else is asked at once */
  async sample(
    weights: Readonly<Record<string, Data>>,
    prompts: readonly (readonly number[])[],
    options: SampleOptions,
  ): Promise<number[][]> {
    const results: number[][] = [];
    for (let from = 0; from < prompts.length; from += this.#batch) {
      const some = prompts.slice(from, from + this.#batch);
      results.push(...(await this.#together(weights, some, options, from)));
    }
    return results;
  }

  async #together(
    weights: Readonly<Record<string, Data>>,
    prompts: readonly (readonly number[])[],
    { tokens: most, temperature, seed, end, enough }: SampleOptions,
    first: number,
  ): Promise<number[][]> {
    const rows = prompts.map((prompt, n) => ({
      // A model that is asked nothing begins after the end of another text.
      text: prompt.length > 0 ? [...prompt] : [end ?? 0],
      said: [] as number[],
      random: new Random(seed, first + n),
      done: false,
    }));
    const tokens = new BigInt64Array(this.#batch * this.#time);
    const last = new BigInt64Array(this.#batch);
    for (let step = 0; step < most && rows.some(({ done }) => !done); step++) {
      for (const [n, { text }] of rows.entries()) {
        const window = text.slice(-this.#time);
        tokens.set(window.map(BigInt), n * this.#time);
        last[n] = BigInt(n * this.#time + window.length - 1);
      }
      const feeds: Record<string, Feed> = { ...weights, tokens, last };
      const { logits } = await this.#session.run(feeds);
      const { vocab } = this.#config;
      for (const [n, row] of rows.entries()) {
        if (row.done) continue;
        const token = draw(logits as Float32Array, n * vocab, vocab, temperature, row.random.unit());
        row.text.push(token);
        if (token !== end) row.said.push(token);
        row.done = token === end || (enough?.(row.said) ?? false);
      }
    }
    return rows.map(({ said }) => said);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#session.close();
  }
}

/** The token at which the softmax's running sum passes `unit`; the likeliest one at temperature 0. */
function draw(logits: Float32Array, from: number, count: number, temperature: number, unit: number): number {
  let best = 0;
  for (let n = 1; n < count; n++) if ((logits[from + n] as number) > (logits[from + best] as number)) best = n;
  if (temperature === 0) return best;
  const weigh = (n: number): number =>
    Math.exp(((logits[from + n] as number) - (logits[from + best] as number)) / temperature);
  let total = 0;
  for (let n = 0; n < count; n++) total += weigh(n);
  let left = unit * total;
  for (let n = 0; n < count; n++) {
    left -= weigh(n);
    if (left < 0) return n;
  }
  return best;
}
