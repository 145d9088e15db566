/** How long a text is for a model, without the model's own tokenizer. */

/**
 * Tokens of `text`, rather too many than too few. Byte-pair vocabularies of today's models take 3.8 to 4.5 characters of
 * English a token, 2 to 3 of other alphabets and about one of Chinese, Japanese or Korean; counting 3.5 UTF-8
 * bytes a token errs on the safe side for the first and is close for the others.
 */
export function countTokens(text: string): number {
  return Math.ceil(byteLength(text) / BYTES_PER_TOKEN);
}

const BYTES_PER_TOKEN = 3.5;

/** The beginning of `text` that fits in `tokens`, and a mark where something was left out. */
export function clip(text: string, tokens: number): string {
  if (countTokens(text) <= tokens) return text;
  const room = Math.max(0, Math.floor(tokens * BYTES_PER_TOKEN) - 4);
  let end = Math.min(text.length, room);
  while (end > 0 && byteLength(text.slice(0, end)) > room) end = Math.floor(end * 0.9);
  // Not between the halves of a surrogate pair.
  if (/[\uD800-\uDBFF]$/.test(text.slice(0, end))) end -= 1;
  return `${text.slice(0, end)}…`;
}

/** As many of `lines` as fit, from the first on. */
export function clipLines(lines: readonly string[], tokens: number): string[] {
  const kept: string[] = [];
  let left = tokens;
  for (const line of lines) {
    left -= countTokens(line) + 1;
    if (left < 0) break;
    kept.push(line);
  }
  return kept;
}

const byteLength = (text: string): number => Buffer.byteLength(text);
