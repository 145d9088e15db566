/** Added tokens: the names in a text that are one token each, whatever the model would make of them. */
import type { AddedToken } from "./tokenizer-json.ts";

/** A stretch of text, or an added token that stood between two stretches. */
export type Part = string | AddedToken;

/** Finds added tokens: the leftmost first, of those the longest, as Hugging Face does. */
export class AddedTokens {
  readonly all: readonly AddedToken[];
  readonly #stages: readonly { byContent: Map<string, AddedToken>; pattern: RegExp }[];
  readonly #normalize: (text: string) => string;

  /** @param normalize what the tokenizer does to text; tokens with `normalized` are looked for in its result */
  constructor(all: readonly AddedToken[], normalize: (text: string) => string) {
    this.all = all;
    this.#normalize = normalize;
    this.#stages = [all.filter((token) => !token.normalized), all.filter((token) => token.normalized)].map(
      (tokens, stage) => {
        const byContent = new Map(
          tokens.map((token) => [stage === 1 ? normalize(token.content) : token.content, token]),
        );
        const longestFirst = [...byContent.keys()].sort((a, b) => b.length - a.length);
        return { byContent, pattern: new RegExp(longestFirst.map(RegExp.escape).join("|") || "(?!)", "gu") };
      },
    );
  }

  /** The normalized text between added tokens, and those. */
  split(text: string): Part[] {
    const [raw, normalized] = this.#stages;
    const parts = raw ? find(text, raw) : [text];
    return parts.flatMap((part) => {
      if (typeof part !== "string") return [part];
      const plain = this.#normalize(part);
      return normalized ? find(plain, normalized) : [plain];
    });
  }
}

function find(text: string, stage: { byContent: Map<string, AddedToken>; pattern: RegExp }): Part[] {
  if (stage.byContent.size === 0) return [text];
  const parts: Part[] = [];
  let start = 0;
  for (const match of text.matchAll(stage.pattern)) {
    const token = stage.byContent.get(match[0]);
    let from = match.index;
    let to = from + match[0].length;
    if (token === undefined || from < start) continue;
    if (
      token.single_word &&
      (WORD_BEFORE.test(text.slice(Math.max(0, from - 2), from)) || WORD_AFTER.test(text.slice(to, to + 2)))
    )
      continue;
    if (token.lstrip) from = start + text.slice(start, from).trimEnd().length;
    if (token.rstrip) to = text.length - text.slice(to).trimStart().length;
    if (from > start) parts.push(text.slice(start, from));
    parts.push(token);
    start = to;
  }
  if (start < text.length) parts.push(text.slice(start));
  return parts;
}

const WORD_BEFORE = /[\p{L}\p{M}\p{N}\p{Pc}]$/u;
const WORD_AFTER = /^[\p{L}\p{M}\p{N}\p{Pc}]/u;
