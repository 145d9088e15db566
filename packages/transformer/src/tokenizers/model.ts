/** What turns a piece of text into tokens: the `model` of a `tokenizer.json`. */
export interface TokenModel {
  /** Appends the ids of one piece of well-formed text. */
  tokenize(piece: string, ids: number[]): void;
  /** What a token of the vocabulary stands for. */
  bytesOf(token: string): Uint8Array;
}
