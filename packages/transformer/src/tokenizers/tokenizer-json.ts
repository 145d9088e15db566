/** `tokenizer.json` of Hugging Face, as far as byte-level BPE, characters and bytes need it. */
import { z } from "zod";
import { TransformerError } from "../transformer-error.ts";

/** Ids are keys of two in one double when merges are learnt; nobody has a vocabulary of so many. */
export const LARGEST_VOCABULARY = 2 ** 24;

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const AddedToken = z.object({
  id: z
    .int()
    .nonnegative()
    .max(LARGEST_VOCABULARY - 1),
  content: z.string().min(1),
  single_word: z.boolean().default(false),
  lstrip: z.boolean().default(false),
  rstrip: z.boolean().default(false),
  normalized: z.boolean().default(false),
  special: z.boolean().default(false),
});
export type AddedToken = z.infer<typeof AddedToken>;

const Nfc = z.object({ type: z.literal("NFC") });
const Normalizer = z.discriminatedUnion("type", [
  Nfc,
  z.object({ type: z.literal("Sequence"), normalizers: z.array(Nfc) }),
]);

const Split = z.object({
  type: z.literal("Split"),
  pattern: z.union([z.object({ Regex: z.string() }), z.object({ String: z.string().min(1) })]),
  behavior: z.enum(["Isolated", "Removed"]),
  invert: z.boolean().default(false),
});
const ByteLevel = z.object({
  type: z.literal("ByteLevel"),
  add_prefix_space: z.boolean().default(true),
  trim_offsets: z.boolean().default(true),
  use_regex: z.boolean().default(true),
});
const Digits = z.object({ type: z.literal("Digits"), individual_digits: z.boolean().default(false) });
const onePreTokenizer = [Split, ByteLevel, Digits] as const;
const PreTokenizer = z.discriminatedUnion("type", [
  ...onePreTokenizer,
  z.object({ type: z.literal("Sequence"), pretokenizers: z.array(z.discriminatedUnion("type", onePreTokenizer)) }),
]);
export type OnePreTokenizer = z.infer<(typeof onePreTokenizer)[number]>;

const Template = z.object({
  type: z.literal("TemplateProcessing"),
  single: z.array(
    z.union([
      z.object({ SpecialToken: z.object({ id: z.string(), type_id: z.int() }) }),
      z.object({ Sequence: z.object({ id: z.enum(["A", "B"]), type_id: z.int() }) }),
    ]),
  ),
  // Pairs of texts are for classifiers; kept for the way back only.
  pair: z.unknown(),
  special_tokens: z.record(
    z.string(),
    z.object({ id: z.string(), ids: z.array(z.int().nonnegative()), tokens: z.array(z.string()) }),
  ),
});
const onePostProcessor = [Template, ByteLevel] as const;
const PostProcessor = z.discriminatedUnion("type", [
  ...onePostProcessor,
  z.object({ type: z.literal("Sequence"), processors: z.array(z.discriminatedUnion("type", onePostProcessor)) }),
]);

const Decoder = z.discriminatedUnion("type", [ByteLevel, z.object({ type: z.literal("Fuse") })]);

// Checked by hand, where a schema would take seconds for 128,000 tokens and lose one that is called `__proto__`.
const Vocabulary = z.custom<Record<string, number>>(
  (value) =>
    isObject(value) &&
    Object.values(value).every((id) => Number.isInteger(id) && Number(id) >= 0 && Number(id) < LARGEST_VOCABULARY),
  "it must give each token a whole number",
);
const Merges = z.custom<(string | [string, string])[]>(
  (value) =>
    Array.isArray(value) &&
    value.every(
      (merge) => typeof merge === "string" || (Array.isArray(merge) && merge.every((t) => typeof t === "string")),
    ),
  "it must be a list of pairs of tokens",
);
const Bpe = z.object({
  type: z.literal("BPE"),
  // Dropout makes training data noisy on purpose; a text would have many encodings.
  dropout: z.null().or(z.literal(0)).default(null),
  unk_token: z.string().nullable().default(null),
  continuing_subword_prefix: z.literal("").nullable().default(null),
  end_of_word_suffix: z.literal("").nullable().default(null),
  fuse_unk: z.boolean().default(false),
  byte_fallback: z.literal(false).default(false),
  ignore_merges: z.boolean().default(false),
  vocab: Vocabulary,
  merges: Merges,
});
export type BpeModel = z.infer<typeof Bpe>;
const WordLevel = z.object({ type: z.literal("WordLevel"), vocab: Vocabulary, unk_token: z.string() });
export type WordLevelModel = z.infer<typeof WordLevel>;
const Model = z.discriminatedUnion("type", [Bpe, WordLevel]);

const TokenizerJson = z.object({
  version: z.literal("1.0").default("1.0"),
  truncation: z.unknown().optional(),
  padding: z.unknown().optional(),
  added_tokens: z.array(AddedToken).default([]),
  normalizer: Normalizer.nullable().default(null),
  pre_tokenizer: PreTokenizer.nullable().default(null),
  post_processor: PostProcessor.nullable().default(null),
  decoder: Decoder.nullable().default(null),
  model: Model,
});
export type TokenizerJson = z.infer<typeof TokenizerJson>;

/**
 * @param filename for the message
 * @throws {TransformerError} naming the first component that is not supported
 */
export function parseTokenizerJson(document: unknown, filename: string): TokenizerJson {
  // Early files of BPE, GPT-2's among them, name no type.
  const parsed = TokenizerJson.safeParse(withModelType(document));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = issue?.path.map(String).join(".") ?? "";
  const value = issue?.path.reduce<unknown>(
    (at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key],
    document,
  );
  const shown = JSON.stringify(typeof value === "object" && value ? ((value as { type?: unknown }).type ?? "") : value);
  throw new TransformerError(
    `${filename}: ${path || "the document"} is ${shown ?? "missing"}, which is not supported: ${issue?.message ?? ""}`,
    "Candor reads byte-level BPE (GPT-2, GPT-NeoX, Llama 3, Qwen), bytes and characters.",
  );
}

function withModelType(document: unknown): unknown {
  if (typeof document !== "object" || document === null || !("model" in document)) return document;
  const { model } = document;
  if (typeof model !== "object" || model === null || "type" in model || !("merges" in model)) return document;
  return { ...document, model: { ...model, type: "BPE" } };
}

/** One step or a sequence of them, as a list. */
export const preTokenizersOf = (pre: TokenizerJson["pre_tokenizer"]): OnePreTokenizer[] =>
  pre === null ? [] : pre.type === "Sequence" ? pre.pretokenizers : [pre];

/** The ids that the template puts before and after a text. */
export function templateOf(post: TokenizerJson["post_processor"]): { before: number[]; after: number[] } {
  const before: number[] = [];
  const after: number[] = [];
  const all = post === null ? [] : post.type === "Sequence" ? post.processors : [post];
  for (const one of all) {
    if (one.type !== "TemplateProcessing") continue;
    let side = before;
    for (const part of one.single) {
      if ("Sequence" in part) side = after;
      else side.push(...(one.special_tokens[part.SpecialToken.id]?.ids ?? []));
    }
  }
  return { before, after };
}
