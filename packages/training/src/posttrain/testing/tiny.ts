/** A model of one layer with a few words, and files of judgments about what it says. Tests only. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { charactersTokenizer, familyOf, savePretrained } from "@candor/transformer";
import { decoderOf, parsePretrainConfig } from "../../pretrain/config.ts";
import { initialWeights } from "../../pretrain/initial-weights.ts";
import { Random } from "../../random.ts";
import { type OpenModel, openModel } from "../model.ts";

const END = "<|endoftext|>";

export const tinyFolder = (): string => mkdtempSync(join(tmpdir(), "candor-posttrain-"));

/** It knows the letters a to f, colon and blank. */
export async function tinyModel(folder: string, { letters = "abcdef: ", seed = 1 } = {}): Promise<OpenModel> {
  const tokenizer = charactersTokenizer([letters], { special: [END] });
  const config = parsePretrainConfig(
    { model: { layers: 1, heads: 2, width: 16, context: 24, biases: true } },
    "a test",
  );
  const decoder = decoderOf(config, tokenizer.vocabSize);
  const end = tokenizer.idOf(END);
  if (end === undefined) throw new Error("the tokenizer has no end");
  const weights = initialWeights(decoder, seed);
  await savePretrained(folder, {
    config: { family: familyOf(decoder), decoder, tokens: { end: [end] } },
    weights,
    tokenizer,
  });
  return openModel(folder);
}

/** Answers of letters to prompts of letters; good is what has more a than b. */
export function judgedRows(count: number, seed: number, raters: readonly string[] = []): object[] {
  const random = new Random(seed);
  const letters = (most: number): string =>
    Array.from({ length: 2 + random.below(most) }, () => random.pick(["a", "b", "c", "d"])).join("");
  return Array.from({ length: count }, () => {
    const [prompt, completion] = [`${letters(3)}:`, ` ${letters(5)}`];
    const label = completion.split("a").length > completion.split("b").length;
    return raters.length === 0
      ? [{ prompt, completion, label }]
      : raters.map((rater) => ({ prompt, completion, label, rater }));
  }).flat();
}

export function pairRows(count: number, seed: number): object[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => {
    const rest = Array.from({ length: 1 + random.below(4) }, () => random.pick(["c", "d"])).join("");
    return { prompt: `${random.pick(["a", "b"])}${rest}:`, chosen: ` a${rest}`, rejected: ` b${rest}` };
  });
}

export function linesIn(folder: string, name: string, rows: readonly object[]): string {
  const path = join(folder, name);
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  return path;
}
