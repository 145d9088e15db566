/**
 * Path patching (Goldowsky-Dill et al. 2023, arXiv 2304.05969): what a model says when one path alone brings what another prompt would bring.
 * Each part on the path is computed once with what came along the path so far, and only the next part on it sees that; everything
 * else is as it was.
 */
import { compile, Session } from "@candor/graph";
import { weightInputs } from "@candor/transformer";
import { distance } from "fastest-levenshtein";
import type { Lens } from "../lens.ts";
import { LensError } from "../lens-error.ts";
import { type Wiring, wiringOf } from "./edges.ts";
import { keptFeeds, maskedDecoder } from "./masked-decoder.ts";

/** A writer, readers on the way (`a1.0.q`, `m0`), and `logits` at the end. */
export type Path = readonly string[];

export interface PathTask {
  /** [batch][pos]; the corrupted ones row by row as long. */
  clean: readonly (readonly number[])[];
  corrupted: readonly (readonly number[])[];
  threads?: number;
}

export class PathPatcher implements AsyncDisposable {
  readonly wiring: Wiring;
  /** [batch, pos, vocab]. */
  readonly clean: Float32Array;
  readonly #session: Session;
  /** Of each prompt, what writers say: [batch, writers, pos * width]. */
  readonly #written: Float32Array;
  readonly #corrupted: Float32Array;
  readonly #batch: number;

  private constructor(
    wiring: Wiring,
    session: Session,
    batch: number,
    said: { clean: Float32Array; written: Float32Array; corrupted: Float32Array },
  ) {
    this.wiring = wiring;
    this.clean = said.clean;
    this.#session = session;
    this.#batch = batch;
    this.#written = said.written;
    this.#corrupted = said.corrupted;
  }

  /** @throws {LensError} for prompts that do not pair, or a model that edges are not of */
  static async open(lens: Lens, { clean, corrupted, threads }: PathTask): Promise<PathPatcher> {
    const { config } = lens;
    const wiring = wiringOf(config);
    const { batch, time } = lens.sizeOf(clean);
    const other = lens.sizeOf(corrupted);
    if (other.batch !== batch || other.time !== time)
      throw new LensError(
        `${batch} prompts of ${time} tokens and ${other.batch} of ${other.time} are no pairs`,
        "Prompts of a pair have as many tokens each.",
      );
    const { weights } = weightInputs(config);
    const { logits, written } = maskedDecoder({ config, weights, wiring, batch, time, differing: "now" });
    const program = compile({ outputs: { logits, written } });
    const session = await Session.create(program, threads === undefined ? {} : { threads });
    await session.hold(Object.fromEntries([...lens.weights].filter(([name]) => name in program.inputs)));
    const nothing = new Float32Array(batch * wiring.writers.length * time * config.width);
    const said = async (rows: readonly (readonly number[])[]) => {
      const values = await session.run({
        ...{ tokens: BigInt64Array.from(rows.flat(), BigInt), other: nothing },
        ...keptFeeds(wiring, new Float32Array(wiring.edges.length).fill(1)),
      });
      return {
        logits: (values.logits as Float32Array).slice(),
        written: (values.written as Float32Array).slice(),
      };
    };
    const theirs = await said(corrupted);
    const own = await said(clean);
    await session.hold({ tokens: BigInt64Array.from(clean.flat(), BigInt) });
    return new PathPatcher(wiring, session, batch, {
      ...{ clean: own.logits, written: own.written, corrupted: theirs.written },
    });
  }

  /**
   * @returns logits [batch, pos, vocab]
   * @throws {LensError} for a path of which two parts do not follow each other
   */
  async logits(path: Path): Promise<Float32Array> {
    const { writers, edges } = this.wiring;
    const other = this.#written.slice();
    let from = path[0] ?? "";
    this.#copy(from, this.#corrupted, other);
    for (const [n, to] of path.slice(1).entries()) {
      const edge = edges.findIndex((each) => each.from === from && each.to === to);
      if (edge < 0) throw this.#noEdge(from, to);
      const isLast = n === path.length - 2;
      if (isLast !== (to === "logits")) throw new LensError(`A path ends at logits, not at ${path.at(-1)}`);
      const kept = new Float32Array(edges.length).fill(1);
      kept[edge] = 0;
      const values = await this.#session.run({ other, ...keptFeeds(this.wiring, kept) });
      if (isLast) return (values.logits as Float32Array).slice();
      from = to.replace(/\.[qkv]$/, "");
      if (!writers.includes(from)) throw this.#noEdge(from, to);
      this.#copy(from, values.written as Float32Array, other);
    }
    throw new LensError("A path has a part that writes and ends at logits", 'Give ["a0.1", "logits"], say.');
  }

  /** How much a number of the logits changes by each path. @param of a row's logits at its last position */
  async effects(paths: readonly Path[], of: (logits: Float32Array, row: number) => number): Promise<number[]> {
    const row = this.clean.length / this.#batch;
    const vocab = this.#vocab;
    const mean = (logits: Float32Array): number =>
      Array.from({ length: this.#batch }, (_, n) =>
        of(logits.subarray((n + 1) * row - vocab, (n + 1) * row), n),
      ).reduce((a, b) => a + b, 0) / this.#batch;
    const before = mean(this.clean);
    const found: number[] = [];
    for (const path of paths) found.push(mean(await this.logits(path)) - before);
    return found;
  }

  get #vocab(): number {
    const { shape } = this.#session.program.outputs.logits as { shape: readonly number[] };
    return shape.at(-1) ?? 0;
  }

  /** One writer's part of what all say. */
  #copy(writer: string, from: Float32Array, to: Float32Array): void {
    const { writers } = this.wiring;
    const place = writers.indexOf(writer);
    if (place < 0) throw this.#noEdge(writer, "anything");
    const size = from.length / this.#batch / writers.length;
    for (let row = 0; row < this.#batch; row++) {
      const start = (row * writers.length + place) * size;
      to.set(from.subarray(start, start + size), start);
    }
  }

  #noEdge(from: string, to: string): LensError {
    const asked = `${from} ${to}`;
    const near = this.wiring.edges
      .map((edge) => `${edge.from} to ${edge.to}`)
      .sort((a, b) => distance(a.replace(" to ", " "), asked) - distance(b.replace(" to ", " "), asked))
      .slice(0, 3);
    return new LensError(`Nothing goes from ${from} to ${to}`, `The nearest are ${near.join(", ")}.`);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#session.close();
  }
}
