/** Tokenizers that need no training: bytes, and the characters of a text. */
import { CHARACTER_OF_BYTE } from "./byte-alphabet.ts";
import { tokenizerFromJson } from "./document-tokenizer.ts";
import type { Tokenizer } from "./tokenizer.ts";
import type { AddedToken } from "./tokenizer-json.ts";

export interface SpecialTokens {
  /** Names such as `<|endoftext|>`; they get the ids after the others. */
  special?: readonly string[];
}

/** Token `n` is the byte `n`. */
export function bytesTokenizer({ special = [] }: SpecialTokens = {}): Tokenizer {
  return tokenizerFromJson({
    added_tokens: specialTokens(special, 256),
    pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, use_regex: false },
    decoder: { type: "ByteLevel" },
    model: {
      type: "BPE",
      vocab: Object.fromEntries(CHARACTER_OF_BYTE.map((character, byte) => [character, byte])),
      merges: [],
    },
  });
}

/**
 * One token for each different character of a text, in the order of their code points, as in nanoGPT.
 * @param text everything that is to be encoded later; another character is an error, or `unknown` if that is given
 */
export function charactersTokenizer(
  text: Iterable<string>,
  { special = [], unknown }: SpecialTokens & { unknown?: string } = {},
): Tokenizer {
  const seen = new Set<string>();
  for (const part of typeof text === "string" ? [text] : text) {
    for (const character of part.toWellFormed()) seen.add(character);
  }
  const inOrder = [...seen].sort((a, b) => (a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0));
  const names = unknown === undefined ? special : [unknown, ...special];
  const added = specialTokens(names, inOrder.length);
  return tokenizerFromJson({
    added_tokens: added,
    pre_tokenizer: { type: "Split", pattern: { Regex: "[\\s\\S]" }, behavior: "Isolated", invert: false },
    decoder: { type: "Fuse" },
    model: {
      type: "WordLevel",
      vocab: Object.fromEntries([
        ...inOrder.map((character, id) => [character, id] as const),
        ...added.map(({ content, id }) => [content, id] as const),
      ]),
      unk_token: unknown ?? "<unk>",
    },
  });
}

/** Special tokens with consecutive ids. */
export const specialTokens = (names: readonly string[], firstId: number): AddedToken[] =>
  names.map((content, index) => ({
    id: firstId + index,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  }));
