/** The merges of a byte-level BPE, and how they are applied to one piece of text. */
import { PairHeap } from "./pair-heap.ts";

/** Pair of ids -> rank and merged id, in a hash table with open addressing: a `Map` of keys above 2^32 is slow. */
export class MergeTable {
  readonly #mask: number;
  readonly #left: Int32Array;
  readonly #right: Int32Array;
  readonly #rank: Int32Array;
  readonly #merged: Int32Array;

  constructor(merges: readonly (readonly [left: number, right: number, merged: number])[]) {
    const size = 2 ** Math.ceil(Math.log2(Math.max(16, merges.length * 2)));
    this.#mask = size - 1;
    this.#left = new Int32Array(size).fill(-1);
    this.#right = new Int32Array(size);
    this.#rank = new Int32Array(size);
    this.#merged = new Int32Array(size);
    for (const [rank, [left, right, merged]] of merges.entries()) {
      const at = this.find(left, right);
      // Listed twice, the later one counts, as in Hugging Face's table.
      this.#left[at] = left;
      this.#right[at] = right;
      this.#rank[at] = rank;
      this.#merged[at] = merged;
    }
  }

  /** The slot of a pair, which is empty when the pair does not merge. */
  find(left: number, right: number): number {
    let at = (Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b)) >>> 7;
    for (at &= this.#mask; ; at = (at + 1) & this.#mask) {
      const found = this.#left[at];
      if (found === -1 || (found === left && this.#right[at] === right)) return at;
    }
  }

  /** Lower merges first; -1 when the pair does not merge. */
  rank(left: number, right: number): number {
    const at = this.find(left, right);
    return this.#left[at] === -1 ? -1 : (this.#rank[at] ?? -1);
  }

  merged(left: number, right: number): number {
    return this.#merged[this.find(left, right)] ?? -1;
  }

  /** Merges in place, lowest rank first and leftmost of equals. Returns how many ids are left at the start of `ids`. */
  apply(ids: Int32Array, length: number): number {
    return length <= SCAN_AT_MOST ? this.#scan(ids, length) : this.#queue(ids, length);
  }

  /** Quadratic, and the fastest for words as people write them. */
  #scan(ids: Int32Array, start: number): number {
    let length = start;
    const ranks = scanRanks;
    for (let i = 0; i + 1 < length; i++) ranks[i] = this.rank(at(ids, i), at(ids, i + 1));
    for (;;) {
      let best = -1;
      let bestRank = 0x7fffffff;
      for (let i = 0; i + 1 < length; i++) {
        const rank = at(ranks, i);
        if (rank !== -1 && rank < bestRank) {
          best = i;
          bestRank = rank;
        }
      }
      if (best === -1) return length;
      ids[best] = this.merged(at(ids, best), at(ids, best + 1));
      ids.copyWithin(best + 1, best + 2, length);
      ranks.copyWithin(best + 1, best + 2, length - 1);
      length--;
      if (best > 0) ranks[best - 1] = this.rank(at(ids, best - 1), at(ids, best));
      if (best + 1 < length) ranks[best] = this.rank(at(ids, best), at(ids, best + 1));
    }
  }

  /** For a piece without a break: a heap of candidate pairs over a linked list, n log n. */
  #queue(ids: Int32Array, length: number): number {
    const next = Int32Array.from({ length }, (_, i) => (i + 1 < length ? i + 1 : -1));
    const previous = Int32Array.from({ length }, (_, i) => i - 1);
    const heap = new PairHeap();
    const propose = (left: number) => {
      const right = left === -1 ? -1 : at(next, left);
      if (right === -1) return;
      const rank = this.rank(at(ids, left), at(ids, right));
      if (rank !== -1) heap.push(rank, left);
    };
    for (let i = 0; i < length; i++) propose(i);
    for (let top = heap.pop(); top !== undefined; top = heap.pop()) {
      const [rank, left] = top;
      const right = ids[left] === -1 ? -1 : at(next, left);
      // Its pair was merged away in the meantime.
      if (right === -1 || this.rank(at(ids, left), at(ids, right)) !== rank) continue;
      ids[left] = this.merged(at(ids, left), at(ids, right));
      ids[right] = -1;
      const after = at(next, right);
      next[left] = after;
      if (after !== -1) previous[after] = left;
      propose(at(previous, left));
      propose(left);
    }
    let kept = 0;
    for (let i = 0; i !== -1; i = at(next, i)) ids[kept++] = at(ids, i);
    return kept;
  }
}

const SCAN_AT_MOST = 48;
const scanRanks = new Int32Array(SCAN_AT_MOST);

/** Indices here are below the length by construction. */
const at = (array: Int32Array, index: number): number => array[index] as number;
