/**
 * Many sampled answers at once from a model whose weights change between times: what reinforcement learning asks for. The token is
 * drawn in the graph, so that no logits leave it.
 */
import { availableParallelism } from "node:os";
import {
  cast,
  cumulativeSum,
  exp,
  input,
  lessEqual,
  logSoftmax,
  minimum,
  mul,
  neg,
  reshape,
  Session,
  slice,
  sum,
  type Tensor,
  takeAlong,
} from "@candor/graph";
import type { DecoderConfig } from "../config/decoder-config.ts";
import { TransformerError } from "../transformer-error.ts";
import { changingWeights, headWidthOf } from "./generation-weights.ts";
import { cacheNames, generationProgram } from "./programs.ts";
import { uniformAt } from "./uniform-at.ts";

export interface RolloutOptions {
  /** Texts written at the same time. */
  rows?: number;
  /** Longest text, prompt and answer together. */
  context?: number;
  /** Sessions that share the rows; as many as the processor has cores where it is not given. */
  threads?: number;
}

export interface WriteOptions {
  /** Most tokens of an answer, the one that ends it included; fewer where the context has room for no more. */
  maxTokens: number;
  /** Divides logits before a token is drawn, and in what is told of it. */
  temperature?: number;
  /** The same seed, weights and prompts give the same answers. */
  seed: number;
  /** Token that ends an answer. */
  end: number;
  signal?: AbortSignal | undefined;
}

export interface Rollout {
  /** The answer, with the token that ends it where it came. */
  tokens: number[];
  /** Of each token, in nats, under the distribution that it was drawn from. */
  logProbabilities: number[];
  /** Of that distribution, in nats. */
  entropies: number[];
  ended: boolean;
}

interface Way {
  session: Session;
  rows: number;
}

interface Row {
  index: number;
  prompt: readonly number[];
  /** Tokens in the cache. */
  length: number;
  rollout: Rollout;
}

export class Rollouts implements AsyncDisposable {
  readonly config: DecoderConfig;
  readonly context: number;
  readonly #ways: readonly Way[];
  readonly #feeds: (values: ReadonlyMap<string, Float32Array>) => Record<string, Float32Array>;

  private constructor(
    config: DecoderConfig,
    context: number,
    ways: readonly Way[],
    feeds: (values: ReadonlyMap<string, Float32Array>) => Record<string, Float32Array>,
  ) {
    this.config = config;
    this.context = context;
    this.#ways = ways;
    this.#feeds = feeds;
  }

  /** Its weights are zeros until `setWeights`. */
  static async create(config: DecoderConfig, options: RolloutOptions = {}): Promise<Rollouts> {
    const { rows = 32, threads = availableParallelism() } = options;
    const context = Math.min(options.context ?? config.context, config.context);
    const count = Math.max(1, Math.min(threads, rows));
    const { weights, feeds } = changingWeights(config);
    const ways: Way[] = [];
    try {
      for (let n = 0; n < count; n++) {
        const own = Math.ceil((rows - n) / count);
        const program = generationProgram(config, weights, { batch: own, capacity: context }, 1, drawing);
        const session = await Session.create(program, { threads: 1 });
        ways.push({ session, rows: own });
        const size = own * config.kvHeads * context * headWidthOf(config);
        const names = Array.from({ length: config.layers }, (_, layer) => cacheNames(layer)).flat();
        await session.bind(
          Object.fromEntries(names.map((name) => [name, new Float32Array(new SharedArrayBuffer(4 * size))])),
        );
      }
    } catch (error) {
      await Promise.all(ways.map(({ session }) => session.close()));
      throw error;
    }
    return new Rollouts(config, context, ways, feeds);
  }

  /** @param values by the names of `weightShapes` @throws {TransformerError} when one is missing */
  async setWeights(values: ReadonlyMap<string, Float32Array>): Promise<void> {
    const feeds = this.#feeds(values);
    await Promise.all(this.#ways.map(({ session }) => session.hold(feeds)));
  }

  /**
   * @param prompts tokens of each; answer n is a function of the seed, n and its prompt
   * @throws {TransformerError} for a prompt that is empty, has tokens the model does not know, or fills more than the context
   */
  async write(prompts: readonly (readonly number[])[], options: WriteOptions): Promise<Rollout[]> {
    for (const prompt of prompts) this.#check(prompt);
    const rollouts = prompts.map((): Rollout => ({ tokens: [], logProbabilities: [], entropies: [], ended: false }));
    // Which session writes which answer must not depend on how fast they are: sums differ by the place in a batch.
    await Promise.all(
      this.#ways.map((way, n) => {
        const own = rollouts.flatMap((rollout, index) =>
          index % this.#ways.length === n
            ? [{ index, rollout, prompt: prompts[index] as readonly number[], length: 0 }]
            : [],
        );
        return this.#writeOn(way, own, options);
      }),
    );
    return rollouts;
  }

  async close(): Promise<void> {
    await Promise.all(this.#ways.map(({ session }) => session.close()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Prompts are read token by token beside answers that are being written: a row is never idle while any text waits. */
  async #writeOn({ session, rows }: Way, waiting: Row[], options: WriteOptions): Promise<void> {
    const { maxTokens, temperature = 1, seed, end, signal } = options;
    const at: (Row | undefined)[] = Array.from({ length: rows }, () => waiting.shift());
    const [tokens, places] = [new BigInt64Array(rows), new Int32Array(rows)];
    const uniform = new Float32Array(rows);
    while (at.some((row) => row !== undefined)) {
      signal?.throwIfAborted();
      for (const [n, row] of at.entries()) {
        const { prompt, rollout, length, index } = row ?? { prompt: [0], rollout: EMPTY, length: 0, index: 0 };
        tokens[n] = BigInt(prompt[length] ?? rollout.tokens.at(-1) ?? 0);
        places[n] = length;
        uniform[n] = uniformAt(seed + index * 0x1_0000_0001, rollout.tokens.length);
      }
      const values = await session.run({
        tokens,
        last: places,
        total: [Math.max(...places) + 1],
        uniform,
        inverse_temperature: [1 / temperature],
        ...(this.config.positions.kind !== "none" && { positions: BigInt64Array.from(places, BigInt) }),
      });
      const { token, log_probability: told, entropy } = values;
      for (const [n, row] of at.entries()) {
        if (!row) continue;
        row.length++;
        if (row.length < row.prompt.length) continue;
        const drawn = Number(token?.[n]);
        const { rollout } = row;
        rollout.tokens.push(drawn);
        rollout.logProbabilities.push(Number(told?.[n]));
        rollout.entropies.push(Number(entropy?.[n]));
        rollout.ended = drawn === end;
        const most = Math.min(maxTokens, this.context + 1 - row.prompt.length);
        if (rollout.ended || rollout.tokens.length >= most) at[n] = waiting.shift();
      }
    }
  }

  #check(prompt: readonly number[]): void {
    if (prompt.length === 0) throw new TransformerError("There is nothing to read: the prompt has no tokens");
    const wrong = prompt.find((token) => !(Number.isInteger(token) && token >= 0 && token < this.config.vocab));
    if (wrong !== undefined)
      throw new TransformerError(`Token ${wrong} is out of range: the model has ${this.config.vocab}`);
    if (prompt.length > this.context)
      throw new TransformerError(
        `The prompt is too long: ${prompt.length} tokens, and the context is ${this.context}`,
        "Shorten the prompt, or use a model with a longer context.",
      );
  }
}

const EMPTY: Rollout = { tokens: [], logProbabilities: [], entropies: [], ended: false };

/** Draws by the running sum of the probabilities: the token at which it passes `uniform`. */
function drawing(logits: Tensor): Record<string, Tensor> {
  const [batch = 0, , vocab = 0] = logits.shape;
  const told = logSoftmax(mul(reshape(logits, [batch, vocab]), input("inverse_temperature", [])));
  const chances = exp(told);
  const upTo = cumulativeSum(chances);
  // What rounding leaves of 1 belongs to nobody.
  const all = slice(upTo, { axis: 1, start: vocab - 1 });
  const passed = lessEqual(upTo, mul(reshape(input("uniform", [batch]), [batch, 1]), all));
  const token = cast(minimum(sum(cast(passed, "float32"), 1), vocab - 1), "int64");
  return {
    token,
    log_probability: reshape(takeAlong(told, reshape(token, [batch, 1])), [batch]),
    entropy: neg(sum(mul(chances, told), 1)),
  };
}
