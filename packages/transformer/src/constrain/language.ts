/** What an answer must look like, byte by byte. */

/** A set of texts, read from the first byte on. States are numbers. */
export interface ByteLanguage {
  readonly start: number;
  /** @returns the state after a byte, or undefined where no text of the language goes on so */
  next(state: number, byte: number): number | undefined;
  /** Whether the text may end here. */
  accepts(state: number): boolean;
  /** The fewest bytes with which the text can be brought to an end: 0 where it may end. */
  distance(state: number): number;
  /** Whether nothing can come any more. */
  isFinal(state: number): boolean;
}
