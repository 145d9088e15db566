/** Nonces that were seen: what tells a request from its repetition. */

const MOST = 100_000;

/**
 * Remembers each nonce until its signature runs out. Where more come than fit, the oldest go first: a flood can make room for
 * a replay, but takes no more memory.
 */
export class Nonces {
  readonly #most: number;
  /** By key and nonce, in the order they came; the value is when it runs out, in seconds. */
  readonly #seen = new Map<string, number>();
  #sweepAt = 0;

  constructor(most: number = MOST) {
    this.#most = most;
  }

  get size(): number {
    return this.#seen.size;
  }

  /**
   * True the first time. Ask only after the signature was found right, so that nobody uses up the nonces of another.
   *
   * @param expires when the nonce may be forgotten @param now both in seconds since the epoch
   */
  take(keyid: string, nonce: string, expires: number, now: number): boolean {
    const name = `${keyid} ${nonce}`;
    const until = this.#seen.get(name);
    if (until !== undefined && until >= now) return false;
    if (this.#seen.size >= this.#sweepAt) this.#sweep(now);
    for (const [oldest] of this.#seen) {
      if (this.#seen.size < this.#most) break;
      this.#seen.delete(oldest);
    }
    this.#seen.delete(name);
    this.#seen.set(name, expires);
    return true;
  }

  #sweep(now: number): void {
    for (const [name, expires] of this.#seen) if (expires < now) this.#seen.delete(name);
    this.#sweepAt = this.#seen.size * 2 + 1_000;
  }
}
