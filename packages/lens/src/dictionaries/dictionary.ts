/** A dictionary at work: what its features say of activations, and what it makes of that. */
import { compile, input, Session } from "@candor/graph";
import { LensError } from "../lens-error.ts";
import { decoded, dictionaryInputs, encoded } from "./graph.ts";
import { type DictionaryShape, dictionaryWeights } from "./shape.ts";

/** Where it came from, and so what it fits. */
export interface Origin {
  /** {@link modelHash} of the model whose places it reads. */
  model: string;
  /** The place that is read, by its hook name. */
  reads: string;
  /** The place that is written. */
  writes: string;
}

export class Dictionary implements AsyncDisposable {
  readonly shape: DictionaryShape;
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly origin: Origin;
  readonly #threads: number | undefined;
  readonly #sessions = new Map<number, Promise<Session>>();

  /** @throws {LensError} for weights that are missing or of another size */
  constructor(
    shape: DictionaryShape,
    weights: ReadonlyMap<string, Float32Array>,
    origin: Origin,
    { threads }: { threads?: number } = {},
  ) {
    for (const [name, extents] of dictionaryWeights(shape)) {
      const size = extents.reduce((a, b) => a * b, 1);
      if (weights.get(name)?.length !== size)
        throw new LensError(
          `The dictionary's ${name} has ${weights.get(name)?.length ?? 0} numbers instead of ${size}`,
        );
    }
    this.shape = shape;
    this.weights = weights;
    this.origin = origin;
    this.#threads = threads;
  }

  /** @throws {LensError} when the model is another than the dictionary was made for */
  mustFit(model: string): void {
    if (this.origin.model !== model)
      throw new LensError(
        `The dictionary was made for the model ${this.origin.model.slice(0, 12)}, not for ${model.slice(0, 12)}`,
        "Open the model that it was trained on, or train one for this model.",
      );
  }

  /** @param x [rows, inWidth] @returns activations [rows, features] and what is made of them [rows, outWidth] */
  async read(x: Float32Array): Promise<{ acts: Float32Array; made: Float32Array }> {
    const { inWidth } = this.shape;
    if (x.length === 0 || x.length % inWidth !== 0)
      throw new LensError(`${x.length} numbers are no rows of ${inWidth}, which the dictionary reads`);
    const rows = x.length / inWidth;
    const known = this.#sessions.get(rows) ?? this.#load(rows);
    this.#sessions.set(rows, known);
    for (const old of [...this.#sessions.keys()].slice(0, -MOST_SESSIONS)) {
      const closing = this.#sessions.get(old);
      this.#sessions.delete(old);
      await (await closing)?.close();
    }
    const { acts, made } = await (await known).run({ x });
    return { acts: Float32Array.from(acts as Float32Array), made: Float32Array.from(made as Float32Array) };
  }

  /** What a feature writes, [outWidth]. */
  direction(feature: number): Float32Array {
    const { outWidth } = this.shape;
    const all = this.weights.get("W_dec") ?? new Float32Array();
    return all.slice(feature * outWidth, (feature + 1) * outWidth);
  }

  async #load(rows: number): Promise<Session> {
    const inputs = dictionaryInputs(this.shape);
    const { acts } = encoded(this.shape, inputs, input("x", [rows, this.shape.inWidth]));
    const program = compile({ outputs: { acts, made: decoded(this.shape, inputs, acts) } });
    const session = await Session.create(program, this.#threads === undefined ? {} : { threads: this.#threads });
    await session.hold(Object.fromEntries(this.weights));
    return session;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const open = [...this.#sessions.values()];
    this.#sessions.clear();
    await Promise.all(open.map(async (session) => (await session).close()));
  }
}

const MOST_SESSIONS = 2;
