/** The circuit of a pair of prompts: edges by what they carry, and what the model says through some of them. */
import { CircuitFinder, type CircuitTask } from "../circuits/circuit-finder.ts";
import { connected } from "../circuits/edges.ts";
import { type Faithfulness, faithfulness, faithfulnessOf } from "../circuits/faithfulness.ts";
import { eap, eapIg } from "../circuits/methods.ts";
import type { Lens } from "../lens.ts";
import { LensError } from "../lens-error.ts";

export interface PairTask {
  /** Prompts of one length, each with another as its corrupted one. */
  clean: readonly (readonly number[])[];
  corrupted: readonly (readonly number[])[];
  /** Of each pair: what comes next after the clean one, and after the corrupted one. */
  right: readonly number[];
  wrong: readonly number[];
  method?: "eap" | "eap-ig";
}

export interface CircuitView {
  /** Largest effect first. */
  edges: { from: string; to: string; effect: number }[];
  /** Logit of right over wrong, mean over pairs: of the whole model, and with every edge cut. */
  whole: number;
  none: number;
  faithfulness: Faithfulness;
}

export interface CutView {
  /** Edges that are kept and lead from the tokens to the logits. */
  kept: { from: string; to: string; effect: number }[];
  /** 1 where they say what the whole model says. */
  faithfulness: number;
}

/** Logits that differ by less are the same. */
const TELLS = 1e-3;

/** A pair's edges with their effects, ready to be cut. */
export class PairCircuit implements AsyncDisposable {
  readonly #finder: CircuitFinder;
  /** Of each edge, mean over pairs. */
  readonly #effects: Float32Array;
  readonly #count: number;

  private constructor(finder: CircuitFinder, effects: Float32Array, count: number) {
    this.#finder = finder;
    this.#effects = effects;
    this.#count = count;
  }

  /** @throws {LensError} for pairs that do not fit, or that the model does not tell apart */
  static async open(lens: Lens, task: PairTask): Promise<PairCircuit> {
    const finder = await finderOf(lens, task);
    const count = task.clean.length;
    if (Math.abs(finder.along(finder.whole) - finder.along(finder.none)) / count < TELLS) {
      await finder[Symbol.asyncDispose]();
      throw new LensError(
        "The model says the same to both prompts of the pair",
        "Give tokens whose logits differ between them.",
      );
    }
    const scores = task.method === "eap" ? await eap(finder) : await eapIg(finder);
    return new PairCircuit(
      finder,
      scores.map((score) => score / count),
      count,
    );
  }

  async view(): Promise<CircuitView> {
    const finder = this.#finder;
    return {
      whole: finder.along(finder.whole) / this.#count,
      none: finder.along(finder.none) / this.#count,
      edges: this.#told(() => true).sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect)),
      faithfulness: await faithfulness(finder, this.#effects),
    };
  }

  /**
   * The model through its edges of an effect of at least so much, some parts cut off.
   * @param without parts by name: `a0.1`, `m0`
   * @throws {LensError} when nothing is left
   */
  async cut(threshold: number, without: readonly string[] = []): Promise<CutView> {
    const isOut = (name: string): boolean => without.some((part) => name === part || name.startsWith(`${part}.`));
    const kept = this.#finder.edges.map(
      ({ from, to }, n) => Math.abs(this.#effects[n] as number) >= threshold && !isOut(from) && !isOut(to),
    );
    const leads = connected(this.#finder.wiring, kept);
    if (!leads.some(Boolean)) {
      const most = this.#effects.reduce((top, effect) => Math.max(top, Math.abs(effect)), 0);
      throw new LensError(
        `No edge of an effect of at least ${threshold} leads from the tokens to the logits`,
        `The largest effect is ${most.toPrecision(2)}: take a lower threshold${without.length > 0 ? ", or cut less off" : ""}.`,
      );
    }
    return { faithfulness: await faithfulnessOf(this.#finder, kept), kept: this.#told((n) => leads[n] === true) };
  }

  #told(is: (n: number) => boolean): CircuitView["edges"] {
    return this.#finder.edges.flatMap(({ from, to }, n) =>
      is(n) ? [{ from, to, effect: this.#effects[n] as number }] : [],
    );
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#finder[Symbol.asyncDispose]();
  }
}

function finderOf(lens: Lens, { clean, corrupted, right, wrong }: PairTask): Promise<CircuitFinder> {
  if (right.length !== clean.length || wrong.length !== clean.length)
    throw new LensError(`${right.length} right and ${wrong.length} wrong tokens do not fit ${clean.length} pairs`);
  const { time } = lens.sizeOf(clean);
  const { vocab } = lens.config;
  const direction = new Float32Array(clean.length * time * vocab);
  for (const row of clean.keys()) {
    const from = (row * time + time - 1) * vocab;
    direction[from + (right[row] as number)] = 1;
    direction[from + (wrong[row] as number)] = -1;
  }
  return CircuitFinder.open(lens, { clean, corrupted, ablation: "resample", direction } satisfies CircuitTask);
}
