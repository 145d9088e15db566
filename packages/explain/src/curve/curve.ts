/** Yield and cost over time. */
import type { CurvePoint } from "../explanation.ts";
import type { Reading } from "../steps/readings.ts";
import { thinned } from "./thinned.ts";

const MOST_POINTS = 400;

/** A point a step, cumulative; evenly thinned where there are more than 400. The last step is always there. */
export function curveOf(readings: readonly Reading[]): CurvePoint[] {
  let sum: CurvePoint = { step: 0, at: 0, findings: 0, leads: 0, pages: 0, usd: 0, ms: 0 };
  const points = readings.map(({ step, at, findings, leads, cost }) => {
    sum = {
      step,
      at,
      findings: sum.findings + findings.length,
      leads: sum.leads + leads,
      pages: sum.pages + cost.pages,
      usd: sum.usd + cost.usd,
      ms: sum.ms + cost.ms,
    };
    return sum;
  });
  return thinned(points, MOST_POINTS);
}
