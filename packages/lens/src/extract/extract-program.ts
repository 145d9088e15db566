/**
 * A found circuit written as a program: each head as a table of which symbols attend to which, each MLP as a table over the features that it
 * reads, the answer as a sum of votes. Tables are read off the model's own activations on some inputs; on others {@link agreementWith}
 * runs the program beside the model. In the spirit of Transformer Programs (Friedman et al. 2023, arXiv 2306.01128), the other way round.
 */
import type { Edge } from "../circuits/edges.ts";
import type { Lens } from "../lens.ts";
import { LensError } from "../lens-error.ts";
import {
  attends,
  type Feature,
  featureOf,
  given,
  type ScoreTable,
  type Sequences,
  type Sign,
  type TableProgram,
  type VoteTable,
} from "./table-program.ts";

export interface ExtractOptions {
  /** The circuit: edges that are kept; all where it is not given. */
  edges?: readonly Edge[];
  /** How a token is written in the program. */
  name?: (token: number) => Sign;
  /** Positions before it have no answer. */
  from?: number;
}

export interface PartReport {
  name: string;
  /** Features that it is a table over. */
  reads: string[];
  /**
   * Of attention, the share that goes where the model's goes; of an MLP and of the answer, the explained share of the variance. On inputs of
   * which that table was not made; less than 0 for a table that tells nothing.
   */
  explained: number;
  /** Entries of its tables. */
  size: number;
}

export interface Extraction {
  program: TableProgram;
  parts: PartReport[];
}

export interface Agreement {
  /** Shares of the positions, and of the whole inputs, at which both say the same. */
  positions: number;
  inputs: number;
  /** Positions that were compared. */
  of: number;
  /** Inputs at which they do not, by their places. */
  apart: number[];
}

interface Row {
  tokens: readonly number[];
  sequences: Map<string, readonly Sign[]>;
}

/** Most tables that are added up for one head, features of one MLP, and votes of the answer. */
const MOST = { scores: 3, reads: 4, votes: 12 };
/** What another table must explain to be worth it. */
const WORTH = 1e-3;
const ENOUGH = 1 - 1e-4;

/**
 * @param inputs to read tables off; of one length, or of several
 * @throws {LensError} for no inputs, or a model that edges are not of
 */
export async function extractProgram(
  lens: Lens,
  inputs: readonly (readonly number[])[],
  { edges, name = String, from = 0 }: ExtractOptions = {},
): Promise<Extraction> {
  if (inputs.length === 0) throw new LensError("There is nothing to read a program off", "Give some inputs.");
  const { layers, heads, mlpWidth, vocab, bidirectional = false } = lens.config;
  const rows = inputs.map((tokens): Row => ({ tokens, sequences: given(tokens.map(name)) }));
  const seen = await observed(lens, inputs);
  const kept = (to: string): Set<string> | undefined =>
    edges && new Set(edges.flatMap((edge) => (edge.to === to ? [edge.from] : [])));
  const isIn = (part: string): boolean => edges === undefined || edges.some((edge) => edge.from === part);
  const features: Feature[] = [];
  const parts: PartReport[] = [];
  /** Names of what a reader may read: what the circuit's edges lead to it. */
  const readable = (to: string): string[] => {
    const own = kept(to);
    const written = features.map((feature) => feature.name);
    return ["token", "position", ...written].filter((each) => !own || own.has(WRITER[each] ?? each));
  };
  const add = (feature: Feature, report: Omit<PartReport, "name">): void => {
    features.push(feature);
    parts.push({ name: feature.name, ...report });
    for (const row of rows) row.sequences.set(feature.name, featureOf(feature, row.sequences, bidirectional));
  };
  for (let layer = 0; layer < layers; layer++) {
    const made: [Feature, Omit<PartReport, "name">][] = [];
    for (let head = 0; head < heads; head++) {
      const part = `a${layer}.${head}`;
      if (!isIn(part)) continue;
      const candidates = {
        queries: ["always", ...readable(`${part}.q`)],
        keys: ["always", ...readable(`${part}.k`)],
        moves: ["always", ...readable(`${part}.v`)],
      };
      made.push(attentionOf(part, rows, seen, { layer, head, bidirectional, ...candidates }));
    }
    // Heads of one layer do not read each other.
    for (const [feature, report] of made) add(feature, report);
    if (mlpWidth > 0 && isIn(`m${layer}`))
      add(...tableOf(`m${layer}`, rows, seen.written(`m${layer}`), readable(`m${layer}`)));
  }
  const { votes, report } = votesOf(rows, seen.logits, vocab, from, readable("logits"));
  parts.push({ name: "answer", ...report });
  const answers = Array.from({ length: vocab }, (_, token) => name(token));
  const program: TableProgram = { bidirectional, features: used(features, votes), answers, votes };
  return { program, parts };
}

/** Features of the program by the names of the circuit's writers. */
const WRITER: Readonly<Record<string, string>> = { token: "tokens", position: "positions" };

/** What nothing is made of is left out. */
function used(features: readonly Feature[], votes: readonly VoteTable[]): Feature[] {
  const needed = new Set(votes.map(({ reads }) => reads));
  const kept: Feature[] = [];
  for (const feature of features.toReversed()) {
    if (!needed.has(feature.name)) continue;
    kept.unshift(feature);
    const reads =
      feature.kind === "table"
        ? feature.reads
        : [feature.moves, ...feature.scores.flatMap(({ query, key }) => [query, key])];
    for (const read of reads) needed.add(read);
  }
  return kept;
}

/** What the model did on each input. */
interface Observed {
  /** [query][key], before and after the softmax. */
  scores(row: number, layer: number, head: number): { raw: Float32Array; pattern: Float32Array };
  /** What a part writes: of each input [pos, width]. */
  written(part: string): Float32Array[];
  /** Of each input [pos, vocab]. */
  logits: Float32Array[];
}

async function observed(lens: Lens, inputs: readonly (readonly number[])[]): Promise<Observed> {
  const { layers, heads, headDim, width, vocab, mlpWidth } = lens.config;
  const raw: Float32Array[][] = inputs.map(() => []);
  const pattern: Float32Array[][] = inputs.map(() => []);
  const written = new Map<string, Float32Array[]>();
  const logits: Float32Array[] = [];
  const put = (part: string, row: number, values: Float32Array): void => {
    const all = written.get(part) ?? [];
    all[row] = values;
    written.set(part, all);
  };
  const read = (name: string): boolean => /hook_attn_scores|hook_pattern|hook_z|hook_mlp_out/.test(name);
  for (const [time, group] of Map.groupBy(inputs.entries(), ([, { length }]) => length)) {
    const { cache, logits: said } = await lens.run(
      group.map(([, tokens]) => tokens),
      { read },
    );
    for (const [n, [row]] of group.entries()) {
      logits[row] = said.slice(n * time * vocab, (n + 1) * time * vocab);
      for (let layer = 0; layer < layers; layer++) {
        const block = `blocks.${layer}`;
        const size = heads * time * time;
        raw[row]?.push(cache.at(`${block}.attn.hook_attn_scores`).values.slice(n * size, (n + 1) * size));
        pattern[row]?.push(cache.at(`${block}.attn.hook_pattern`).values.slice(n * size, (n + 1) * size));
        const z = cache.at(`${block}.attn.hook_z`).values;
        const out = lens.weights.get(`${block}.attn.o.weight`) ?? new Float32Array();
        for (let head = 0; head < heads; head++) {
          const own = new Float32Array(time * width);
          for (let pos = 0; pos < time; pos++)
            for (let k = 0; k < headDim; k++) {
              const active = z[((n * time + pos) * heads + head) * headDim + k] as number;
              if (active === 0) continue;
              const from = (head * headDim + k) * width;
              for (let d = 0; d < width; d++)
                own[pos * width + d] = (own[pos * width + d] as number) + active * (out[from + d] as number);
            }
          put(`a${layer}.${head}`, row, own);
        }
        if (mlpWidth > 0) {
          const { values } = cache.at(`${block}.hook_mlp_out`);
          put(`m${layer}`, row, values.slice(n * time * width, (n + 1) * time * width));
        }
      }
    }
  }
  return {
    logits,
    written: (part) => written.get(part) ?? [],
    scores: (row, layer, head) => {
      const [scores, seen] = [raw[row]?.[layer], pattern[row]?.[layer]];
      const size = (scores?.length ?? 0) / heads;
      const own = (values: Float32Array | undefined): Float32Array =>
        (values ?? new Float32Array()).subarray(head * size, (head + 1) * size);
      return { raw: own(scores), pattern: own(seen) };
    },
  };
}

interface HeadInput {
  layer: number;
  head: number;
  bidirectional: boolean;
  queries: readonly string[];
  keys: readonly string[];
  moves: readonly string[];
}

function attentionOf(
  part: string,
  rows: readonly Row[],
  seen: Observed,
  { layer, head, bidirectional, queries, keys, moves }: HeadInput,
): [Feature, Omit<PartReport, "name">] {
  // The rest of the scores, as far as tables have not told them.
  const rest = rows.map((_, row) => Float64Array.from(seen.scores(row, layer, head).raw));
  const scores: ScoreTable[] = [];
  /** The same of half the rows, by which the other half is foretold. */
  const shown: ScoreTable[] = [];
  const isOnly = rows.length === 1;
  let hit = 0;
  while (scores.length < MOST.scores) {
    let best: { trial: ScoreTable; hit: number } | undefined;
    for (const query of queries)
      for (const key of keys) {
        const trial = scoreTable(rows, rest, { query, key, bidirectional, is: isOnly ? () => true : isShown });
        const is = (row: number): boolean => isOnly || !isShown(row);
        const told = overlap(rows, seen, [...shown, trial], { layer, head, bidirectional, is });
        if (!best || told > best.hit + 1e-9) best = { trial, hit: told };
      }
    if (!best || (scores.length > 0 && best.hit < hit + WORTH)) break;
    const { trial } = best;
    const table = scoreTable(rows, rest, { query: trial.query, key: trial.key, bidirectional, is: () => true });
    scores.push(table);
    shown.push(trial);
    hit = best.hit;
    if (hit >= ENOUGH) break;
    for (const [row, { sequences }] of rows.entries()) subtract(rest[row] as Float64Array, table, sequences);
  }
  const written = seen.written(part);
  let best: { moves: string; explained: number } | undefined;
  for (const each of moves) {
    const feature: Feature = { kind: "attention", name: part, scores, moves: each };
    const symbols = rows.map(({ sequences }) => featureOf(feature, sequences, bidirectional));
    const { explained } = tableMeans(symbols, written);
    if (!best || explained > best.explained + WORTH) best = { moves: each, explained };
  }
  const feature: Feature = { kind: "attention", name: part, scores, moves: best?.moves ?? "always" };
  const size = scores.reduce(
    (sum, table) => sum + Object.values(table.scores).reduce((n, row) => n + Object.keys(row).length, 0),
    0,
  );
  const reads = [...new Set([...scores.flatMap(({ query, key }) => [query, key]), feature.moves])];
  return [feature, { reads, explained: hit, size }];
}

const sequenceOf = (sequences: Sequences, name: string): readonly Sign[] => sequences.get(name) ?? [];

function scoreTable(
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

function subtract(rest: Float64Array, table: ScoreTable, sequences: Sequences): void {
  const [from, to] = [sequenceOf(sequences, table.query), sequenceOf(sequences, table.key)];
  for (const [q, symbol] of from.entries())
    for (const [k, other] of to.entries()) {
      const told = table.scores[symbol]?.[other];
      if (told !== undefined) rest[q * to.length + k] = (rest[q * to.length + k] as number) - told;
    }
}

/** The share of attention that goes where the model's goes, mean over positions. */
function overlap(
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
const isShown = (row: number): boolean => row % 2 === 0;

type Written = readonly (Float32Array | Float64Array)[];

/**
 * Means of what is written, for each symbol; and the share of the variance that such means explain where they were not taken, so that a
 * feature that only tells inputs apart explains nothing.
 */
function tableMeans(
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

function tableOf(
  part: string,
  rows: readonly Row[],
  written: readonly Float32Array[],
  candidates: readonly string[],
): [Feature, Omit<PartReport, "name">] {
  let reads: string[] = [];
  const keysBy = (names: readonly string[]): Sign[][] =>
    rows.map(({ sequences }) =>
      (sequences.get("token") ?? []).map((_, n) => names.map((name) => sequenceOf(sequences, name)[n]).join("|")),
    );
  let best = tableMeans(keysBy([]), written);
  while (reads.length < MOST.reads && best.explained < ENOUGH) {
    const next = candidates
      .filter((name) => !reads.includes(name))
      .map((name) => ({ names: [...reads, name], ...tableMeans(keysBy([...reads, name]), written) }))
      .reduce<{ names: string[]; means: Map<Sign, Float64Array>; explained: number } | undefined>(
        (a, b) => (a && a.explained >= b.explained ? a : b),
        undefined,
      );
    if (!next || next.explained < best.explained + WORTH) break;
    reads = next.names;
    best = next;
  }
  const says = classes(best.means);
  return [
    { kind: "table", name: part, reads, says },
    { reads, explained: best.explained, size: Object.keys(says).length },
  ];
}

/** Keys that say the same have one symbol: the first of them. */
function classes(means: ReadonlyMap<Sign, Float64Array>): Record<string, Sign> {
  const known: { symbol: Sign; vector: Float64Array }[] = [];
  const longest = Math.max(1e-9, ...[...means.values()].map((vector) => Math.hypot(...vector)));
  return Object.fromEntries(
    [...means]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, vector]) => {
        const same = known.find(
          (each) => Math.hypot(...each.vector.map((x, d) => x - (vector[d] as number))) < 1e-2 * longest,
        );
        if (!same) known.push({ symbol: key, vector });
        return [key, same?.symbol ?? key];
      }),
  );
}

function votesOf(
  rows: readonly Row[],
  logits: readonly Float32Array[],
  vocab: number,
  from: number,
  candidates: readonly string[],
): { votes: VoteTable[]; report: Omit<PartReport, "name"> } {
  // What all answers share says nothing.
  const centred = logits.map((values) => {
    const own = Float64Array.from(values);
    for (let start = 0; start < own.length; start += vocab) {
      const mean = own.subarray(start, start + vocab).reduce((a, b) => a + b, 0) / vocab;
      for (let n = start; n < start + vocab; n++) own[n] = (own[n] as number) - mean;
    }
    return own;
  });
  const signsOf = (name: string): (readonly Sign[])[] => rows.map(({ sequences }) => sequenceOf(sequences, name));
  const isOnly = rows.length === 1;
  const made = isOnly ? () => true : isShown;
  const left = (rest: readonly Float64Array[]): number =>
    rest.reduce(
      (sum, values, row) =>
        isOnly || !isShown(row) ? sum + values.subarray(from * vocab).reduce((a, x) => a + x * x, 0) : sum,
      0,
    );
  let names = ["always"];
  let now = added(centred, names.map(signsOf), { is: made, from, vocab });
  const whole = Math.max(1e-12, left(now.rest));
  let explained = 0;
  while (names.length < MOST.votes && explained < ENOUGH) {
    const gains = candidates
      .filter((name) => !names.includes(name))
      .map((name) => ({ name, gain: tableMeans(signsOf(name), now.rest, from).explained }));
    const best = gains.reduce<(typeof gains)[number] | undefined>((a, b) => (a && a.gain >= b.gain ? a : b), undefined);
    if (!best) break;
    const next = added(centred, [...names, best.name].map(signsOf), { is: made, from, vocab });
    const told = 1 - left(next.rest) / whole;
    if (told < explained + WORTH) break;
    names = [...names, best.name];
    now = next;
    explained = told;
  }
  const { tables } = added(centred, names.map(signsOf), { is: () => true, from, vocab });
  const round = (x: number): number => Number(x.toPrecision(5));
  return {
    votes: names.map((reads, n) => ({
      reads,
      votes: Object.fromEntries([...(tables[n] ?? [])].map(([sign, mean]) => [sign, Array.from(mean, round)])),
    })),
    report: { reads: names, explained, size: tables.reduce((sum, { size }) => sum + size, 0) },
  };
}

/** Rounds in which each table is fitted to what the others leave. */
const ROUNDS = 6;

/** Tables that add up to what is written in some rows, by backfitting; and what they leave of it in all. */
function added(
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

/** Logits that differ by no more say nothing of which comes first. */
const TIE = 1e-4;

/**
 * How often a program says what the model says, input by input; where the model has no first choice nothing is compared.
 * @param answer the program: one answer for each position
 */
export async function agreementWith(
  lens: Lens,
  answer: (tokens: readonly Sign[]) => readonly string[],
  inputs: readonly (readonly number[])[],
  { name = String, from = 0 }: Pick<ExtractOptions, "name" | "from"> = {},
): Promise<Agreement> {
  const { vocab } = lens.config;
  let [positions, of] = [0, 0];
  const apart: number[] = [];
  for (const [time, group] of Map.groupBy(inputs.entries(), ([, { length }]) => length)) {
    const { logits } = await lens.run(group.map(([, tokens]) => tokens));
    for (const [n, [row, tokens]] of group.entries()) {
      const said = answer(tokens.map(name));
      let differs = false;
      for (let at = from; at < time; at++) {
        const own = logits.subarray((n * time + at) * vocab, (n * time + at + 1) * vocab);
        const most = Math.max(...own);
        if (own.filter((x) => x > most - TIE * Math.max(1, Math.abs(most))).length > 1) continue;
        of++;
        if (said[at] === name(own.indexOf(most))) positions++;
        else differs = true;
      }
      if (differs) apart.push(row);
    }
  }
  return { positions: positions / Math.max(1, of), inputs: 1 - apart.length / inputs.length, of, apart };
}
