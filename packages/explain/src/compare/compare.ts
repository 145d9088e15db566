/** Two runs, or a run and its fork, side by side. */
import type { ExplainOptions, Studied } from "../explain.ts";
import type { StepReading } from "../explanation.ts";
import { percent } from "../strange/strange.ts";
import { align } from "./align.ts";
import type { Comparison, Move } from "./comparison.ts";

const LIMIT = 300;
const MOST_FOUND = 200;
const MOST_GOALS = 12;
const NOTHING = { pages: 0, usd: 0, ms: 0 };

/**
 * Compares two studied runs. Pure; the same runs give the same comparison.
 * @param window rows of the alignment: from row `from` on, counted from 1, `limit` of them
 */
export function compare(
  a: Studied,
  b: Studied,
  { from = 1, limit = LIMIT }: Pick<ExplainOptions, "from" | "limit"> = {},
): Comparison {
  const pairs = align(a.rows.map(keyOf), b.rows.map(keyOf));
  const same = pairs.filter((pair) => pair.a !== null && pair.b !== null).length;
  let prefix = 0;
  while (prefix < a.rows.length && prefix < b.rows.length && keyOf(a.rows[prefix]) === keyOf(b.rows[prefix])) prefix++;
  const parting = { prefix, a: move(a.rows[prefix]), b: move(b.rows[prefix]), why: whyParted(a, b, prefix) };
  const findings = foundBy(a, b);
  return {
    a: sideOf(a),
    b: sideOf(b),
    parting,
    aligned: {
      from,
      of: pairs.length,
      same,
      rows: pairs.slice(from - 1, from - 1 + limit).map((pair) => ({
        same: pair.a !== null && pair.b !== null,
        a: pair.a === null ? null : move(a.rows[pair.a]),
        b: pair.b === null ? null : move(b.rows[pair.b]),
      })),
    },
    findings,
    strategies: strategies(a, b),
    goals: goals(a, b),
    story: storyOf(a, b, prefix, same, findings),
  };
}

/** What makes two steps the same act; the thought may differ. */
const keyOf = (row: StepReading | undefined): string => (row ? `${row.tool} ${row.object.toLowerCase()}` : "");

const move = (row: StepReading | undefined): Move | null =>
  row
    ? {
        step: row.step,
        tool: row.tool,
        object: row.object,
        thought: row.thought.slice(0, 400),
        effect: row.effect,
        findings: row.findings.length,
      }
    : null;

function sideOf({ run, kind, goal, status, mind, total, curve, inference, told }: Studied): Comparison["a"] {
  const { forkOf } = told.state.started;
  return { run, kind, goal, status, mind, ...(forkOf && { forkOf }), total, curve, divergence: inference.divergence };
}

function whyParted(a: Studied, b: Studied, prefix: number): string {
  const [nextA, nextB] = [a.rows[prefix], b.rows[prefix]];
  if (!nextA && !nextB) return "They did the same from beginning to end.";
  if (!nextA) return `The first ended after step ${prefix} (${a.reason || a.status}) and the second went on.`;
  if (!nextB) return `The second ended after step ${prefix} (${b.reason || b.status}) and the first went on.`;
  const before = [a.rows[prefix - 1], b.rows[prefix - 1]];
  const [was, is] = before.map((row) => row?.effect);
  const forks = [b.told.state.started.forkOf, a.told.state.started.forkOf];
  if ((forks[0]?.run === a.run && forks[0].step === prefix) || (forks[1]?.run === b.run && forks[1].step === prefix))
    return "One was forked from the other here.";
  if (was !== is && was !== undefined) return `Step ${prefix} gave ${was} in the first and ${is} in the second.`;
  if (a.mind !== b.mind) return `Their minds differ: ${a.mind} and ${b.mind}.`;
  if (a.goal !== b.goal) return "They were told different things.";
  return "They had seen the same and chose differently.";
}

function foundBy(a: Studied, b: Studied): Comparison["findings"] {
  const inA = new Set(a.told.findings.map(({ id }) => id));
  const inB = new Set(b.told.findings.map(({ id }) => id));
  const rows = (found: Studied["told"]["findings"]) => ({
    of: found.length,
    rows: found.slice(0, MOST_FOUND).map(({ id, kind, value }) => ({ id, kind, value })),
  });
  return {
    onlyA: rows(a.told.findings.filter(({ id }) => !inB.has(id))),
    onlyB: rows(b.told.findings.filter(({ id }) => !inA.has(id))),
    both: rows(a.told.findings.filter(({ id }) => inB.has(id))),
  };
}

function strategies(a: Studied, b: Studied): Comparison["strategies"] {
  const names = new Set([...a.strategies.totals, ...b.strategies.totals].map(({ name }) => name));
  return [...names].map((name) => {
    const [inA, inB] = [a, b].map(({ strategies }) => strategies.totals.find((total) => total.name === name));
    return { name, a: inA?.share ?? 0, b: inB?.share ?? 0, costA: inA?.cost ?? NOTHING, costB: inB?.cost ?? NOTHING };
  });
}

function goals(a: Studied, b: Studied): Comparison["goals"] {
  const labels = new Map([...a.inference.goals, ...b.inference.goals].map(({ id, label }) => [id, label]));
  const believed = (study: Studied, goal: string): number | null =>
    study.inference.goals.find(({ id }) => id === goal)?.posterior ?? null;
  return [...labels]
    .map(([id, label]) => ({ id, label, a: believed(a, id), b: believed(b, id) }))
    .sort((x, y) => Math.max(y.a ?? 0, y.b ?? 0) - Math.max(x.a ?? 0, x.b ?? 0))
    .slice(0, MOST_GOALS);
}

function beginningsOf(prefix: number): string {
  if (prefix === 0) return "They part at the first step";
  return prefix === 1 ? "The first step is the same" : `The first ${prefix} steps are the same`;
}

function storyOf(
  a: Studied,
  b: Studied,
  prefix: number,
  same: number,
  { onlyA, onlyB, both }: Comparison["findings"],
): string[] {
  const each = (study: Studied) =>
    `${study.total.findings} findings in ${study.rows.length} steps, ${study.total.pages} pages and $${study.total.usd.toFixed(2)}`;
  const shift = strategies(a, b).toSorted((x, y) => Math.abs(y.a - y.b) - Math.abs(x.a - x.b))[0];
  const lines = [
    `${beginningsOf(prefix)}; ${same} ${same === 1 ? "step was" : "steps were"} taken by both.`,
    `First: ${each(a)}. Second: ${each(b)}.`,
    `${both.of} findings are in both, ${onlyA.of} only in the first, ${onlyB.of} only in the second.`,
  ];
  if (shift && Math.abs(shift.a - shift.b) >= 0.05)
    lines.push(
      `They differ most in ${shift.name}: ${percent(shift.a)} of the first's steps, ${percent(shift.b)} of the second's.`,
    );
  const suspicious = [a, b].map(({ inference }) => inference.divergence >= 0.5);
  if (suspicious[0] !== suspicious[1])
    lines.push(
      `Only the ${suspicious[0] ? "first" : "second"} looks as if it pursued something else than it was told.`,
    );
  return lines;
}
