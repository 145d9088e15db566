/** Several readers look at the same page one after the other: what was made of the last few texts is not made again. */
const LAST = 8;

/** @param work a pure function whose result is read-only: all who ask get the same one */
export function lately<T extends object>(work: (text: string) => T): (text: string) => T {
  const made = new Map<string, T>();
  return (text) => {
    const before = made.get(text);
    if (before !== undefined) return before;
    const result = work(text);
    const [oldest] = made.keys();
    if (made.size >= LAST && oldest !== undefined) made.delete(oldest);
    made.set(text, result);
    return result;
  };
}
