/** The heart of training BPE: merge the most frequent pair of neighbours, again and again. */
import { PairHeap } from "./pair-heap.ts";
import { LARGEST_VOCABULARY } from "./tokenizer-json.ts";

/** Different words, one after the other: word `w` is `ids[starts[w]] .. ids[starts[w + 1]]`. Changed by merging. */
export interface Words {
  ids: Int32Array;
  starts: Int32Array;
  /** How often each occurs. */
  frequencies: Float64Array;
}

interface Pair {
  count: number;
  /** Words that had it when it was counted; some may have lost it since. */
  words: number[];
}

// Left id in the high bits, so that keys are ordered as the pairs are: ties go to the smaller pair.
const RIGHT = LARGEST_VOCABULARY;

/**
 * @param merge is told the most frequent pair and gives the id of both together; undefined ends the learning
 */
export function learnMerges(
  words: Words,
  minFrequency: number,
  merge: (left: number, right: number) => number | undefined,
): void {
  const { ids, starts, frequencies } = words;
  const lengths = Int32Array.from(frequencies, (_, w) => (starts[w + 1] as number) - (starts[w] as number));
  const pairs = new Map<number, Pair>();
  const heap = new PairHeap();

  const add = (left: number, right: number, count: number, word: number): number => {
    const key = left * RIGHT + right;
    const pair = pairs.get(key);
    if (pair === undefined) pairs.set(key, { count, words: [word] });
    else {
      pair.count += count;
      // Words come in order, so that one word's repeats stand together.
      if (pair.words[pair.words.length - 1] !== word) pair.words.push(word);
    }
    return key;
  };

  for (let word = 0; word < lengths.length; word++) {
    const end = (starts[word] as number) + (lengths[word] as number);
    for (let i = starts[word] as number; i + 1 < end; i++)
      add(ids[i] as number, ids[i + 1] as number, frequencies[word] as number, word);
  }
  for (const [key, { count }] of pairs) heap.push(-count, key);

  for (let top = heap.pop(); top !== undefined; top = heap.pop()) {
    const [negative, key] = top;
    const pair = pairs.get(key);
    if (pair === undefined || pair.count <= 0) continue;
    if (pair.count !== -negative) {
      // Counted when it was more frequent: back to its place. (When it became more frequent it was proposed anew.)
      if (pair.count < -negative) heap.push(-pair.count, key);
      continue;
    }
    if (pair.count < Math.max(1, minFrequency)) return;
    const left = Math.floor(key / RIGHT);
    const right = key % RIGHT;
    const merged = merge(left, right);
    if (merged === undefined) return;
    const grown = new Set<number>();
    for (const word of pair.words) {
      const start = starts[word] as number;
      const end = start + (lengths[word] as number);
      const frequency = frequencies[word] as number;
      let to = start;
      for (let i = start; i < end; i++) {
        const here = ids[i] as number;
        if (here !== left || i + 1 >= end || ids[i + 1] !== right) {
          ids[to++] = here;
          continue;
        }
        if (to > start) {
          const before = ids[to - 1] as number;
          lose(before, left, frequency);
          grown.add(add(before, merged, frequency, word));
        }
        if (i + 2 < end) {
          const after = ids[i + 2] as number;
          lose(right, after, frequency);
          grown.add(add(merged, after, frequency, word));
        }
        ids[to++] = merged;
        i++;
      }
      lengths[word] = to - start;
    }
    pairs.delete(key);
    for (const each of grown) {
      const grownPair = pairs.get(each);
      if (grownPair !== undefined && grownPair.count > 0) heap.push(-grownPair.count, each);
    }
  }

  function lose(left: number, right: number, count: number): void {
    const pair = pairs.get(left * RIGHT + right);
    if (pair !== undefined) pair.count -= count;
  }
}
