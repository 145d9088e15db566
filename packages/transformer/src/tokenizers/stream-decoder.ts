/** Text of a model as it speaks, token by token. */
import type { Tokenizer } from "./tokenizer.ts";

export interface StreamDecoder {
  /** The text that is certain by now: the bytes of an unfinished character wait for the next token. */
  push(id: number): string;
  /** What is left when no more tokens come: U+FFFD for an unfinished character. */
  end(): string;
}

/**
 * The strings of `push` and `end` together are what `tokenizer.decode` makes of all ids.
 * @example
 * const decoder = streamDecoder(tokenizer);
 * for await (const id of ids) process.stdout.write(decoder.push(id));
 * process.stdout.write(decoder.end());
 */
export function streamDecoder(
  tokenizer: Pick<Tokenizer, "bytes" | "isSpecial">,
  { skipSpecial = false } = {},
): StreamDecoder {
  const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
  return {
    push: (id) => (skipSpecial && tokenizer.isSpecial(id) ? "" : utf8.decode(tokenizer.bytes(id), { stream: true })),
    end: () => utf8.decode(),
  };
}
