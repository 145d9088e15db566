/** Whether a text takes over a run of words of an order: whoever says an order again has it from there. */

const RUN = 6;

const wordsOf = (text: string): string[] => text.toLowerCase().split(/\s+/).filter(Boolean);

/** @param order as it stands on the page; one of fewer than six words is repeated when all of it is */
export function repeatsOrder(text: string, order: string): boolean {
  const said = wordsOf(text).join(" ");
  const words = wordsOf(order);
  const length = Math.min(RUN, words.length);
  return (
    length > 0 &&
    words.some((_, at) => at + length <= words.length && said.includes(words.slice(at, at + length).join(" ")))
  );
}
