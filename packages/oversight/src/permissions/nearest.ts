/** The name that was probably meant. */

/** @returns the closest of `names`, when it is close enough to be a slip of the hand */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const most = Math.max(1, Math.ceil(word.length / 3));
  const ranked = names
    .map((name) => ({ name, distance: distance(word.toLowerCase(), name.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance);
  const [best] = ranked;
  return best && best.distance <= most ? best.name : undefined;
}

/** Levenshtein's, with two rows. */
function distance(a: string, b: string): number {
  // Whatever is much longer is no slip, and need not be measured.
  if (Math.abs(a.length - b.length) > 10) return Number.POSITIVE_INFINITY;
  let above = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [i, letter] of [...a].entries()) {
    const row = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const changed = (above[j] ?? 0) + (letter === other ? 0 : 1);
      row.push(Math.min(changed, (above[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1));
    }
    above = row;
  }
  return above.at(-1) ?? 0;
}
