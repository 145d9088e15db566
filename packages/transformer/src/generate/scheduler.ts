/**
 * Answers side by side: each takes a row of the engine as one gets free and leaves it when it ends, while the others go on
 * (continuous batching: Yu et al. 2022, Orca).
 */
import { type SortedVocabulary, sortedVocabulary, TokenMask } from "../constrain/token-mask.ts";
import type { Tokenizer } from "../tokenizers/tokenizer.ts";
import { TransformerError } from "../transformer-error.ts";
import { Answer } from "./answer.ts";
import type { Engine } from "./engine.ts";
import type { FinishReason, GenerationRequest, Piece } from "./generation.ts";
import { PieceQueue } from "./piece-queue.ts";

export interface Speaker {
  /** As many answers at a time as it has rows. */
  engine: Engine;
  tokenizer: Tokenizer;
  /** Tokens that end a text. */
  ends: readonly number[];
}

export type Generating = AsyncGenerator<Piece, FinishReason, undefined>;

interface Task {
  prompt: readonly number[];
  answer: Answer;
  pieces: PieceQueue;
  signal: AbortSignal | undefined;
}

interface Row {
  index: number;
  task?: Task | undefined;
  /** How much of the prompt was read. */
  read: number;
  /** The token to go on with, once the prompt is read. */
  next?: number | undefined;
  /** Prompts whose whole chunks lie in the cache from the first position on. */
  kept: readonly number[];
}

/** Of one engine there may be one at work at a time. */
export class Scheduler {
  readonly #speaker: Speaker;
  readonly #ends: ReadonlySet<number>;
  readonly #rows: Row[];
  readonly #waiting: Task[] = [];
  #working = false;
  #sorted: SortedVocabulary | undefined;
  #spelt: ReadonlySet<number> | undefined;

  constructor(speaker: Speaker) {
    this.#speaker = speaker;
    this.#ends = new Set(speaker.ends);
    this.#rows = Array.from({ length: speaker.engine.batch }, (_, index) => ({ index, read: 0, kept: [] }));
  }

  /** Requests that have no row yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Answers that have a row. */
  get speaking(): number {
    return this.#rows.filter(({ task }) => task !== undefined).length;
  }

  /** @returns the tokens of a prompt @throws {TransformerError} when the model cannot read it */
  check(given: GenerationRequest["prompt"]): readonly number[] {
    const { engine, tokenizer } = this.#speaker;
    const prompt = typeof given === "string" ? tokenizer.encode(given, { added: "text" }) : given;
    engine.check(prompt);
    return prompt;
  }

  /**
   * It begins with the first `next()`, in the order in which they were asked; `return()` ends it.
   * @throws {TransformerError} as `generate` does
   */
  async *generate(request: GenerationRequest): Generating {
    request.signal?.throwIfAborted();
    const task = this.#task(request);
    this.#waiting.push(task);
    if (!this.#working) void this.#work();
    try {
      return yield* task.pieces.drain(task.signal);
    } finally {
      task.pieces.abandon();
    }
  }

  #task(request: GenerationRequest): Task {
    const { engine, tokenizer } = this.#speaker;
    const prompt = this.check(request.prompt);
    const room = engine.context - prompt.length;
    const maxTokens = request.maxTokens ?? room;
    if (!(Number.isSafeInteger(maxTokens) && maxTokens > 0 && maxTokens <= room))
      throw new TransformerError(
        `The text is too long: ${prompt.length} tokens and ${maxTokens} of an answer, and the context is ${engine.context}`,
        "Shorten the prompt, or ask for fewer tokens.",
      );
    const answer = new Answer({
      request,
      prompt,
      tokenizer,
      ends: this.#ends,
      spelt: this.#speltTokens(),
      maxTokens,
      ...(request.language && { mask: new TokenMask(request.language, this.#vocabulary()) }),
    });
    return { prompt, answer, pieces: new PieceQueue(), signal: request.signal };
  }

  /**
   * Prompts that lack one piece, one piece of a longer one, then a token for everybody who speaks: it costs the same for one row
   * as for all, so that those who can join do; and a long prompt holds the others up by no more than a piece.
   */
  async #work(): Promise<void> {
    this.#working = true;
    // What is asked for in the same turn begins together.
    await Promise.resolve();
    try {
      while (this.#admit()) {
        await this.#readOn();
        await this.#speakOn();
      }
    } catch (error) {
      // The engine failed: nobody's answer can go on.
      for (const row of this.#rows) this.#leave(row, (task) => task.pieces.fail(error));
      for (const task of this.#waiting.splice(0)) task.pieces.fail(error);
    } finally {
      this.#working = false;
    }
  }

  /** @returns whether there is anything to do */
  #admit(): boolean {
    for (const row of this.#rows)
      if (row.task && isOver(row.task)) this.#leave(row, (task) => task.pieces.fail(task.signal?.reason));
    for (;;) {
      const free = this.#rows.filter(({ task }) => !task);
      const task = free.length > 0 ? this.#waiting.shift() : undefined;
      if (!task) break;
      if (isOver(task)) task.pieces.fail(task.signal?.reason);
      else this.#enter(free, task);
    }
    return this.#rows.some(({ task }) => task !== undefined);
  }

  /** Into the row that has most of the prompt in its cache already. */
  #enter(free: readonly Row[], task: Task): void {
    const { engine } = this.#speaker;
    const { chunk } = engine;
    const known = (row: Row): number => {
      let same = 0;
      // The last token is read in any case: its logits are wanted.
      while (same < Math.min(row.kept.length, task.prompt.length - 1) && row.kept[same] === task.prompt[same]) same++;
      // Whole chunks only, so that an answer is the same to the last bit whether they were read for it or before.
      return chunk * Math.floor(same / chunk);
    };
    const row = free.reduce((best, each) => (known(each) > known(best) ? each : best));
    const length = known(row);
    engine.rewind(row.index, length);
    row.task = task;
    row.read = engine.length(row.index);
    row.next = undefined;
    row.kept = row.kept.slice(0, row.read);
  }

  async #readOn(): Promise<void> {
    const { chunk } = this.#speaker.engine;
    const lacking = (row: Row): number => (row.task ? row.task.prompt.length - row.read : 0);
    const reading = this.#rows.filter((row) => lacking(row) > 0);
    const long = reading.find((row) => lacking(row) > chunk);
    for (const row of reading) if (row === long || lacking(row) <= chunk) await this.#readPiece(row);
  }

  async #readPiece(row: Row): Promise<void> {
    const { engine } = this.#speaker;
    if (!row.task || isOver(row.task)) return;
    const { prompt } = row.task;
    const piece = prompt.slice(row.read, row.read + engine.chunk);
    const logits = await engine.read(row.index, piece);
    row.read += piece.length;
    if (piece.length === engine.chunk) row.kept = prompt.slice(0, row.read);
    if (row.read === prompt.length) this.#take(row, logits);
  }

  async #speakOn(): Promise<void> {
    const { engine } = this.#speaker;
    const speaking = this.#rows.filter(({ task, next }) => task && next !== undefined);
    if (speaking.length === 0) return;
    const logits = await engine.step(this.#rows.map(({ task, next }) => (task ? next : undefined)));
    const { vocab } = engine.config;
    for (const row of speaking) this.#take(row, logits.subarray(row.index * vocab, (row.index + 1) * vocab));
  }

  #take(row: Row, logits: Float32Array): void {
    const { task } = row;
    if (!task || isOver(task)) return;
    try {
      const { piece, finish } = task.answer.take(logits);
      row.next = piece?.token?.id;
      if (piece) task.pieces.push(piece);
      if (finish) this.#leave(row, ({ pieces }) => pieces.finish(finish));
    } catch (error) {
      // A constraint that cannot be kept is this answer's own affair.
      this.#leave(row, ({ pieces }) => pieces.fail(error));
    }
  }

  #leave(row: Row, tell: (task: Task) => void): void {
    const { task } = row;
    row.task = undefined;
    row.next = undefined;
    if (task) tell(task);
  }

  #vocabulary(): SortedVocabulary {
    this.#sorted ??= sortedVocabulary(this.#speaker.tokenizer);
    return this.#sorted;
  }

  /** A model may have more tokens than its tokenizer (tables are filled up to round sizes): they are never said. */
  #speltTokens(): ReadonlySet<number> {
    this.#spelt ??= new Set(this.#vocabulary().all);
    return this.#spelt;
  }
}

const isOver = ({ pieces, signal }: Task): boolean => pieces.abandoned || signal?.aborted === true;
