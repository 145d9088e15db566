/** From texts to tokens: a completion begins where its prompt ends, and ends with the token that ends texts. */
import type { Tokenizer } from "@candor/transformer";
import { TrainingError } from "../../training-error.ts";
import type { TokenText } from "../texts.ts";

export interface Speaker {
  tokenizer: Tokenizer;
  /** Ends a completion. */
  end: number;
  /** Tokens of the longest text. */
  context: number;
}

/** @throws {TrainingError} for a character that the tokenizer does not have: the judgments are of another model */
export function encoded({ tokenizer }: Pick<Speaker, "tokenizer">, text: string, where: string): number[] {
  try {
    return tokenizer.encode(text, { added: "text" });
  } catch (error) {
    throw new TrainingError(
      `${where}: the model's tokenizer cannot write this: ${error instanceof Error ? error.message : String(error)}`,
      "These judgments are of texts of another model.",
    );
  }
}

/** What is too long is cut off at its end, and then has no ending token. @returns `undefined` where nothing is left of the completion */
export function tokenise(speaker: Speaker, prompt: string, completion: string, where: string): TokenText | undefined {
  const before = encoded(speaker, prompt, where);
  const whole = encoded(speaker, prompt + completion, where);
  // Tokens may join over the border: then the two are taken by themselves.
  const joins = before.some((token, n) => whole[n] !== token);
  const after = joins ? encoded(speaker, completion, where) : whole.slice(before.length);
  const kept = [...after, speaker.end].slice(0, speaker.context - before.length);
  return before.length === 0 || kept.length === 0 ? undefined : { prompt: before, completion: kept };
}

export interface Tokenised<T> {
  rows: T[];
  /** Rows without room for an answer, or without a prompt. */
  left: number;
}

/** @throws {TrainingError} when nothing is left */
export function tokeniseAll<R, T>(
  rows: readonly R[],
  path: string,
  one: (row: R, where: string) => T | undefined,
): Tokenised<T> {
  const kept = rows.map((row, n) => one(row, `${path}: row ${n + 1}`)).filter((row) => row !== undefined);
  if (kept.length === 0)
    throw new TrainingError(
      `${path}: no row fits the model: every prompt is empty or fills its context`,
      "Give shorter prompts, or a model with a longer context.",
    );
  return { rows: kept, left: rows.length - kept.length };
}
