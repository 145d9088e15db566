/** Strings as JSON writes them. */
import {
  type CodeRange,
  characters,
  choice,
  type Expression,
  LAST_CODE_POINT,
  literal,
  overlap,
  repeat,
  sequence,
} from "./expression.ts";
import { parseRegularExpression } from "./regular-expression.ts";

const SHORT: Readonly<Record<number, string>> = {
  8: "\\b",
  9: "\\t",
  10: "\\n",
  12: "\\f",
  13: "\\r",
  34: '\\"',
  92: "\\\\",
};
/** May stand as they are: all but control characters, quotes and backslashes. */
const PLAIN: CodeRange[] = [
  [0x20, 0x21],
  [0x23, 0x5b],
  [0x5d, LAST_CODE_POINT],
];
const HEX = "0123456789abcdef";

/** One of the characters, spelt as `JSON.stringify` does. */
function spelt(ranges: readonly CodeRange[]): Expression {
  const options: Expression[] = [];
  const plain = overlap(ranges, PLAIN);
  if (plain.length > 0) options.push(characters(...plain));
  for (const code of [...Array(0x20).keys(), 0x22, 0x5c]) {
    if (!ranges.some(([from, to]) => from <= code && code <= to)) continue;
    options.push(literal(SHORT[code] ?? `\\u00${HEX[code >> 4]}${HEX[code & 15]}`));
  }
  return choice(...options);
}

export interface StringOptions {
  minLength: number;
  maxLength: number;
  /** Anywhere in the string, unless it has `^` or `$`. */
  pattern?: string | undefined;
}

export function jsonString({ minLength, maxLength, pattern }: StringOptions): Expression {
  const quote = literal('"');
  const any = spelt([[0, LAST_CODE_POINT]]);
  if (pattern !== undefined) {
    const { expression, fromStart, toEnd } = parseRegularExpression(pattern, spelt);
    const anything = repeat(any);
    return sequence(quote, ...(fromStart ? [] : [anything]), expression, ...(toEnd ? [] : [anything]), quote);
  }
  // JSON Schema counts code points and JavaScript's `length` halves of pairs: without pairs they agree.
  const counted = minLength === 0 && maxLength === Number.POSITIVE_INFINITY ? any : spelt([[0, 0xffff]]);
  return sequence(quote, repeat(counted, minLength, maxLength), quote);
}
