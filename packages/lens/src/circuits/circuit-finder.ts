/** A task on a model, ready to be cut: what it says through any set of edges, and what each edge is worth. */
import { compile, type Feeds, gradients, input, type Program, Session, type Tensor } from "@candor/graph";
import { weightInputs } from "@candor/transformer";
import type { Lens } from "../lens.ts";
import { LensError } from "../lens-error.ts";
import { type Edge, type Wiring, wiringOf } from "./edges.ts";
import { keptFeeds, maskedDecoder, towards } from "./masked-decoder.ts";

/** What comes through an edge that is cut: nothing, the mean over the rows, or what the corrupted row says. */
export type Ablation = "zero" | "mean" | "resample";

export interface CircuitTask {
  /** [batch][pos]. */
  clean: readonly (readonly number[])[];
  /** Row by row as long as the clean ones; resample ablation needs them. */
  corrupted?: readonly (readonly number[])[];
  ablation: Ablation;
  /**
   * Which logits matter: for each row, position and token a weight; [batch * pos * vocab]. Where it is not given, the way from the
   * logits of no circuit to those of the whole model.
   */
  direction?: Float32Array;
  /** The first position that counts. */
  from?: number;
  threads?: number;
}

export class CircuitFinder implements AsyncDisposable {
  readonly wiring: Wiring;
  /** Of the whole model, and of it with every edge cut: [batch, pos, vocab]. */
  readonly whole: Float32Array;
  readonly none: Float32Array;
  readonly direction: Float32Array;
  readonly task: CircuitTask;
  /** Logits at the beginning of each row that do not count. */
  readonly #skipped: number;
  readonly #ablated: Session;
  readonly #attributed: Session;
  /** What writers say on clean rows, and what stands for them: [batch, writers, pos * width]. */
  readonly #written: Float32Array;
  readonly other: Float32Array;

  private constructor(parts: {
    wiring: Wiring;
    task: CircuitTask;
    ablated: Session;
    attributed: Session;
    written: Float32Array;
    other: Float32Array;
    whole: Float32Array;
    none: Float32Array;
  }) {
    this.wiring = parts.wiring;
    this.whole = parts.whole;
    this.none = parts.none;
    this.task = parts.task;
    this.#ablated = parts.ablated;
    this.#attributed = parts.attributed;
    this.#written = parts.written;
    this.other = parts.other;
    const { direction, from = 0, clean } = parts.task;
    const row = parts.whole.length / clean.length;
    this.#skipped = from * (row / (clean[0]?.length ?? 1));
    this.direction =
      direction ?? parts.whole.map((x, n) => (n % row < this.#skipped ? 0 : x - (parts.none[n] as number)));
  }

  /** @throws {LensError} for a task or a model that edges cannot be cut of */
  static async open(lens: Lens, task: CircuitTask): Promise<CircuitFinder> {
    const { config } = lens;
    const wiring = wiringOf(config);
    const { batch, time } = lens.sizeOf(task.clean);
    mustPair(task);
    const { weights } = weightInputs(config);
    const common = { config, weights, wiring, batch, time };
    const said = await saidBy(lens, task, wiring);
    const { clean, other } = said;
    const ablated = await sessionOf(lens, task, () =>
      compile({ outputs: { logits: maskedDecoder({ ...common, differing: "now" }).logits } }),
    );
    await ablated.hold({ tokens: flat(task.clean), other });
    const attributed = await sessionOf(lens, task, () => attributionProgram(lens, wiring, batch, time));
    const values = await ablated.run(keptFeeds(wiring, new Float32Array(wiring.edges.length)));
    const none = copied(values.logits);
    const { logits: whole, written } = clean;
    const finder = new CircuitFinder({ wiring, task, ablated, attributed, written, other, whole, none });
    await attributed.hold(
      held(attributed, {
        differences: written.map((x, n) => x - (other[n] as number)),
        direction: finder.direction,
        ...keptFeeds(wiring, new Float32Array(wiring.edges.length).fill(1)),
      }),
    );
    return finder;
  }

  get edges(): readonly Edge[] {
    return this.wiring.edges;
  }

  /** @param kept for each edge 1, 0, or a part of it @returns logits [batch, pos, vocab] */
  async logits(kept: ArrayLike<number>): Promise<Float32Array> {
    const values = await this.#ablated.run(keptFeeds(this.wiring, kept));
    return copied(values.logits);
  }

  /** How far logits go along the direction: of the whole model, of no edges, or of a circuit. */
  along(logits: Float32Array): number {
    return logits.reduce((sum, x, n) => sum + x * (this.direction[n] as number), 0);
  }

  /** The mean square of the difference to the whole model's logits, at positions that count. */
  distance(logits: Float32Array): number {
    const row = logits.length / this.task.clean.length;
    let sum = 0;
    for (let from = 0; from < logits.length; from += row)
      for (let n = from + this.#skipped; n < from + row; n++)
        sum += ((logits[n] as number) - (this.whole[n] as number)) ** 2;
    return sum / (logits.length - this.#skipped * this.task.clean.length);
  }

  /**
   * For each edge, how much the direction gains, to first order, by keeping it.
   * @param at where between what stands for the input (0) and the clean input (1) slopes are taken
   */
  async slopes(at = 1): Promise<Float32Array> {
    const { wiring } = this;
    const inputs = wiring.writers.filter((name) => name === "tokens" || name === "positions");
    const batch = this.task.clean.length;
    const size = this.#written.length / batch / wiring.writers.length;
    const embedded = Object.fromEntries(
      inputs.map((name, writer) => {
        const own = new Float32Array(batch * size);
        for (let row = 0; row < batch; row++)
          for (let n = 0; n < size; n++) {
            const from = (row * wiring.writers.length + writer) * size + n;
            const other = this.other[from] as number;
            own[row * size + n] = other + at * ((this.#written[from] as number) - other);
          }
        return [`embedded:${name}`, own];
      }),
    );
    // Slopes of what is linear do not depend on what flows.
    return slopesIn(wiring, await this.#attributed.run(held(this.#attributed, embedded)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#ablated.close(), this.#attributed.close()]);
  }
}

/** What is said on the clean rows, and what stands for what writers say there: [batch, writers, pos * width]. */
async function saidBy(
  lens: Lens,
  task: CircuitTask,
  wiring: Wiring,
): Promise<{ clean: { logits: Float32Array; written: Float32Array }; other: Float32Array }> {
  const { config } = lens;
  const { batch, time } = lens.sizeOf(task.clean);
  const { weights } = weightInputs(config);
  // It holds the weights, too, and goes when it has spoken.
  await using session = await sessionOf(lens, task, () => {
    const { logits, written } = maskedDecoder({ config, weights, wiring, batch, time, differing: "now" });
    return compile({ outputs: { logits, written } });
  });
  const width = batch * wiring.writers.length * time * config.width;
  await session.hold({
    other: new Float32Array(width),
    ...keptFeeds(wiring, new Float32Array(wiring.edges.length).fill(1)),
  });
  const said = async (rows: CircuitTask["clean"]) => {
    const values = await session.run({ tokens: flat(rows) });
    return { logits: copied(values.logits), written: copied(values.written) };
  };
  const clean = await said(task.clean);
  if (task.ablation === "zero") return { clean, other: new Float32Array(width) };
  if (task.ablation === "mean") return { clean, other: meanOverRows(clean.written, batch) };
  return { clean, other: (await said(task.corrupted ?? [])).written };
}

/** Of some values those that a program takes. */
const held = ({ program: { inputs } }: Session, values: Feeds): Feeds =>
  Object.fromEntries(Object.entries(values).filter(([name]) => name in inputs));

/** Gradients of the direction with respect to every edge, of a run on given embeddings with given differences. */
function attributionProgram(lens: Lens, wiring: Wiring, batch: number, time: number): Program {
  const { config } = lens;
  const { weights } = weightInputs(config);
  const embedded = wiring.writers
    .filter((name) => name === "tokens" || name === "positions")
    .map((name) => input(`embedded:${name}`, [batch, 1, time * config.width]));
  const { logits, kept } = maskedDecoder({ config, weights, wiring, batch, time, embedded, differing: "given" });
  const names = [...kept.keys()];
  const found = gradients(towards(logits, input("direction", [batch, time, config.vocab])), [...kept.values()]);
  return compile({ outputs: Object.fromEntries(names.map((name, n) => [`slope:${name}`, found[n] as Tensor])) });
}

function slopesIn({ groups, edges }: Wiring, values: Readonly<Record<string, unknown>>): Float32Array {
  const all = new Float32Array(edges.length);
  for (const { name, start } of groups) all.set(values[`slope:${name}`] as Float32Array, start);
  return all;
}

async function sessionOf(lens: Lens, { threads }: CircuitTask, program: () => Program): Promise<Session> {
  const session = await Session.create(program(), threads === undefined ? {} : { threads });
  await session.hold(Object.fromEntries([...lens.weights].filter(([name]) => name in session.program.inputs)));
  return session;
}

function mustPair({ clean, corrupted, ablation }: CircuitTask): void {
  if (ablation === "resample" && !corrupted)
    throw new LensError(
      "Resample ablation takes what corrupted rows say",
      "Give `corrupted`, a row for each clean one.",
    );
  if (!corrupted) return;
  const odd = clean.findIndex((row, n) => row.length !== corrupted[n]?.length);
  if (odd >= 0 || corrupted.length !== clean.length)
    throw new LensError(
      `Row ${Math.max(0, odd)} has ${clean[Math.max(0, odd)]?.length} tokens, its corrupted one ${corrupted[Math.max(0, odd)]?.length ?? "is missing"}`,
      "Prompts of a pair have as many tokens each.",
    );
}

function meanOverRows(values: Float32Array, rows: number): Float32Array {
  const size = values.length / rows;
  const mean = new Float32Array(size);
  for (const [n, value] of values.entries()) mean[n % size] = (mean[n % size] as number) + value / rows;
  return Float32Array.from(values, (_, n) => mean[n % size] as number);
}

const flat = (tokens: readonly (readonly number[])[]): BigInt64Array => BigInt64Array.from(tokens.flat(), BigInt);

/** A session's memory is written over by its next run. */
const copied = (values: unknown): Float32Array => (values as Float32Array).slice();
