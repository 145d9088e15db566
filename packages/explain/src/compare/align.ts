/** Two sequences side by side. */

export interface Pair {
  a: number | null;
  b: number | null;
}

/**
 * Aligns two lists of keys as a patience diff does: the common beginning and end, then the longest rising sequence of
 * keys that each list has once, then the same between those. Time grows as n log n, so that runs of 10,000 steps align
 * in milliseconds; a least-edits alignment would pair a few more steps that both did several times.
 * @returns every index of both lists once, in order
 */
export function align(a: readonly string[], b: readonly string[]): Pair[] {
  const pairs: Pair[] = [];
  between(a, b, 0, a.length, 0, b.length, pairs);
  return pairs;
}

function between(
  a: readonly string[],
  b: readonly string[],
  fromA: number,
  toA: number,
  fromB: number,
  toB: number,
  pairs: Pair[],
): void {
  while (fromA < toA && fromB < toB && a[fromA] === b[fromB]) pairs.push({ a: fromA++, b: fromB++ });
  let tail = 0;
  while (fromA < toA - tail && fromB < toB - tail && a[toA - tail - 1] === b[toB - tail - 1]) tail++;
  const [endA, endB] = [toA - tail, toB - tail];
  const anchors = fromA < endA && fromB < endB ? risingAnchors(a, b, fromA, endA, fromB, endB) : [];
  let [atA, atB] = [fromA, fromB];
  for (const anchor of anchors) {
    between(a, b, atA, anchor.a, atB, anchor.b, pairs);
    pairs.push(anchor);
    [atA, atB] = [anchor.a + 1, anchor.b + 1];
  }
  if (anchors.length > 0) between(a, b, atA, endA, atB, endB, pairs);
  else {
    for (let at = fromA; at < endA; at++) pairs.push({ a: at, b: null });
    for (let at = fromB; at < endB; at++) pairs.push({ a: null, b: at });
  }
  for (let at = 0; at < tail; at++) pairs.push({ a: endA + at, b: endB + at });
}

/** Keys that stand once in both stretches, as the longest sequence that rises in both. */
function risingAnchors(
  a: readonly string[],
  b: readonly string[],
  fromA: number,
  toA: number,
  fromB: number,
  toB: number,
): { a: number; b: number }[] {
  const once = (list: readonly string[], from: number, to: number): Map<string, number> => {
    const places = new Map<string, number>();
    for (let at = from; at < to; at++) places.set(list[at] ?? "", places.has(list[at] ?? "") ? -1 : at);
    return places;
  };
  const inB = once(b, fromB, toB);
  const matches: { a: number; b: number }[] = [];
  for (const [key, at] of once(a, fromA, toA)) {
    const other = inB.get(key) ?? -1;
    if (at >= 0 && other >= 0) matches.push({ a: at, b: other });
  }
  matches.sort((x, y) => x.a - y.a);
  // Longest increasing subsequence by piles, each match remembering the top of the pile before.
  const piles: number[] = [];
  const before: number[] = [];
  for (const [index, match] of matches.entries()) {
    let [low, high] = [0, piles.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((matches[piles[middle] ?? 0]?.b ?? 0) < match.b) low = middle + 1;
      else high = middle;
    }
    before[index] = low > 0 ? (piles[low - 1] ?? -1) : -1;
    piles[low] = index;
  }
  const rising: { a: number; b: number }[] = [];
  for (let at = piles.at(-1) ?? -1; at >= 0; at = before[at] ?? -1) {
    const match = matches[at];
    if (match) rising.push(match);
  }
  return rising.reverse();
}
