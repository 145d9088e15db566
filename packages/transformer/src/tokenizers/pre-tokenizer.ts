/** Cuts a text into the pieces inside which byte-level BPE merges. */
import { TransformerError } from "../transformer-error.ts";
import type { OnePreTokenizer } from "./tokenizer-json.ts";

export const GPT2_PATTERN = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`;
export const LLAMA3_PATTERN = String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`;
export const QWEN2_PATTERN = String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`;

/** What lies between two matches. */
type Gaps = "keep" | "drop";

interface Cut {
  /** Sticky: a match must begin where the last one ended, or there is a gap. */
  sticky: RegExp;
  global: RegExp;
  matches: Gaps;
  gaps: Gaps;
}

export interface PreTokenizer {
  /** Calls `visit` with each piece, in order. */
  split(text: string, visit: (piece: string) => void): void;
}

/**
 * The steps of a `tokenizer.json` before the model.
 * @throws {TransformerError} on a pattern that JavaScript has no equal for
 */
export function preTokenizer(steps: readonly OnePreTokenizer[], filename: string): PreTokenizer {
  const cuts: Cut[] = [];
  let prefixSpace = false;
  let byteLevel = 0;
  for (const step of steps) {
    // After the bytes have been spelt out, a pattern would be matched against the spelling.
    if (byteLevel > 0)
      throw new TransformerError(`${filename}: pre_tokenizer ${step.type} after ByteLevel is not supported`);
    if (step.type === "ByteLevel") {
      byteLevel++;
      if (step.add_prefix_space && cuts.length > 0)
        throw new TransformerError(
          `${filename}: pre_tokenizer ByteLevel.add_prefix_space after a Split is not supported`,
        );
      prefixSpace = step.add_prefix_space;
      if (step.use_regex) cuts.push(cut(GPT2_PATTERN, "keep", "keep", filename));
    } else if (step.type === "Digits") {
      cuts.push(cut(step.individual_digits ? "\\p{N}" : "\\p{N}+", "keep", "keep", filename));
    } else {
      const source = "Regex" in step.pattern ? step.pattern.Regex : RegExp.escape(step.pattern.String);
      const removed: Gaps = step.behavior === "Removed" ? "drop" : "keep";
      cuts.push(step.invert ? cut(source, "keep", removed, filename) : cut(source, removed, "keep", filename));
    }
  }
  const from = (at: number, text: string, visit: (piece: string) => void): void => {
    const step = cuts[at];
    if (step === undefined) visit(text);
    else if (at === cuts.length - 1) each(step, text, visit);
    else each(step, text, (piece) => from(at + 1, piece, visit));
  };
  return {
    split(text, visit) {
      if (text === "") return;
      from(0, prefixSpace && !text.startsWith(" ") ? ` ${text}` : text, visit);
    },
  };
}

function cut(source: string, matches: Gaps, gaps: Gaps, filename: string): Cut {
  const pattern = inJavaScript(source);
  try {
    return { sticky: new RegExp(pattern, "uy"), global: new RegExp(pattern, "ug"), matches, gaps };
  } catch {
    throw new TransformerError(`${filename}: JavaScript has no equal for the pattern ${JSON.stringify(source)}`);
  }
}

/** Rust's `\s` is Unicode's White_Space: with U+0085 and without U+FEFF. */
function inJavaScript(source: string): string {
  return source.replaceAll(/\\([\s\S])/g, (escaped, character: string) => {
    if (character === "s") return "\\p{White_Space}";
    if (character === "S") return "\\P{White_Space}";
    // An escape that says nothing (`\'`) is an error in a Unicode pattern.
    return /[\^$\\.*+?()[\]{}|/\-\w]/.test(character) ? escaped : character;
  });
}

function each({ sticky, global, matches, gaps }: Cut, text: string, visit: (piece: string) => void): void {
  let start = 0;
  while (start < text.length) {
    sticky.lastIndex = start;
    if (sticky.test(text) && sticky.lastIndex > start) {
      const end = sticky.lastIndex;
      if (matches === "keep") visit(text.slice(start, end));
      start = end;
      continue;
    }
    const end = nextMatch(global, text, start);
    if (gaps === "keep") visit(text.slice(start, end));
    start = end;
  }
}

function nextMatch(global: RegExp, text: string, from: number): number {
  global.lastIndex = from;
  for (let match = global.exec(text); match !== null; match = global.exec(text)) {
    if (match[0] !== "") return match.index;
    global.lastIndex++;
  }
  return text.length;
}
