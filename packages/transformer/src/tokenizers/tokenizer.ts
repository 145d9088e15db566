/** Text to numbers and back: what every tokenizer can do. */
import type { TokenizerJson } from "./tokenizer-json.ts";

export interface EncodeOptions {
  /**
   * What to do with the name of an added token (`<|endoftext|>`) in the text: `"parse"` makes it that token, as
   * `transformers` does; `"text"` spells it out, so that a stranger's text can never act as a control token.
   */
  added?: "parse" | "text";
  /** Adds what the tokenizer's template puts around a text (Llama 3: `<|begin_of_text|>` in front). */
  template?: boolean;
}

export interface DecodeOptions {
  /** Leaves special tokens out of the text. */
  skipSpecial?: boolean;
}

export interface Tokenizer {
  /** One more than the largest id. */
  readonly vocabSize: number;
  /** @throws {TransformerError} when the text has a character that the vocabulary cannot spell */
  encode(text: string, options?: EncodeOptions): number[];
  /** Bytes that are not UTF-8 become U+FFFD. @throws {TransformerError} on an id that is not in the vocabulary */
  decode(ids: Iterable<number>, options?: DecodeOptions): string;
  /** As written in the vocabulary: GPT-2's ` the` is `Ġthe`. */
  token(id: number): string;
  idOf(token: string): number | undefined;
  /** The text of one token: a token may end in the middle of a character. */
  bytes(id: number): Uint8Array;
  isSpecial(id: number): boolean;
  /** The document that `transformers` reads from `tokenizer.json`. */
  toJSON(): TokenizerJson;
}
