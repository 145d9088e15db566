/** At most `most` of the items, evenly spread, the first and the last among them. */
export function thinned<T>(items: readonly T[], most: number): T[] {
  if (items.length <= most) return [...items];
  const last = items.length - 1;
  return items.filter(
    (_, index) => Math.floor((index * (most - 1)) / last) !== Math.floor(((index - 1) * (most - 1)) / last),
  );
}
