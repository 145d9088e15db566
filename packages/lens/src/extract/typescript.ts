/** A table program as plain TypeScript that needs nothing else: to be read, changed and run. */
import type { AttentionFeature, Feature, ScoreTable, Sign, TableProgram } from "./table-program.ts";

export interface SourceOptions {
  /** What it was read off, for the first line. */
  title: string;
  /** Lines about it: agreement, hash, date. */
  notes?: readonly string[];
}

/** Attention over attention to the next best that leaves nothing of it, in nats. */
const SHARP = 12;
const SAME = 1e-2;

/** For each query's symbol the keys' in the order in which they are attended to, those that are attended to alike together. */
function levelsOf({ scores }: ScoreTable): Record<Sign, Sign[][]> | undefined {
  const levels: Record<Sign, Sign[][]> = {};
  for (const [query, row] of Object.entries(scores)) {
    const keys = Object.entries(row).sort(([, a], [, b]) => b - a);
    const own: Sign[][] = [];
    let last = 0;
    for (const [key, score] of keys) {
      const isFirst = own.length === 0;
      if (!isFirst && last - score <= SAME * Math.max(1, Math.abs(last))) own.at(-1)?.push(key);
      else if (isFirst || last - score >= SHARP) {
        own.push([key]);
        last = score;
      } else return undefined;
    }
    levels[query] = own;
  }
  return levels;
}

export function toTypeScript(program: TableProgram, { title, notes = [] }: SourceOptions): string {
  const { features, votes, answers, bidirectional } = program;
  const tables: string[] = [];
  const lines = features.map((feature) => line(feature, tables, bidirectional));
  const voting = votes.map(({ reads, votes: own }) => {
    const name = `VOTES_${constantOf(reads)}`;
    tables.push(table(name, own, "Record<string, readonly number[]>"));
    return `[${variableOf(reads)}, ${name}]`;
  });
  return `${[
    `/**\n * ${[title, ...notes].join("\n * ")}\n */`,
    `export function answer(token: readonly string[]): string[] {`,
    "  const position = token.map((_, n) => String(n));",
    '  const always = token.map(() => "");',
    ...lines.map((each) => `  ${each}`),
    `  return vote(token.length, [${voting.join(", ")}]);`,
    "}",
    "",
    `const ANSWERS = ${JSON.stringify(answers)};`,
    ...tables,
    "",
    helpersOf(features, bidirectional),
  ].join("\n")}\n`;
}

function line(feature: Feature, tables: string[], bidirectional: boolean): string {
  const own = variableOf(feature.name);
  if (feature.kind === "table") {
    const name = `SAYS_${constantOf(feature.name)}`;
    tables.push(table(name, feature.says, "Record<string, string>"));
    return `const ${own} = look(token.length, [${feature.reads.map(variableOf).join(", ")}], ${name});`;
  }
  return `const ${own} = ${attention(feature, tables, bidirectional)};`;
}

function attention({ name, scores, moves }: AttentionFeature, tables: string[], bidirectional: boolean): string {
  const [only, ...others] = scores;
  const levels = only && others.length === 0 ? levelsOf(only) : undefined;
  const see = bidirectional ? "" : ", true";
  if (only && levels) {
    const constant = `ATTENDS_${constantOf(name)}`;
    tables.push(table(constant, levels, "Record<string, readonly (readonly string[])[]>"));
    return `select(${variableOf(only.query)}, ${variableOf(only.key)}, ${constant}, ${variableOf(moves)}${see})`;
  }
  const parts = scores.map(({ query, key, scores: own, mean }, n) => {
    const constant = `SCORES_${constantOf(name)}${scores.length > 1 ? `_${n}` : ""}`;
    tables.push(table(constant, own, "Record<string, Record<string, number>>"));
    return `[${variableOf(query)}, ${variableOf(key)}, ${constant}, ${Number(mean.toPrecision(6))}]`;
  });
  return `attend([${parts.join(", ")}], ${variableOf(moves)}${see})`;
}

const variableOf = (name: string): string => name.replace(".", "_");
const constantOf = (name: string): string => variableOf(name).toUpperCase();

function table(name: string, values: object, type: string): string {
  const rows = Object.entries(values).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},`);
  return `const ${name}: ${type} = {\n${rows.join("\n")}\n};`;
}

const SELECT = `/** Attention that is shared among the visible positions of the first level that has any. */
function select(
  query: readonly string[],
  key: readonly string[],
  levels: Record<string, readonly (readonly string[])[]>,
  moved: readonly string[],
  causal = false,
): string[] {
  return query.map((symbol, q) => {
    const visible = key.flatMap((_, k) => (causal && k > q ? [] : [k]));
    const level = (levels[symbol] ?? []).find((keys) => visible.some((k) => keys.includes(key[k] as string))) ?? [];
    const chosen = visible.filter((k) => level.includes(key[k] as string));
    const among = chosen.length > 0 ? chosen : visible;
    return shared(among.map((k) => [moved[k] as string, 1 / among.length]));
  });
}`;

const ATTEND = `/** Attention by the softmax of scores that are added up. */
function attend(
  scores: readonly (readonly [readonly string[], readonly string[], Record<string, Record<string, number>>, number])[],
  moved: readonly string[],
  causal = false,
): string[] {
  return moved.map((_, q) => {
    const visible = moved.flatMap((__, k) => (causal && k > q ? [] : [k]));
    const sums = visible.map((k) =>
      scores.reduce((sum, [query, key, table, mean]) => sum + (table[query[q] as string]?.[key[k] as string] ?? mean), 0),
    );
    const most = Math.max(...sums);
    const weights = sums.map((sum) => Math.exp(sum - most));
    const all = weights.reduce((a, b) => a + b, 0);
    return shared(visible.map((k, n) => [moved[k] as string, (weights[n] as number) / all]));
  });
}`;

const SHARED = `/** How attention is shared out among symbols; one that has all of it stands for itself. */
function shared(parts: readonly (readonly [symbol: string, share: number])[]): string {
  const sums = new Map<string, number>();
  for (const [symbol, share] of parts) sums.set(symbol, (sums.get(symbol) ?? 0) + share);
  const told = [...sums].filter(([, share]) => share >= 0.005).sort(([a], [b]) => (a < b ? -1 : 1));
  const only = told.find(([, share]) => share >= 0.99);
  return only ? only[0] : told.map(([symbol, share]) => \`\${symbol} \${share.toFixed(2)}\`).join(", ");
}`;

const LOOK = `/** What a table says of features at the same position. */
function look(length: number, reads: readonly (readonly string[])[], says: Record<string, string>): string[] {
  return Array.from({ length }, (_, n) => says[reads.map((each) => each[n]).join("|")] ?? "?");
}`;

const VOTE = `/** The answer for which the tables together say most. */
function vote(
  length: number,
  tables: readonly (readonly [readonly string[], Record<string, readonly number[]>])[],
): string[] {
  return Array.from({ length }, (_, n) => {
    const sums = ANSWERS.map((__, answer) =>
      tables.reduce((sum, [symbols, votes]) => sum + (votes[symbols[n] as string]?.[answer] ?? 0), 0),
    );
    return ANSWERS[sums.indexOf(Math.max(...sums))] ?? "?";
  });
}`;

function helpersOf(features: readonly Feature[], bidirectional: boolean): string {
  const heads = features
    .filter((feature) => feature.kind === "attention")
    .map((each) => attention(each, [], bidirectional));
  return [
    ...(heads.some((each) => each.startsWith("select")) ? [SELECT] : []),
    ...(heads.some((each) => each.startsWith("attend")) ? [ATTEND] : []),
    ...(heads.length > 0 ? [SHARED] : []),
    ...(features.some(({ kind }) => kind === "table") ? [LOOK] : []),
    VOTE,
  ].join("\n\n");
}
