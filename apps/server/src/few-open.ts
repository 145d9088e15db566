/** What takes memory while it is open: the last few that were asked for. */
export class FewOpen<T extends AsyncDisposable> implements AsyncDisposable {
  readonly #most: number;
  readonly #open = new Map<string, Promise<T>>();

  constructor(most: number) {
    this.#most = most;
  }

  /** What could not be opened may be there the next time. */
  of(key: string, opening: () => Promise<T>): Promise<T> {
    const known = this.#open.get(key) ?? opening();
    this.#open.delete(key);
    this.#open.set(key, known);
    known.catch(() => this.#open.delete(key));
    for (const old of [...this.#open.keys()].slice(0, -this.#most)) {
      const closing = this.#open.get(old);
      this.#open.delete(old);
      void closing?.then((each) => each[Symbol.asyncDispose]()).catch(() => undefined);
    }
    return known;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const all = await Promise.allSettled(this.#open.values());
    this.#open.clear();
    await Promise.all(all.map((each) => each.status === "fulfilled" && each.value[Symbol.asyncDispose]()));
  }
}
