/** What was read in a run: one array to each place, with its axes. */
import { LensError } from "./lens-error.ts";
import type { Place } from "./places.ts";

export interface Activation {
  readonly place: Place;
  /** The extents of the place's axes. */
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export class ActivationCache implements Iterable<Activation> {
  readonly #byName: ReadonlyMap<string, Activation>;

  constructor(activations: Iterable<Activation>) {
    this.#byName = new Map(Array.from(activations, (each) => [each.place.name, each]));
  }

  /** @throws {LensError} for a place that was not read */
  at(name: string): Activation {
    const found = this.#byName.get(name);
    if (!found) throw new LensError(`${name} was not read in this run`, "Name it in `read`.");
    return found;
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  [Symbol.iterator](): Iterator<Activation> {
    return this.#byName.values();
  }
}
