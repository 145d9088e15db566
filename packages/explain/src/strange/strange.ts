/** Places where a run went strange, each with why and with words of the log. */
import type { GoalInference, Strange, StrategyName } from "../explanation.ts";
import { costOf } from "../steps/price.ts";
import type { Reading } from "../steps/readings.ts";
import type { Told } from "../subject.ts";

const MOST = 50;
const MOST_EVIDENCE = 4;
/** Pages of one host in a row, as visits to it, that gave nothing. */
const BARREN_PAGES = 5;
/** Pages in a row that no clue led to. */
const FAR_PAGES = 3;
/** Below this probability of the given goal the run drifts. */
const DRIFTS = 0.5;
const ALARMING = new Set(["high", "severe"]);

export function strangePlaces(
  told: Told,
  readings: readonly Reading[],
  names: readonly StrategyName[],
  inference: GoalInference,
): Strange[] {
  const places = [
    ...drifts(readings, inference),
    ...far(readings, names),
    ...barren(readings),
    ...misfits(readings),
    ...signals(told),
  ];
  return places.slice(0, MOST).sort((a, b) => a.from - b.from || a.to - b.to);
}

function place(
  kind: Strange["kind"],
  steps: readonly Reading[],
  where: string,
  why: string,
  evidence: string[],
): Strange {
  return {
    kind,
    from: steps[0]?.step ?? 1,
    to: steps.at(-1)?.step ?? 1,
    where,
    why,
    evidence: evidence.slice(0, MOST_EVIDENCE).map((text) => text.slice(0, 300)),
    steps: steps.length,
    cost: costOf(steps),
  };
}

const quote = ({ step, object, lead, thought }: Reading): string =>
  `step ${step}: ${object}${lead?.label ? ` "${lead.label.slice(0, 60)}"` : ""}, because "${thought.slice(0, 120)}"`;

/** Where the actions fit another goal better than the one that was given. */
function drifts(readings: readonly Reading[], { series, goals, given, telling }: GoalInference): Strange[] {
  const own = goals.findIndex(({ id }) => id === given);
  const at = new Map(readings.map((reading, index) => [reading.step, index]));
  const found: Strange[] = [];
  let from: number | undefined;
  for (const [index, { step, posterior }] of [...series, { step: Number.POSITIVE_INFINITY, posterior: [] }].entries()) {
    const drifting = step !== Number.POSITIVE_INFINITY && (posterior[own] ?? 1) < DRIFTS;
    if (drifting) {
      from ??= step;
      continue;
    }
    if (from === undefined) continue;
    const last = series[index - 1] ?? { step: from, posterior: [] };
    const rival = goals
      .map((goal, place) => ({ goal, believed: last.posterior[place] ?? 0 }))
      .filter(({ goal }) => goal.id !== given)
      .sort((a, b) => b.believed - a.believed)[0];
    const steps = readings.slice(at.get(from) ?? 0, (at.get(last.step) ?? 0) + 1);
    const range = [from, last.step] as const;
    const evidence = telling
      .filter(({ step, nats }) => nats > 0 && step >= range[0] - 10 && step <= range[1])
      .sort((a, b) => b.nats - a.nats)
      .map(({ step, what }) => `step ${step}: ${what}`);
    const why = `The actions up to here fit "${rival?.goal.label ?? "another goal"}" better than what the run was told (${percent(last.posterior[own] ?? 0)} for the latter).`;
    found.push(place("drift", steps, rival?.goal.label ?? "", why, evidence));
    from = undefined;
  }
  return found;
}

function far(readings: readonly Reading[], names: readonly StrategyName[]): Strange[] {
  const found: Strange[] = [];
  let row: Reading[] = [];
  const close = (): void => {
    if (row.length >= FAR_PAGES) {
      const hosts = [...new Set(row.map(({ host }) => host))];
      const why = `${row.length} pages in a row that no word of the goal, no search and no page of the operator's led to; none gave anything.`;
      found.push(place("far", row, hosts.slice(0, 3).join(", "), why, row.map(quote)));
    }
    row = [];
  };
  for (const [index, reading] of readings.entries()) {
    if (names[index] === "wander") row.push(reading);
    else if (reading.tool === "open") close();
  }
  close();
  return found;
}

/** Hosts that were gone back to again and again for nothing. */
function barren(readings: readonly Reading[]): Strange[] {
  const rows = new Map<string, Reading[]>();
  const found: Strange[] = [];
  const close = (host: string): void => {
    const row = rows.get(host) ?? [];
    rows.delete(host);
    if (row.length < BARREN_PAGES) return;
    const blocked = row.filter(
      ({ effect }) => effect === "blocked" || effect === "error" || effect === "missing",
    ).length;
    const why = `${row.length} pages of ${host} gave no finding${blocked > 0 ? `, ${blocked} of them could not be read` : ""}.`;
    found.push(place("barren", row, host, why, row.map(quote)));
  };
  for (const reading of readings) {
    if (reading.tool !== "open" || reading.host === "" || reading.effect === "pending") continue;
    // A page that speaks of somebody wanted is no waste, though it shows nothing new.
    if (reading.effect === "findings" || reading.effect === "record") close(reading.host);
    else rows.set(reading.host, [...(rows.get(reading.host) ?? []), reading]);
  }
  for (const host of [...rows.keys()]) close(host);
  return found.sort((a, b) => b.steps - a.steps).slice(0, 15);
}

const misfits = (readings: readonly Reading[]): Strange[] =>
  readings
    .filter(({ fits }) => fits === "no")
    .slice(0, 15)
    .map((reading) =>
      place(
        "misfit",
        [reading],
        reading.host || reading.tool,
        `The thought does not fit the action: ${reading.misfit}.`,
        [quote(reading)],
      ),
    );

const signals = ({ state }: Told): Strange[] =>
  state.events
    .flatMap(({ event }) => (event.type === "signal.raised" && ALARMING.has(event.severity) ? [event] : []))
    .slice(0, 15)
    .map(({ monitor, reason, evidence, step = state.steps.at(-1)?.step ?? 1 }) => ({
      ...place("signal", [], `monitor ${monitor}`, reason, evidence),
      from: step,
      to: step,
      steps: 1,
    }));

export const percent = (share: number): string =>
  share > 0 && share < 0.01 ? "under 1 %" : `${Math.round(100 * share)} %`;
