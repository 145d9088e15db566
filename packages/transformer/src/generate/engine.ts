/** A model at work: rows of a cache, each with a text of its own, that grow by prompts and by tokens. */
import { totalmem } from "node:os";
import { Session } from "@candor/graph";
import { type DecoderConfig, weightShapes } from "../config/decoder-config.ts";
import { TransformerError } from "../transformer-error.ts";
import { generationWeights, headWidthOf, type Precision } from "./generation-weights.ts";
import { cacheNames, generationProgram } from "./programs.ts";

export interface EngineOptions {
  /** Rows: how many texts are written at the same time; fixed, and memory grows with it. */
  batch?: number;
  /** Longest text, prompt and answer together; the model's own where it is not given. */
  context?: number;
  /** How weights are kept. int8 reads a quarter of the memory for each token. */
  precision?: Precision;
  /** Tokens of a prompt that are read at once. */
  chunk?: number;
  threads?: number;
}

export class Engine implements AsyncDisposable {
  readonly config: DecoderConfig;
  readonly batch: number;
  readonly context: number;
  /** Tokens of a prompt that are read at once. */
  readonly chunk: number;
  readonly #prompts: Session;
  readonly #tokens: Session;
  /** For each row, its part of every cache. */
  readonly #rows: Record<string, Float32Array>[];
  readonly #lengths: number[];

  private constructor(
    config: DecoderConfig,
    context: number,
    chunk: number,
    sessions: { prompts: Session; tokens: Session },
    rows: Record<string, Float32Array>[],
  ) {
    this.config = config;
    this.context = context;
    this.batch = rows.length;
    this.chunk = chunk;
    this.#prompts = sessions.prompts;
    this.#tokens = sessions.tokens;
    this.#rows = rows;
    this.#lengths = rows.map(() => 0);
  }

  /**
   * @param weights by the names of `weightShapes`; not needed afterwards
   * @throws {TransformerError} when a weight is missing or the machine has too little memory
   */
  static async create(
    config: DecoderConfig,
    weights: ReadonlyMap<string, Float32Array>,
    options: EngineOptions = {},
  ): Promise<Engine> {
    const { batch, capacity, chunk, context, precision } = engineShape(config, options);
    const { threads } = options;
    mustFit(config, options);
    const held = generationWeights(config, weights, precision);
    const rowSize = config.kvHeads * capacity * held.headWidth;

    const cache: Record<string, Float32Array> = {};
    for (let layer = 0; layer < config.layers; layer++)
      for (const name of cacheNames(layer)) cache[name] = new Float32Array(new SharedArrayBuffer(4 * batch * rowSize));
    const rows = Array.from({ length: batch }, (_, row) =>
      Object.fromEntries(
        Object.entries(cache).map(([name, all]) => [name, all.subarray(row * rowSize, (row + 1) * rowSize)]),
      ),
    );
    const session = (rowsAtOnce: number, time: number) =>
      Session.create(generationProgram(config, held, { batch: rowsAtOnce, capacity }, time), {
        ...(threads !== undefined && { threads }),
      });
    const prompts = await session(1, chunk);
    try {
      const tokens = await session(batch, 1);
      await tokens.bind(cache);
      return new Engine(config, context, chunk, { prompts, tokens }, rows);
    } catch (error) {
      await prompts.close();
      throw error;
    }
  }

  /** Tokens in a row. */
  length(row: number): number {
    return this.#lengths[row] ?? 0;
  }

  /** Empties a row, or cuts it back to its first tokens. */
  rewind(row: number, length = 0): void {
    this.#lengths[row] = Math.min(length, this.length(row));
  }

  /**
   * Adds tokens to a row.
   * @returns logits [vocab] of what comes next, in memory that the next call overwrites
   * @throws {TransformerError} for a token out of range or a text too long; the row is then as it was
   */
  async read(row: number, tokens: readonly number[], signal?: AbortSignal): Promise<Float32Array> {
    const memory = this.#rows[row];
    if (!memory) throw new RangeError(`there is no row ${row}`);
    this.check(tokens);
    if (this.length(row) + tokens.length > this.context)
      throw new TransformerError(
        `The text is too long: ${this.length(row) + tokens.length} tokens, and the context is ${this.context}`,
        "Shorten the prompt, or use a model with a longer context.",
      );
    await this.#prompts.bind(memory);
    const { chunk } = this;
    let logits: Float32Array | undefined;
    for (let start = 0; start < tokens.length; start += chunk) {
      signal?.throwIfAborted();
      const part = tokens.slice(start, start + chunk);
      const before = this.length(row);
      const ids = new BigInt64Array(chunk);
      for (const [n, token] of part.entries()) ids[n] = BigInt(token);
      const values = await this.#prompts.run({
        tokens: ids,
        ...this.#positions(Array.from({ length: chunk }, (_, n) => before + n)),
        last: [before + chunk - 1],
        total: [before + chunk],
        ...(chunk > 1 && { only: [part.length - 1] }),
      });
      this.#lengths[row] = before + part.length;
      logits = values.logits as Float32Array;
    }
    return logits as Float32Array;
  }

  /**
   * One more token for some of the rows.
   * @param tokens of each row; undefined leaves the row as it is
   * @returns logits [batch, vocab], in memory that the next call overwrites; those of rows left out mean nothing
   */
  async step(tokens: readonly (number | undefined)[]): Promise<Float32Array> {
    const places = this.#lengths.map((length, row) => {
      const token = tokens[row];
      if (token === undefined) return Math.min(length, this.context);
      this.check([token]);
      if (length >= this.context)
        throw new TransformerError(`The text is too long: its ${this.context} tokens fill the context`);
      return length;
    });
    const { logits } = await this.#tokens.run({
      tokens: this.#lengths.map((_, row) => tokens[row] ?? 0),
      ...this.#positions(places),
      last: places,
      total: [Math.max(...places) + 1],
    });
    for (const row of this.#lengths.keys()) if (tokens[row] !== undefined) this.#lengths[row] = this.length(row) + 1;
    return logits as Float32Array;
  }

  async close(): Promise<void> {
    await Promise.all([this.#prompts.close(), this.#tokens.close()]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Those of what only fills up are not looked at, but must be in the table. */
  #positions(places: readonly number[]): { positions?: number[] } {
    if (this.config.positions.kind === "none") return {};
    return { positions: places.map((place) => Math.min(place, this.config.context - 1)) };
  }

  /** @throws {TransformerError} for no tokens, and for a token that the model does not have */
  check(tokens: readonly number[]): void {
    if (tokens.length === 0) throw new TransformerError("There is nothing to read: the prompt has no tokens");
    const { vocab } = this.config;
    const wrong = tokens.find((token) => !(Number.isInteger(token) && token >= 0 && token < vocab));
    if (wrong !== undefined) throw new TransformerError(`Token ${wrong} is out of range: the model has ${vocab}`);
  }
}

interface EngineShape {
  batch: number;
  context: number;
  chunk: number;
  /** Positions of a row: the last piece of a prompt is filled up, and what fills it up is written behind it. */
  capacity: number;
  precision: Precision;
}

function engineShape(config: DecoderConfig, options: EngineOptions): EngineShape {
  const { batch = 1, precision = "float32" } = options;
  const context = Math.min(options.context ?? config.context, config.context);
  const chunk = Math.min(options.chunk ?? 64, context);
  for (const [name, value] of Object.entries({ batch, context, chunk }))
    if (!(Number.isSafeInteger(value) && value > 0))
      throw new TransformerError(`${name} must be 1 or more, not ${value}`);
  return { batch, context, chunk, capacity: context + chunk, precision };
}

/**
 * Before weights are read: both programs will hold them, and an embedding besides its packed form.
 * @throws {TransformerError} when the machine has too little memory
 */
export function mustFit(config: DecoderConfig, options: EngineOptions = {}): void {
  const { batch, capacity, precision } = engineShape(config, options);
  let numbers = 0;
  for (const shape of weightShapes(config).values()) numbers += shape.reduce((product, extent) => product * extent, 1);
  const tables = config.vocab * config.width;
  const kept = precision === "int8" ? 2 * (numbers * 1.125 + 4 * tables) : 2 * 4 * (numbers + tables);
  const cache = 8 * config.layers * batch * config.kvHeads * capacity * headWidthOf(config);
  const needed = kept + cache + 4 * numbers;
  // A container may have less than its machine.
  const memory = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
  if (needed < 0.9 * memory) return;
  const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GB`;
  throw new TransformerError(
    `The model would need about ${gigabytes(needed)}, ${gigabytes(cache)} of it for its cache; this machine has ${gigabytes(memory)}`,
    "Take fewer rows, a shorter context, or int8.",
  );
}
