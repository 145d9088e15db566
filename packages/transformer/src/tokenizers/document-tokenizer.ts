/** The tokenizer that a `tokenizer.json` describes. */
import { TransformerError } from "../transformer-error.ts";
import { AddedTokens } from "./added-tokens.ts";
import { byteLevelBpe } from "./byte-level-bpe.ts";
import { preTokenizer } from "./pre-tokenizer.ts";
import type { DecodeOptions, EncodeOptions, Tokenizer } from "./tokenizer.ts";
import { parseTokenizerJson, preTokenizersOf, type TokenizerJson, templateOf } from "./tokenizer-json.ts";
import { type Entry, Vocabulary } from "./vocabulary.ts";
import { wordLevel } from "./word-level.ts";

/**
 * Makes a tokenizer of a parsed `tokenizer.json`.
 * @param document as `JSON.parse` gives it
 * @param filename for messages
 * @throws {TransformerError} naming what is not supported or contradicts itself
 */
export function tokenizerFromJson(document: unknown, filename = "tokenizer.json"): Tokenizer {
  return tokenizerFrom(parseTokenizerJson(document, filename), filename);
}

function tokenizerFrom(document: TokenizerJson, filename: string): Tokenizer {
  const { model: described, added_tokens } = document;
  const steps = preTokenizersOf(document.pre_tokenizer);
  const fits = described.type === "BPE" ? "ByteLevel" : "Fuse";
  if (document.decoder?.type !== fits)
    throw new TransformerError(
      `${filename}: decoder is ${document.decoder?.type ?? "missing"}; with the model ${described.type} it must be ${fits}`,
    );
  if (described.type === "BPE" && !steps.some((step) => step.type === "ByteLevel"))
    throw new TransformerError(`${filename}: pre_tokenizer has no ByteLevel; only byte-level BPE is supported`);

  const pre = preTokenizer(steps, filename);
  const names = new Set(added_tokens.map(({ content }) => content));
  const model = described.type === "BPE" ? byteLevelBpe(described, names, filename) : wordLevel(described);
  const normalize = document.normalizer === null ? (text: string) => text : (text: string) => text.normalize("NFC");
  const added = new AddedTokens(added_tokens, normalize);
  const vocabulary = new Vocabulary(entries(), filename);
  const { before, after } = templateOf(document.post_processor);
  for (const id of [...before, ...after]) vocabulary.at(id);

  function* entries(): Generator<Entry> {
    for (const [token, id] of Object.entries(described.vocab))
      yield { token, id, bytes: model.bytesOf(token), special: false };
    const encoder = new TextEncoder();
    for (const { content, id, special } of added_tokens)
      yield { token: content, id, bytes: encoder.encode(content), special };
  }

  return {
    vocabSize: vocabulary.size,
    encode(text, { added: names = "parse", template = false }: EncodeOptions = {}) {
      const ids = template ? [...before] : [];
      // Half of a surrogate pair has no bytes; as U+FFFD it has.
      const wellFormed = text.toWellFormed();
      const visit = (piece: string) => model.tokenize(piece, ids);
      for (const part of names === "parse" ? added.split(wellFormed) : [normalize(wellFormed)]) {
        if (typeof part === "string") pre.split(part, visit);
        else ids.push(part.id);
      }
      if (template) ids.push(...after);
      return ids;
    },
    decode: (ids, { skipSpecial = false }: DecodeOptions = {}) => vocabulary.decode(ids, skipSpecial),
    token: (id) => vocabulary.at(id).token,
    idOf: (token) => vocabulary.idOf(token),
    bytes: (id) => vocabulary.at(id).bytes,
    isSpecial: (id) => vocabulary.at(id).special,
    toJSON: () => document,
  };
}
