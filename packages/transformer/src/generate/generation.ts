/** What is asked of a model, and what comes of it. */
import type { ByteLanguage } from "../constrain/language.ts";
import type { SamplingOptions } from "./sample.ts";

export interface GenerationRequest extends SamplingOptions {
  /** Tokens, or text in which the names of special tokens are spelt out and mean nothing. */
  prompt: string | readonly number[];
  /** Most tokens of the answer; as many as the context has room for where it is not given. */
  maxTokens?: number;
  /** The answer ends before any of these. */
  stop?: readonly string[];
  /** What the answer must look like; it is brought to an end within `maxTokens`. */
  language?: ByteLanguage;
  /** Log-probabilities of each token, and of this many likeliest in its place. */
  logProbabilities?: number;
  signal?: AbortSignal;
}

export interface TokenLogProbability {
  id: number;
  logProbability: number;
}

export interface ChosenToken {
  id: number;
  /** Where log-probabilities were asked for. */
  measured?: { logProbability: number; alternatives: readonly TokenLogProbability[] };
}

/** What an answer grows by. */
export interface Piece {
  /** What is certain of the text by now; characters or stop strings that may be unfinished come with a later piece. */
  text: string;
  /** Missing from a last piece of what was held back. */
  token?: ChosenToken;
}

export type FinishReason =
  /** A token that ends texts, a stop string, or a constraint after which nothing can come. */
  | "stop"
  /** As many tokens as were allowed, or as fit the context. */
  | "length";
