/** Where threads wait for each other: a barrier in shared memory. */
const [ARRIVED, ROUND, ABANDONED, OVER] = [0, 1, 2, 3] as const;

export class Meeting {
  readonly memory: Int32Array<SharedArrayBuffer>;
  readonly #threads: number;

  constructor(threads: number, memory = new Int32Array(new SharedArrayBuffer(16))) {
    this.#threads = threads;
    this.memory = memory;
  }

  /** Blocks this thread until all have come. Each has to come as often as the others, abandoned or not, until it is over. */
  arrive(): void {
    // In this order: `end` says that it is over before it moves the round on.
    const round = Atomics.load(this.memory, ROUND);
    if (Atomics.load(this.memory, OVER) === 1) return;
    if (Atomics.add(this.memory, ARRIVED, 1) + 1 < this.#threads) {
      while (Atomics.load(this.memory, ROUND) === round) Atomics.wait(this.memory, ROUND, round);
      return;
    }
    Atomics.store(this.memory, ARRIVED, 0);
    this.#moveOn();
  }

  /** Says to all that the rest of the work need not be done. */
  abandon(): void {
    Atomics.store(this.memory, ABANDONED, 1);
  }

  /** For good, when one of the threads will not come again: nobody waits any longer. */
  end(): void {
    this.abandon();
    Atomics.store(this.memory, OVER, 1);
    this.#moveOn();
  }

  get abandoned(): boolean {
    return Atomics.load(this.memory, ABANDONED) === 1;
  }

  /** Before work begins anew, when no thread is at it. */
  reset(): void {
    Atomics.store(this.memory, ABANDONED, 0);
  }

  #moveOn(): void {
    Atomics.add(this.memory, ROUND, 1);
    Atomics.notify(this.memory, ROUND);
  }
}
