/** Tables over named features: of scores and of what is written, made of half the inputs and tried on the other half. */
import type { Observed } from "./observed.ts";
import { attends, type ScoreTable, type Sequences, type Sign } from "./table-program.ts";

/** An input, with what each feature says at its positions. */
export interface Row {
  tokens: readonly number[];
  sequences: Map<string, readonly Sign[]>;
}

export const sequenceOf = (sequences: Sequences, name: string): readonly Sign[] => sequences.get(name) ?? [];

/** Mean scores of the keys' symbols for each query's, over the rows that `is` says. */
export function scoreTable(
  rows: readonly Row[],
  rest: readonly Float64Array[],
  { query, key, bidirectional, is }: { query: string; key: string; bidirectional: boolean; is(row: number): boolean },
): ScoreTable {
  const sums = new Map<Sign, Map<Sign, [sum: number, count: number]>>();
  let [sum, count] = [0, 0];
  for (const [row, { sequences }] of rows.entries()) {
    if (!is(row)) continue;
    const [from, to] = [sequenceOf(sequences, query), sequenceOf(sequences, key)];
    const time = to.length;
    for (let q = 0; q < time; q++) {
      const own = sums.get(from[q] as Sign) ?? new Map<Sign, [number, number]>();
      sums.set(from[q] as Sign, own);
      for (let k = 0; k < (bidirectional ? time : q + 1); k++) {
        const value = rest[row]?.[q * time + k] as number;
        const cell = own.get(to[k] as Sign) ?? [0, 0];
        cell[0] += value;
        cell[1]++;
        own.set(to[k] as Sign, cell);
        sum += value;
        count++;
      }
    }
  }
  const scores = Object.fromEntries(
    Array.from(sums, ([from, own]) => [
      from,
      Object.fromEntries(Array.from(own, ([to, [total, n]]) => [to, Number((total / n).toPrecision(6))])),
    ]),
  );
  return { query, key, scores, mean: sum / Math.max(1, count) };
}

/** Takes what a table tells from the scores [query, key] that are left. */
export function subtract(rest: Float64Array, table: ScoreTable, sequences: Sequences): void {
  const [from, to] = [sequenceOf(sequences, table.query), sequenceOf(sequences, table.key)];
  for (const [q, symbol] of from.entries())
    for (const [k, other] of to.entries()) {
      const told = table.scores[symbol]?.[other];
      if (told !== undefined) rest[q * to.length + k] = (rest[q * to.length + k] as number) - told;
    }
}

/** The share of attention that goes where the model's goes, mean over positions. */
export function overlap(
  rows: readonly Row[],
  seen: Observed,
  scores: readonly ScoreTable[],
  { layer, head, bidirectional, is }: { layer: number; head: number; bidirectional: boolean; is(row: number): boolean },
): number {
  let [sum, count] = [0, 0];
  for (const [row, { sequences }] of rows.entries()) {
    if (!is(row)) continue;
    const { pattern } = seen.scores(row, layer, head);
    const time = sequenceOf(sequences, "token").length;
    for (let q = 0; q < time; q++) {
      for (const [k, share] of attends(scores, sequences, q, bidirectional).entries())
        sum += Math.min(share, pattern[q * time + k] as number);
      count++;
    }
  }
  return sum / Math.max(1, count);
}

/** Rows that tables are made of while it is chosen over which features; on the others they are tried. */
export const isShown = (row: number): boolean => row % 2 === 0;

export type Written = readonly (Float32Array | Float64Array)[];

/**
 * Means of what is written, for each symbol; and the share of the variance that such means explain where they were not taken, so that a
 * feature that only tells inputs apart explains nothing.
 */
export function tableMeans(
  symbols: readonly (readonly Sign[])[],
  written: Written,
  from = 0,
): { means: Map<Sign, Float64Array>; explained: number } {
  const { means, explained } = tried(symbols, written, from);
  return { means: means(() => true), explained };
}

function tried(symbols: readonly (readonly Sign[])[], written: Written, from: number) {
  const width = (written[0]?.length ?? 0) / Math.max(1, symbols[0]?.length ?? 1);
  const each = (is: (row: number) => boolean, of: (sign: Sign, values: Float32Array | Float64Array) => void): void => {
    for (const [row, own] of symbols.entries())
      if (is(row))
        for (const [n, sign] of own.entries())
          if (n >= from) of(sign, (written[row] as Float32Array).subarray(n * width, (n + 1) * width));
  };
  const means = (is: (row: number) => boolean, of = (sign: Sign): Sign => sign): Map<Sign, Float64Array> => {
    const sums = new Map<Sign, { sum: Float64Array; count: number }>();
    each(is, (sign, values) => {
      const own = sums.get(of(sign)) ?? { sum: new Float64Array(width), count: 0 };
      for (let d = 0; d < width; d++) own.sum[d] = (own.sum[d] as number) + (values[d] as number);
      own.count++;
      sums.set(of(sign), own);
    });
    return new Map(Array.from(sums, ([sign, { sum, count }]) => [sign, sum.map((x) => x / count)]));
  };
  const isOnly = symbols.length === 1;
  const shown = means(isOnly ? () => true : isShown);
  const centre = means(isOnly ? () => true : isShown, () => "").get("") ?? new Float64Array(width);
  let [left, variance, squares] = [0, 0, 0];
  each(
    (row) => isOnly || !isShown(row),
    (sign, values) => {
      const said = shown.get(sign) ?? centre;
      for (let d = 0; d < width; d++) {
        const value = values[d] as number;
        left += (value - (said[d] as number)) ** 2;
        variance += (value - (centre[d] as number)) ** 2;
        squares += value ** 2;
      }
    },
  );
  // What is the same everywhere is explained by nothing more.
  return { means, explained: variance <= 1e-9 * Math.max(1e-9, squares) ? 1 : 1 - left / variance };
}

/** Rounds in which each table is fitted to what the others leave. */
const ROUNDS = 6;

/** Tables that add up to what is written in some rows, by backfitting; and what they leave of it in all. */
export function added(
  written: Written,
  signs: readonly (readonly (readonly Sign[])[])[],
  { is, from, vocab }: { is(row: number): boolean; from: number; vocab: number },
): { tables: Map<Sign, Float64Array>[]; rest: Float64Array[] } {
  const rest = written.map((values) => Float64Array.from(values));
  const tables = signs.map(() => new Map<Sign, Float64Array>());
  const shift = (table: ReadonlyMap<Sign, Float64Array>, own: readonly (readonly Sign[])[], by: 1 | -1): void => {
    for (const [row, line] of own.entries())
      for (const [n, sign] of line.entries()) {
        const mean = table.get(sign);
        const values = rest[row] as Float64Array;
        if (mean)
          for (let d = 0; d < vocab; d++)
            values[n * vocab + d] = (values[n * vocab + d] as number) + by * (mean[d] as number);
      }
  };
  for (let round = 0; round < (signs.length > 1 ? ROUNDS : 1); round++)
    for (const [n, own] of signs.entries()) {
      shift(tables[n] ?? new Map(), own, 1);
      const means = tried(own, rest, from).means(is);
      tables[n] = means;
      shift(means, own, -1);
    }
  return { tables, rest };
}
