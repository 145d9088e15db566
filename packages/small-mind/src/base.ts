/** The model before it has learnt anything. */
import { decoderOf, initialWeights, parsePretrainConfig } from "@candor/training";
import { savePretrained } from "@candor/transformer";
import { mindTokenizer } from "./tokenizer.ts";

/** 1.4 million numbers. Positions are turned, so that a word finds those beside it wherever they stand. */
const MODEL = {
  layers: 3,
  heads: 2,
  width: 192,
  mlpWidth: 512,
  context: 768,
  positions: "rotary",
  norm: "rms",
  activation: "silu",
  gated: true,
} as const;

/** Writes it in Hugging Face layout. */
export async function writeBase(folder: string, seed: number): Promise<void> {
  const tokenizer = mindTokenizer();
  const decoder = decoderOf(parsePretrainConfig({ model: MODEL }, "the small mind"), tokenizer.vocabSize);
  const config = { family: "llama", decoder, tokens: { end: [tokenizer.vocabSize - 1] } } as const;
  await savePretrained(folder, {
    config: { ...config, tokens: { end: [...config.tokens.end] } },
    weights: initialWeights(decoder, seed),
    tokenizer,
  });
}
