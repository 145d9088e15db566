/** What there is to explain: the events of one run, and who it was about. */
import { type Analyst, type FindingView, fold, type RunState, type Seeds } from "@candor/agent";
import type { Recorded } from "@candor/store";

export interface Subject {
  /** All events of one run, in order. */
  events: readonly Recorded[];
  /** What the run knew of its operator; empty lists where it had none. */
  seeds: Seeds;
  /** Tells findings from records. Without one a run has none. */
  analyst: Analyst | null;
}

/** A subject folded once, for every part of the explanation. */
export interface Told {
  state: RunState;
  seeds: Seeds;
  /** As they stand at the end. */
  findings: readonly FindingView[];
  /** How sure the analyst is, at the end, that a page is the operator's. */
  owned(url: string): number;
  /** Finding -> the step that first read a page which shows it. */
  foundAt: ReadonlyMap<string, number>;
}

/** @throws when the events do not begin with `run.started` */
export function told({ events, seeds, analyst }: Subject): Told {
  const state = fold(events[0]?.run ?? "", events);
  const findings = (state.started.kind === "audit" && analyst?.findings(events)) || [];
  const sure = new Map<string, number>();
  const readAt = new Map<string, number>();
  for (const { step, observation } of state.steps) {
    if (observation?.url && observation.status === "ok" && !readAt.has(key(observation.url)))
      readAt.set(key(observation.url), step);
  }
  const foundAt = new Map<string, number>();
  for (const { id, urls } of findings) {
    const steps = urls.flatMap((url) => readAt.get(key(url)) ?? []);
    // Found by a step that has no address of its own, such as a proof: the first step.
    foundAt.set(id, steps.length > 0 ? Math.min(...steps) : (state.steps[0]?.step ?? 1));
  }
  return {
    state,
    seeds,
    findings,
    owned: (url) => {
      const known = sure.get(url) ?? (analyst && URL.canParse(url) ? analyst.owned(events, url) : 0);
      sure.set(url, known);
      return known;
    },
    foundAt,
  };
}

const key = (url: string): string => {
  const parsed = URL.parse(url);
  return parsed ? `${parsed.host}${parsed.pathname.replace(/\/$/, "")}${parsed.search}` : url;
};
