/** Which runs have an effect under way: those a stop has to abort, where the others only must not begin. */
export class InFlight {
  readonly #effects = new Map<string, number>();

  has(run: string): boolean {
    return this.#effects.has(run);
  }

  async during<T>(run: string, effect: () => Promise<T>): Promise<T> {
    this.#effects.set(run, (this.#effects.get(run) ?? 0) + 1);
    try {
      return await effect();
    } finally {
      const left = (this.#effects.get(run) ?? 1) - 1;
      if (left > 0) this.#effects.set(run, left);
      else this.#effects.delete(run);
    }
  }
}
