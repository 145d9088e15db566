/** Cost and yield of a run as sums over its steps. */
import type { Finding } from "../../api/events.ts";
import type { Trace } from "../../trace/trace.ts";
import { dollars, plural, span } from "../../ui/words.ts";

export interface Point {
  step: number;
  value: number;
}

export interface Series {
  name: string;
  /** A value in words. */
  unit(value: number): string;
  points: Point[];
}

/** No more than a screen has columns. */
const MOST_POINTS = 400;

/** Findings count from the first step that read a page of theirs; leads when they are seen first. */
export function seriesOf(trace: Trace, findings: readonly Pick<Finding, "id" | "urls">[]): Series[] {
  const byUrl = new Map<string, string[]>();
  for (const { id, urls } of findings) for (const url of urls) byUrl.set(url, [...(byUrl.get(url) ?? []), id]);
  const found = new Set<string>();
  const leads = new Set<string>();
  let pages = 0;
  let ms = 0;
  const sums: { step: number; found: number; leads: number; pages: number; ms: number }[] = [];
  for (const entry of trace.entries) {
    if (entry.kind !== "step") continue;
    const { step, observation } = entry;
    for (const id of byUrl.get(observation?.url ?? "") ?? []) found.add(id);
    for (const { kind, value } of observation?.leads ?? []) leads.add(`${kind} ${value}`);
    pages += observation?.cost.pages ?? 0;
    ms += entry.ms;
    sums.push({ step, found: found.size, leads: leads.size, pages, ms });
  }
  const kept = thinned(sums);
  const series = (name: string, unit: Series["unit"], of: (sum: (typeof sums)[number]) => number): Series => ({
    name,
    unit,
    points: kept.map((sum) => ({ step: sum.step, value: of(sum) })),
  });
  return [
    ...(trace.started?.kind === "audit"
      ? [
          series(
            "Findings",
            (n) => plural(n, "finding"),
            (sum) => sum.found,
          ),
        ]
      : []),
    series(
      "Leads",
      (n) => plural(n, "lead"),
      (sum) => sum.leads,
    ),
    series(
      "Pages read",
      (n) => plural(n, "page"),
      (sum) => sum.pages,
    ),
    series(
      "Time",
      (seconds) => span(seconds * 1_000),
      (sum) => sum.ms / 1_000,
    ),
    ...(trace.spent.usd > 0 ? [moneyOf(trace)] : []),
  ];
}

function moneyOf(trace: Trace): Series {
  let usd = 0;
  const points = trace.entries.flatMap((entry) => {
    if (entry.kind !== "step") return [];
    usd += entry.usd;
    return [{ step: entry.step, value: usd }];
  });
  return { name: "Cost", unit: dollars, points: thinned(points) };
}

/** Every n-th, and always the last. */
function thinned<T>(all: readonly T[]): T[] {
  const each = Math.ceil(all.length / MOST_POINTS);
  return all.filter((_, index) => index % each === 0 || index === all.length - 1);
}
