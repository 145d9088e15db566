/** Whole numbers between bounds, as digits. */
import { characters, choice, type Expression, literal, optional, repeat, sequence } from "./expression.ts";

const digit = (from = 0, to = 9): Expression => characters([0x30 + from, 0x30 + to]);

/** The longest that are exact as JavaScript's numbers. */
const MOST_DIGITS = 15;
export const LARGEST = 10 ** MOST_DIGITS - 1;

/** Both bounds included and at most `LARGEST` from zero; undefined when there is no number between them. */
export function wholeNumbers(least: number, most: number): Expression | undefined {
  const options: Expression[] = [];
  if (least < 0) options.push(sequence(literal("-"), choice(...natural(Math.max(1, -most), -least))));
  if (most >= 0) options.push(...natural(Math.max(0, least), most));
  return least > most ? undefined : choice(...options);
}

/** For each count of digits: numbers from one to another, none below zero. */
function natural(from: number, to: number): Expression[] {
  const options: Expression[] = [];
  for (let digits = String(from).length; digits <= String(to).length; digits++) {
    const low = Math.max(from, digits === 1 ? 0 : 10 ** (digits - 1));
    const high = Math.min(to, 10 ** digits - 1);
    if (low <= high) options.push(sameLength(String(low), String(high)));
  }
  return options;
}

function sameLength(low: string, high: string): Expression {
  const [first, last] = [Number(low[0]), Number(high[0])];
  if (low.length === 1) return digit(first, last);
  const [restOfLow, restOfHigh] = [low.slice(1), high.slice(1)];
  const [zeros, nines] = ["0".repeat(restOfLow.length), "9".repeat(restOfLow.length)];
  const from = (head: number, tailLow: string, tailHigh: string): Expression =>
    sequence(digit(head, head), sameLength(tailLow, tailHigh));
  if (first === last) return from(first, restOfLow, restOfHigh);
  const options: Expression[] = [];
  const [wholeLow, wholeHigh] = [restOfLow === zeros, restOfHigh === nines];
  if (!wholeLow) options.push(from(first, restOfLow, nines));
  const [start, end] = [wholeLow ? first : first + 1, wholeHigh ? last : last - 1];
  if (start <= end) options.push(sequence(digit(start, end), repeat(digit(), zeros.length, zeros.length)));
  if (!wholeHigh) options.push(from(last, zeros, restOfHigh));
  return choice(...options);
}

/** Any number that JSON has, of so many digits that it is finite. */
export const anyNumber: Expression = sequence(
  optional(literal("-")),
  choice(literal("0"), sequence(digit(1, 9), repeat(digit(), 0, MOST_DIGITS - 1))),
  optional(sequence(literal("."), repeat(digit(), 1, MOST_DIGITS))),
  optional(
    sequence(
      characters([0x45, 0x45], [0x65, 0x65]),
      optional(characters([0x2b, 0x2b], [0x2d, 0x2d])),
      repeat(digit(), 1, 2),
    ),
  ),
);
