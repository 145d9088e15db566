/** A vocabulary of whole pieces; with one piece a character, the tokenizer of nanoGPT's Shakespeare. */
import { TransformerError } from "../transformer-error.ts";
import type { TokenModel } from "./model.ts";
import type { WordLevelModel } from "./tokenizer-json.ts";

export function wordLevel({ vocab, unk_token }: WordLevelModel): TokenModel {
  const idOf = new Map(Object.entries(vocab));
  const unknown = idOf.get(unk_token);
  const encoder = new TextEncoder();
  return {
    tokenize(piece, ids) {
      const id = idOf.get(piece) ?? unknown;
      if (id === undefined)
        throw new TransformerError(
          `The vocabulary has no ${JSON.stringify(piece)}`,
          "Train the tokenizer on a text that has it, or give it a token for the unknown.",
        );
      ids.push(id);
    },
    bytesOf: (token) => encoder.encode(token),
  };
}
