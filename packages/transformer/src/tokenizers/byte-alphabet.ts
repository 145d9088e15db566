/** GPT-2's alphabet: every byte as one printable character, so that a vocabulary can be written as JSON. */

/** The character of each byte: itself where it is printable, else the next of U+0100 and up. */
export const CHARACTER_OF_BYTE: readonly string[] = (() => {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
    return String.fromCodePoint(printable ? byte : next++);
  });
})();

const BYTE_OF_CHARACTER = new Map(CHARACTER_OF_BYTE.map((character, byte) => [character, byte]));

/** The order in which Hugging Face numbers the alphabet when it trains: by code point. */
export const ALPHABET: readonly string[] = [...CHARACTER_OF_BYTE].sort((a, b) => (a < b ? -1 : 1));

/** The bytes that a token of the vocabulary stands for; undefined when it is not spelt in the alphabet. */
export function bytesOfSpelling(token: string): Uint8Array | undefined {
  const bytes = new Uint8Array(token.length);
  let at = 0;
  for (const character of token) {
    const byte = BYTE_OF_CHARACTER.get(character);
    if (byte === undefined) return undefined;
    bytes[at++] = byte;
  }
  return bytes.subarray(0, at);
}
