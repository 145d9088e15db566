/** Learns a byte-level BPE vocabulary from text; the same merges, in the same order, as Hugging Face's trainer. */
import { TransformerError } from "../transformer-error.ts";
import { ALPHABET, CHARACTER_OF_BYTE } from "./byte-alphabet.ts";
import { tokenizerFromJson } from "./document-tokenizer.ts";
import { learnMerges, type Words } from "./learn-merges.ts";
import { GPT2_PATTERN, LLAMA3_PATTERN, preTokenizer, QWEN2_PATTERN } from "./pre-tokenizer.ts";
import { specialTokens } from "./simple-tokenizers.ts";
import type { Tokenizer } from "./tokenizer.ts";
import { LARGEST_VOCABULARY, type OnePreTokenizer } from "./tokenizer-json.ts";

export interface TrainBpeOptions {
  /** Special tokens, the 256 bytes and the merges together; fewer when the text has no more to merge. */
  vocabSize: number;
  /** How text is cut into words. */
  pattern?: keyof typeof PATTERNS;
  /** Names such as `<|endoftext|>`; they get the first ids. */
  special?: readonly string[];
  /** A pair seen less often is not merged. */
  minFrequency?: number;
  signal?: AbortSignal;
  progress?: (report: BpeProgress) => void;
}

export type BpeProgress =
  | { stage: "reading"; characters: number; words: number }
  | { stage: "merging"; tokens: number; of: number };

const PATTERNS = { gpt2: GPT2_PATTERN, llama3: LLAMA3_PATTERN, qwen2: QWEN2_PATTERN };

// What has no break for so long (base64, a line of one letter) teaches no words, and would be read anew for each merge.
const LONGEST_WORD = 1_000;

/**
 * @param texts documents, or parts of them cut at line ends
 * @example
 * const tokenizer = await trainBpe([text], { vocabSize: 4096, special: ["<|endoftext|>"] });
 */
export async function trainBpe(
  texts: Iterable<string> | AsyncIterable<string>,
  { vocabSize, pattern = "gpt2", special = [], minFrequency = 2, signal, progress }: TrainBpeOptions,
): Promise<Tokenizer> {
  const base = special.length + 256;
  if (!Number.isInteger(vocabSize) || vocabSize < base || vocabSize > LARGEST_VOCABULARY)
    throw new TransformerError(
      `A vocabulary of ${vocabSize} tokens cannot be: 256 bytes and ${special.length} special tokens need ${base}`,
    );
  const steps: OnePreTokenizer[] = [
    ...(pattern === "gpt2"
      ? []
      : [
          {
            type: "Split" as const,
            pattern: { Regex: PATTERNS[pattern] },
            behavior: "Isolated" as const,
            invert: false,
          },
        ]),
    { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: pattern === "gpt2" },
  ];
  const counts = new Map<string, number>();
  const pre = preTokenizer(steps, "trainer");
  const names = special.length === 0 ? undefined : new RegExp(special.map(RegExp.escape).join("|"), "u");
  let characters = 0;
  let reported = 0;
  for await (const text of texts) {
    signal?.throwIfAborted();
    const wellFormed = text.toWellFormed();
    for (const part of names ? wellFormed.split(names) : [wellFormed]) pre.split(part, (piece) => count(counts, piece));
    characters += text.length;
    if (characters - reported > 1_000_000) {
      reported = characters;
      progress?.({ stage: "reading", characters, words: counts.size });
    }
  }

  const tokens = [...special, ...ALPHABET];
  const idOfByte = Int32Array.from(CHARACTER_OF_BYTE, (character) => special.length + ALPHABET.indexOf(character));
  const merges: [string, string][] = [];
  const idOf = new Map(tokens.map((token, id) => [token, id]));
  learnMerges(wordsOf(counts, idOfByte), minFrequency, (left, right) => {
    if (tokens.length >= vocabSize) return undefined;
    signal?.throwIfAborted();
    const parts: [string, string] = [tokens[left] ?? "", tokens[right] ?? ""];
    const token = parts.join("");
    merges.push(parts);
    if (tokens.length % 256 === 0) progress?.({ stage: "merging", tokens: tokens.length, of: vocabSize });
    const known = idOf.get(token);
    if (known !== undefined) return known;
    idOf.set(token, tokens.length);
    return tokens.push(token) - 1;
  });
  return tokenizerFromJson({
    added_tokens: specialTokens(special, 0),
    pre_tokenizer: steps.length === 1 ? steps[0] : { type: "Sequence", pretokenizers: steps },
    post_processor: { type: "ByteLevel", add_prefix_space: false, trim_offsets: false, use_regex: true },
    decoder: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
    model: { type: "BPE", vocab: Object.fromEntries(idOf), merges },
  });
}

function count(counts: Map<string, number>, piece: string): void {
  const before = counts.get(piece);
  if (before !== undefined) counts.set(piece, before + 1);
  // A copy: a slice as key would keep the whole text it was cut from alive.
  else counts.set(Buffer.from(piece).toString(), 1);
}

function wordsOf(counts: Map<string, number>, idOfByte: Int32Array): Words {
  const encoder = new TextEncoder();
  let total = 0;
  for (const word of counts.keys()) total += Math.min(LONGEST_WORD, Buffer.byteLength(word));
  const ids = new Int32Array(total);
  const starts = new Int32Array(counts.size + 1);
  const frequencies = new Float64Array(counts.size);
  let at = 0;
  let word = 0;
  for (const [text, frequency] of counts) {
    const bytes = encoder.encode(text);
    for (let i = 0; i < bytes.length && i < LONGEST_WORD; i++) ids[at++] = idOfByte[bytes[i] as number] as number;
    frequencies[word++] = frequency;
    starts[word] = at;
  }
  return { ids, starts, frequencies };
}
