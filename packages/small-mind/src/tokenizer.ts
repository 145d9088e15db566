/**
 * The tokenizer of the small mind's language: a word with the space after it is a token, so that none begins
 * another (`l9` and `l94`); one more ends answers.
 */
import { WORDS } from "@candor/agent/small";
import { type Tokenizer, tokenizerFromJson } from "@candor/transformer";

/** Ends an answer. */
export const END = "<|end|>";

export const mindTokenizer = (): Tokenizer =>
  tokenizerFromJson({
    added_tokens: [
      {
        id: WORDS.length,
        content: END,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
        special: true,
      },
    ],
    pre_tokenizer: { type: "Split", pattern: { Regex: "[^ ]+ " }, behavior: "Isolated", invert: false },
    decoder: { type: "Fuse" },
    model: {
      type: "WordLevel",
      vocab: Object.fromEntries([...WORDS.map((word) => `${word} `), END].map((token, id) => [token, id])),
      unk_token: END,
    },
  });
