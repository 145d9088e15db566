/** A binary heap of pairs of numbers, least first: by the first, of equals by the second. */
export class PairHeap {
  readonly #firsts: number[] = [];
  readonly #seconds: number[] = [];

  push(first: number, second: number): void {
    const firsts = this.#firsts;
    const seconds = this.#seconds;
    let i = firsts.length;
    // Parents move down until the place is found: half the writes of swapping.
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const f = firsts[parent] as number;
      const s = seconds[parent] as number;
      if (f < first || (f === first && s <= second)) break;
      firsts[i] = f;
      seconds[i] = s;
      i = parent;
    }
    firsts[i] = first;
    seconds[i] = second;
  }

  pop(): [first: number, second: number] | undefined {
    const firsts = this.#firsts;
    const seconds = this.#seconds;
    const top: [number, number] = [firsts[0] as number, seconds[0] as number];
    const first = firsts.pop();
    const second = seconds.pop();
    if (first === undefined || second === undefined) return undefined;
    const size = firsts.length;
    if (size === 0) return top;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= size) break;
      if (child + 1 < size && this.#less(child + 1, child)) child++;
      const f = firsts[child] as number;
      const s = seconds[child] as number;
      if (first < f || (first === f && second <= s)) break;
      firsts[i] = f;
      seconds[i] = s;
      i = child;
    }
    firsts[i] = first;
    seconds[i] = second;
    return top;
  }

  #less(a: number, b: number): boolean {
    const difference = (this.#firsts[a] as number) - (this.#firsts[b] as number);
    return difference < 0 || (difference === 0 && (this.#seconds[a] as number) < (this.#seconds[b] as number));
  }
}
