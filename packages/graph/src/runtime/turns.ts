/**
 * One after the other, in the order in which it was asked for. Whoever waited for one may read what it left in shared memory, up to their next
 * `await`, before the next begins.
 */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  take<T>(work: () => Promise<T>): Promise<T> {
    // Who asks alone waits for nobody.
    const own = this.#waiting === 0 ? work() : this.#after(this.#last, work);
    this.#waiting++;
    this.#last = own;
    const done = (): void => {
      this.#waiting--;
    };
    own.then(done, done);
    return own;
  }

  /** Whatever was asked for so far has ended, well or not. */
  async settled(): Promise<void> {
    await this.#last.catch(() => undefined);
  }

  async #after<T>(before: Promise<unknown>, work: () => Promise<T>): Promise<T> {
    await before.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve));
    return work();
  }
}
