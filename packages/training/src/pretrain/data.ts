/** From paths to tokens: a tokenizer of the kind that a run asks for, and shards made with it. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { bytesTokenizer, charactersTokenizer, openTokenizer, type Tokenizer, trainBpe } from "@candor/transformer";
import { writeAtomically } from "../atomic-file.ts";
import { Dataset } from "../data/dataset.ts";
import { readDocuments } from "../data/documents.ts";
import { prepareDataset } from "../data/prepare.ts";
import { decoderOf, type PretrainConfig } from "./config.ts";
import { checkMemory, estimateMemory, type MemoryEstimate } from "./memory.ts";

export interface PretrainData {
  dataset: Dataset;
  tokenizer: Tokenizer;
  /** Ends a document; a text split by position has none. */
  endOfText: number | undefined;
}

export const END_OF_TEXT = "<|endoftext|>";

/** A vocabulary is learnt from the beginning of the data. */
const LEARNT_FROM = 20_000_000;

export async function openPretrainData(
  paths: readonly string[],
  out: string,
  config: PretrainConfig,
  hooks: { progress?: (said: string) => void; signal?: AbortSignal } = {},
): Promise<PretrainData> {
  checkMemory(leastMemory(config));
  const read = config.separator === undefined ? {} : { separator: config.separator };
  const file = join(out, "tokenizer.json");
  const special = config.split.by === "position" ? [] : [END_OF_TEXT];
  const tokenizer = existsSync(file)
    ? await openTokenizer(out)
    : await newTokenizer(() => texts(paths, read), config, special, hooks.signal);
  const document = JSON.stringify(tokenizer);
  const endOfText = tokenizer.idOf(END_OF_TEXT);
  const folder = join(out, "data");
  await prepareDataset(paths, folder, {
    ...read,
    encoder: { vocabSize: tokenizer.vocabSize, encode: (text) => tokenizer.encode(text, { added: "text" }) },
    tokenizerIdentity: document,
    split: config.split,
    ...(endOfText !== undefined && { endOfText }),
    ...(hooks.signal && { signal: hooks.signal }),
    progress: ({ documents, tokens }) => hooks.progress?.(`data: ${documents} documents, ${tokens} tokens`),
  });
  // Only now: data that does not do leaves nothing behind that would meet the next data.
  if (!existsSync(file)) writeAtomically(file, (append) => append(Buffer.from(document)));
  return { dataset: new Dataset(folder), tokenizer, endOfText };
}

/** Of the smallest vocabulary that there can be: what is refused now need not be tokenised first. */
function leastMemory(config: PretrainConfig): MemoryEstimate {
  const vocab = config.tokenizer.kind === "bpe" ? config.tokenizer.vocab : 1;
  return estimateMemory(decoderOf(config, vocab), config.batch, config.model.context, config.accumulate);
}

function* texts(paths: readonly string[], read: { separator?: "blank-line" }): Generator<string> {
  for (const { text } of readDocuments(paths, read)) yield text;
}

async function newTokenizer(
  documents: () => Generator<string>,
  { tokenizer }: PretrainConfig,
  special: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Tokenizer> {
  switch (tokenizer.kind) {
    case "bytes":
      return bytesTokenizer({ special });
    case "characters":
      return charactersTokenizer(documents(), { special });
    case "bpe":
      return trainBpe(beginning(documents()), { vocabSize: tokenizer.vocab, special, ...(signal && { signal }) });
  }
}

function* beginning(documents: Generator<string>): Generator<string> {
  let length = 0;
  for (const text of documents) {
    yield text;
    length += text.length;
    if (length >= LEARNT_FROM) return;
  }
}
