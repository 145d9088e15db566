/**
 * A found circuit written as a program: each head as a table of which symbols attend to which, each MLP as a table over the features that it
 * reads, the answer as a sum of votes. Tables are read off the model's own activations on some inputs; on others `agreementWith`
 * runs the program beside the model. In the spirit of Transformer Programs (Friedman et al. 2023, arXiv 2306.01128), the other way round.
 */
import type { Edge } from "../circuits/edges.ts";
import type { Lens } from "../lens.ts";
import { LensError } from "../lens-error.ts";
import { type Observed, observed } from "./observed.ts";
import {
  type Feature,
  featureOf,
  given,
  type ScoreTable,
  type Sign,
  type TableProgram,
  type VoteTable,
} from "./table-program.ts";
import { added, isShown, overlap, type Row, scoreTable, sequenceOf, subtract, tableMeans } from "./tables.ts";

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
