/** Programs whose circuits are known, after Tracr's library (Lindner et al. 2023, arXiv 2301.05062). */
import {
  aggregate,
  combine,
  indices,
  map,
  number,
  round,
  type Sequence,
  select,
  tokens,
  type Value,
  width,
  zip,
} from "./program.ts";

const same = (a: Value, b: Value): boolean => a === b;
const everything = select(tokens, tokens, () => true);

/** At each position how long the whole is. */
export const length = (): Sequence => width(everything);

export const reverse = (): Sequence => {
  const opposite = zip(length(), indices, (all, index) => Number(all) - Number(index) - 1);
  return aggregate(select(indices, opposite, same), tokens);
};

/** How often the token stands in the whole. */
export const histogram = (): Sequence => width(select(tokens, tokens, same));

/** The share of positions up to here with that token. */
export const proportion = (token: Value): Sequence =>
  aggregate(
    select(indices, indices, (key, query) => key <= query),
    number(tokens, (each) => Number(each === token)),
  );

/** Nothing at the first position. */
export const previousToken = (): Sequence =>
  aggregate(
    select(indices, indices, (key, query) => Number(key) === Number(query) - 1),
    tokens,
  );

/**
 * The tokens by a rank from low to high; what ranks the same stays in order.
 * @param longest of the inputs
 */
function sortedBy(rank: Sequence, longest: number): Sequence {
  const keys = zip(rank, indices, (one, index) => Number(one) * longest + Number(index));
  const place = width(select(keys, keys, (key, query) => key < query));
  return aggregate(select(place, indices, same), tokens);
}

export const sort = (vocabulary: readonly Value[], longest: number): Sequence =>
  sortedBy(
    map(tokens, (token) => vocabulary.indexOf(token)),
    longest,
  );

/** The most frequent first. */
export const sortByFrequency = (longest: number): Sequence =>
  sortedBy(
    map(histogram(), (count) => longest - Number(count)),
    longest,
  );

/** Each token at its first place; what repeats one is `gone`. */
export const withoutDuplicates = (vocabulary: readonly Value[], longest: number, gone: Value = "_"): Sequence => {
  const placed = zip(tokens, indices, (token, index) => vocabulary.indexOf(token) * longest + Number(index));
  const before = width(
    select(placed, placed, (key, query) => {
      const [a, b] = [Number(key), Number(query)];
      return Math.floor(a / longest) === Math.floor(b / longest) && a < b;
    }),
  );
  const isFirst = map(before, (count) => count === 0);
  return zip(isFirst, tokens, (first, token) => (first ? token : gone));
};

/** At each position whether all brackets of the whole are balanced. */
export const balanced = (open: Value, close: Value): Sequence => {
  const depth = combine(proportion(open), proportion(close), 1, -1);
  const negative = number(round(depth, (each) => each < -1e-6));
  const everNegative = round(aggregate(everything, negative), (share) => share > 1e-6);
  const atEnd = zip(length(), indices, (all, index) => Number(index) === Number(all) - 1);
  const isZero = round(depth, (each) => Math.abs(each) < 1e-6);
  const endsAtZero = aggregate(
    select(atEnd, everNegative, (isLast) => isLast === true),
    isZero,
  );
  return zip(everNegative, endsAtZero, (never, zero) => never === false && zero === true);
};
