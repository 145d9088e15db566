/** Why a run did what it did: a pure fold over its events. */
import { curveOf } from "./curve/curve.ts";
import type { Explanation, GoalNode, StepReading } from "./explanation.ts";
import { treeOf } from "./goals/tree.ts";
import { inferGoals } from "./inference/infer.ts";
import { type Reading, readingsOf } from "./steps/readings.ts";
import { misfitsIn, storyOf } from "./story.ts";
import { strangePlaces } from "./strange/strange.ts";
import { spansOf, strategiesOf, totalsOf } from "./strategies/strategies.ts";
import { type Subject, type Told, told } from "./subject.ts";

export interface ExplainOptions {
  /** The window of steps that is returned: from step `from` on, `limit` of them. Everything else is of the whole run. */
  from?: number;
  limit?: number;
  /** Goals of children, each from its own explanation, by their run. */
  children?: ReadonlyMap<string, GoalNode[]>;
  /** Chance, before anything was seen, that a run is after something it was not told. */
  suspicion?: number;
}

const LIMIT = 300;
const MOST_FINDINGS = 20;
const MOST_GOALS = 300;

/** Everything that is known of a run before a window is cut out of it. */
export interface Studied extends Omit<Explanation, "steps"> {
  rows: StepReading[];
  told: Told;
}

/**
 * Explains a run. The same events give the same explanation.
 * @throws when the events do not begin with `run.started`
 * @example
 * const { story, strategies, inference } = explain({ events, seeds, analyst });
 */
export function explain(subject: Subject, options: ExplainOptions = {}): Explanation {
  const { rows, told: _, ...rest } = study(subject, options);
  return { ...rest, steps: windowOf(rows, options) };
}

/** The tree of goals alone, for a run that stands in another's tree. */
export function goalsOf(subject: Subject, children: ReadonlyMap<string, GoalNode[]> = new Map()): GoalNode[] {
  const known = told(subject);
  return treeOf(known, readingsOf(known), children).nodes.slice(0, MOST_GOALS);
}

export function windowOf<T extends { step: number }>(
  rows: readonly T[],
  { from = 1, limit = LIMIT }: Pick<ExplainOptions, "from" | "limit">,
): { from: number; of: number; rows: T[] } {
  return { from, of: rows.length, rows: rows.filter(({ step }) => step >= from).slice(0, limit) };
}

export function study(subject: Subject, options: ExplainOptions = {}): Studied {
  const known = told(subject);
  const { state } = known;
  const readings = readingsOf(known);
  const names = strategiesOf(known, readings);
  const inference = inferGoals(known, options);
  const { nodes, served } = treeOf(known, readings, options.children ?? new Map());
  const curve = curveOf(readings);
  const total = curve.at(-1) ?? {
    step: 0,
    at: state.events[0]?.at ?? 0,
    findings: 0,
    leads: 0,
    pages: 0,
    usd: 0,
    ms: 0,
  };
  const totals = totalsOf(readings, names);
  const strange = strangePlaces(known, readings, names, inference);
  const { goal, kind, mind } = state.started;
  const own = inference.goals.findIndex(({ id }) => id === inference.given);
  const given = new Map(inference.series.map(({ step, posterior }) => [step, posterior[own] ?? null]));
  return {
    run: state.run,
    kind,
    goal,
    status: state.status,
    reason: state.reason,
    mind: mind.model ? `${mind.kind} ${mind.model}` : mind.kind,
    total,
    story: storyOf({ goal, status: state.status, total, totals, strange, inference, misfits: misfitsIn(readings) }),
    goals: nodes.slice(0, MOST_GOALS),
    curve,
    strategies: { spans: spansOf(readings, names), totals },
    strange,
    inference,
    rows: readings.map((reading, index) => ({
      ...shown(reading),
      strategy: names[index] ?? "follow",
      goal: served[index] ?? state.run,
      given: given.get(reading.step) ?? null,
    })),
    told: known,
  };
}

/** A reading without what only the fold needs. */
function shown({
  host: _,
  lead: __,
  again: ___,
  findings,
  ...rest
}: Reading): Omit<StepReading, "strategy" | "goal" | "given"> {
  return { ...rest, findings: findings.slice(0, MOST_FINDINGS) };
}
