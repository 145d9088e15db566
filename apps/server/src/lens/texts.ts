/** Texts that a model is looked at with: a file's, what the small mind is shown, or what the model itself would write. */
import { readFile } from "node:fs/promises";
import type { OpenModel } from "@candor/training";
import { Rollouts } from "@candor/transformer";
import { badInput } from "../failure.ts";

const MOST_TEXTS = 48;
const WRITTEN = { texts: 32, tokens: 64 } as const;

/** Lines, or where there are empty ones, what stands between them. @param most so many of the first */
export async function textsOfFile(path: string, most = MOST_TEXTS): Promise<string[]> {
  const text = await readFile(path, "utf8").catch(() => {
    throw badInput(`${path} cannot be read`, "Give a text file to --texts.");
  });
  const parts = /\n\s*\n/.test(text) ? text.split(/\n\s*\n/) : text.split("\n");
  const texts = parts.filter((part) => part.trim() !== "");
  if (texts.length === 0) throw badInput(`${path} holds no text`);
  return texts.slice(0, most);
}

/** Drawn from the model, each after the token that ends a text. */
export async function textsBy({ config, weights, tokenizer, end }: OpenModel): Promise<string[]> {
  const { decoder } = config;
  const tokens = Math.min(WRITTEN.tokens, decoder.context - 1);
  await using rollouts = await Rollouts.create(decoder, { rows: WRITTEN.texts, context: tokens + 1, threads: 1 });
  await rollouts.setWeights(weights);
  const written = await rollouts.write(
    Array.from({ length: WRITTEN.texts }, () => [end]),
    // A text goes on after its end: many short ones would show less.
    { maxTokens: tokens, seed: 1, end: -1 },
  );
  return written.map((each) => tokenizer.decode(each.tokens));
}
