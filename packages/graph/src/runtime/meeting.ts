/** Where threads wait for each other: a barrier in shared memory. */
const [ARRIVED, ROUND, ABANDONED] = [0, 1, 2] as const;

export class Meeting {
  readonly memory: Int32Array<SharedArrayBuffer>;
  readonly #threads: number;

  constructor(threads: number, memory = new Int32Array(new SharedArrayBuffer(12))) {
    this.#threads = threads;
    this.memory = memory;
  }

  /** Blocks this thread until all have come. Each has to come as often as the others, abandoned or not. */
  arrive(): void {
    const round = Atomics.load(this.memory, ROUND);
    if (Atomics.add(this.memory, ARRIVED, 1) + 1 < this.#threads) {
      while (Atomics.load(this.memory, ROUND) === round) Atomics.wait(this.memory, ROUND, round);
      return;
    }
    Atomics.store(this.memory, ARRIVED, 0);
    Atomics.add(this.memory, ROUND, 1);
    Atomics.notify(this.memory, ROUND);
  }

  /** Says to all that the rest of the work need not be done. */
  abandon(): void {
    Atomics.store(this.memory, ABANDONED, 1);
  }

  get abandoned(): boolean {
    return Atomics.load(this.memory, ABANDONED) === 1;
  }

  /** Before work begins anew, when no thread is at it. */
  reset(): void {
    Atomics.store(this.memory, ABANDONED, 0);
  }
}
