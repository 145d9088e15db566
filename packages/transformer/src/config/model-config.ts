/** `config.json` of Hugging Face, both ways. */
import { z } from "zod";
import { TransformerError } from "../transformer-error.ts";
import { type DecoderConfig, FAMILIES, type Family } from "./decoder-config.ts";
import { type FamilyRules, Unsupported } from "./family.ts";
import { gptNeoX } from "./gpt-neox.ts";
import { gpt2 } from "./gpt2.ts";
import { llama, qwen2, qwen3 } from "./llama.ts";

export interface ModelConfig {
  family: Family;
  decoder: DecoderConfig;
  /** Begins a text; ends it (some models have several such tokens). */
  tokens: { begin?: number; end: number[] };
  /** It gives a text one number, by a head at its last token, instead of saying what comes next. */
  scored?: boolean;
}

/** The weight of that head, [1, width]. */
export const SCORE_HEAD = "score.weight";

const CLASSIFIER = "ForSequenceClassification";

const RULES: Record<Family, FamilyRules> = { gpt2, gpt_neox: gptNeoX, llama, qwen2, qwen3 };
export const rulesOf = (family: Family): FamilyRules => RULES[family];

const TokenId = z.int().nonnegative();
const Outer = z.object({
  model_type: z.string(),
  architectures: z.array(z.string()).nullish(),
  bos_token_id: TokenId.nullish(),
  eos_token_id: z.union([TokenId, z.array(TokenId)]).nullish(),
  quantization_config: z.undefined("is set: quantised weights are not supported").optional(),
});

/**
 * @param filename for messages
 * @throws {TransformerError} in one line: an unknown architecture, a missing field, fields that contradict each other
 */
export function parseModelConfig(document: unknown, filename = "config.json"): ModelConfig {
  try {
    const outer = Outer.parse(document);
    const family = FAMILIES.find((name) => name === outer.model_type);
    if (family === undefined)
      throw new Unsupported(`model_type is ${JSON.stringify(outer.model_type)}; supported are ${FAMILIES.join(", ")}`);
    const scored = outer.architectures?.some((name) => name.endsWith(CLASSIFIER)) ?? false;
    // A model that says nothing has no unembedding.
    const decoder = { ...RULES[family].parse(document), ...(scored && { tied: true }) };
    const problem = contradictionIn(decoder);
    if (problem !== undefined) throw new Unsupported(problem);
    const begin = outer.bos_token_id ?? undefined;
    return {
      family,
      decoder,
      ...(scored && { scored }),
      tokens: { end: [outer.eos_token_id ?? []].flat(), ...(begin === undefined ? {} : { begin }) },
    };
  } catch (error) {
    if (error instanceof Unsupported) throw new TransformerError(`${filename}: ${error.message}`);
    if (!(error instanceof z.ZodError)) throw error;
    const issue = error.issues[0];
    throw new TransformerError(
      `${filename}: ${issue?.path.map(String).join(".") || "the document"}: ${issue?.message}`,
    );
  }
}

/** What makes a decoder impossible, in one line. */
export function contradictionIn(config: DecoderConfig): string | undefined {
  const { heads, kvHeads, headDim, positions, norm } = config;
  for (const [name, size] of Object.entries(config)) {
    if (typeof size === "number" && !(Number.isSafeInteger(size) && size > 0)) return `${name} is ${size}`;
  }
  if (heads % kvHeads !== 0) return `${heads} heads cannot share ${kvHeads} heads of keys and values`;
  if (norm.kind === "none") return "it has no norms";
  if (config.bidirectional) return "positions see what comes after them";
  if (norm.kind === "rms" && norm.bias) return "an RMS norm has no bias";
  if (positions.kind === "rotary" && (rotaryWidth(config) % 2 !== 0 || rotaryWidth(config) === 0))
    return `${positions.fraction} of heads ${headDim} wide is ${rotaryWidth(config)} rotary dimensions: they go in pairs`;
  return undefined;
}

/** How many dimensions of each head are turned. */
export const rotaryWidth = ({ positions, headDim }: DecoderConfig): number =>
  positions.kind === "rotary" ? Math.floor(headDim * positions.fraction) : 0;

/** The family whose models are such decoders. @throws {TransformerError} when none is */
export function familyOf(config: DecoderConfig): Family {
  const problem = contradictionIn(config);
  if (problem !== undefined) throw new TransformerError(`The decoder cannot be: ${problem}`);
  const fitting = FAMILIES.find((family) => RULES[family].misfit(config) === undefined);
  if (fitting !== undefined) return fitting;
  const reasons = FAMILIES.map((family) => `${family}: ${RULES[family].misfit(config)}`);
  throw new TransformerError(`No Hugging Face architecture is such a decoder (${reasons.join("; ")})`);
}

/**
 * The document that `transformers` reads from `config.json`.
 * @throws {TransformerError} when the family cannot be such a decoder
 */
export function modelConfigToJson(config: ModelConfig, dtype: string): Record<string, unknown> {
  const { family, decoder, tokens, scored = false } = config;
  const misfit = contradictionIn(decoder) ?? RULES[family].misfit(decoder);
  if (misfit !== undefined) throw new TransformerError(`The decoder cannot be a ${family}: ${misfit}`);
  const { architecture } = RULES[family];
  return {
    architectures: [scored ? architecture.replace(/LMHeadModel|ForCausalLM/, CLASSIFIER) : architecture],
    ...(scored && { id2label: { 0: "LABEL_0" }, label2id: { LABEL_0: 0 } }),
    model_type: family,
    ...RULES[family].write(decoder),
    bos_token_id: tokens.begin ?? null,
    eos_token_id: tokens.end.length > 1 ? tokens.end : (tokens.end[0] ?? null),
    torch_dtype: dtype,
  };
}
