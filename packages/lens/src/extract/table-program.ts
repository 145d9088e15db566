/** A program over named features: what heads attend to, what MLPs make of features, and what those say, each as a table. */

/** What a feature says at a position. */
export type Sign = string;

/** Scores of keys' symbols for a query's. A pair that never came up has the table's mean. */
export interface ScoreTable {
  query: string;
  key: string;
  scores: Readonly<Record<Sign, Readonly<Record<Sign, number>>>>;
  mean: number;
}

/** A head: says how its attention is shared out among the symbols of what it moves. */
export interface AttentionFeature {
  kind: "attention";
  name: string;
  /** Added up. */
  scores: readonly ScoreTable[];
  moves: string;
}

/** An MLP: symbols of what it reads, joined by `|`, to one of its own. */
export interface TableFeature {
  kind: "table";
  name: string;
  reads: readonly string[];
  says: Readonly<Record<string, Sign>>;
}

export type Feature = AttentionFeature | TableFeature;

/** What a symbol adds to each answer. */
export interface VoteTable {
  reads: string;
  votes: Readonly<Record<Sign, readonly number[]>>;
}

export interface TableProgram {
  /** Whether positions see those after them. */
  bidirectional: boolean;
  /** In the order in which they are made. `token`, `position` and `always` are there before them. */
  features: readonly Feature[];
  answers: readonly string[];
  votes: readonly VoteTable[];
}

/** The symbol of what no table knows. */
export const UNKNOWN: Sign = "?";

export type Sequences = ReadonlyMap<string, readonly Sign[]>;

export const given = (tokens: readonly Sign[]): Map<string, readonly Sign[]> =>
  new Map([
    ["token", tokens],
    ["position", tokens.map((_, n) => String(n))],
    ["always", tokens.map(() => "")],
  ]);

const of = (sequences: Sequences, name: string): readonly Sign[] => {
  const found = sequences.get(name);
  if (!found) throw new RangeError(`there is no feature ${name}`);
  return found;
};

/** How a position's attention is shared out over positions. */
export function attends(
  scores: readonly ScoreTable[],
  sequences: Sequences,
  query: number,
  bidirectional: boolean,
): number[] {
  const time = of(sequences, "token").length;
  const visible = bidirectional ? time : query + 1;
  const sums = Array.from({ length: visible }, (_, key) =>
    scores.reduce((sum, table) => {
      const row = table.scores[of(sequences, table.query)[query] as Sign];
      return sum + (row?.[of(sequences, table.key)[key] as Sign] ?? table.mean);
    }, 0),
  );
  const most = Math.max(...sums);
  const weights = sums.map((sum) => Math.exp(sum - most));
  const all = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / all);
}

/** A share of attention that goes to one symbol is that symbol. */
const ALL = 0.99;

/** How attention is shared out among symbols, to the hundredth. */
export function shared(shares: readonly number[], moved: readonly Sign[]): Sign {
  const sums = new Map<Sign, number>();
  for (const [key, share] of shares.entries()) {
    const symbol = moved[key] as Sign;
    sums.set(symbol, (sums.get(symbol) ?? 0) + share);
  }
  const told = [...sums].filter(([, share]) => share >= 0.005).sort(([a], [b]) => (a < b ? -1 : 1));
  const only = told.find(([, share]) => share >= ALL);
  return only ? only[0] : told.map(([symbol, share]) => `${symbol} ${share.toFixed(2)}`).join(", ");
}

export function featureOf(feature: Feature, sequences: Sequences, bidirectional: boolean): Sign[] {
  const time = of(sequences, "token").length;
  if (feature.kind === "table") {
    const read = feature.reads.map((name) => of(sequences, name));
    return Array.from({ length: time }, (_, n) => feature.says[read.map((each) => each[n]).join("|")] ?? UNKNOWN);
  }
  const moved = of(sequences, feature.moves);
  return Array.from({ length: time }, (_, n) => shared(attends(feature.scores, sequences, n, bidirectional), moved));
}

/** The answer at each position. */
export function runTables(program: TableProgram, tokens: readonly Sign[]): string[] {
  const sequences = given(tokens);
  for (const feature of program.features)
    sequences.set(feature.name, featureOf(feature, sequences, program.bidirectional));
  return tokens.map((_, n) => {
    const sums = program.answers.map((__, answer) =>
      program.votes.reduce((sum, { reads, votes }) => {
        const own = votes[of(sequences, reads)[n] as Sign];
        return sum + (own?.[answer] ?? 0);
      }, 0),
    );
    return program.answers[sums.indexOf(Math.max(...sums))] ?? UNKNOWN;
  });
}
