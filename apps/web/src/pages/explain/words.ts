/** Words and colours for what an explanation names. */
import type { Explanation } from "@candor/server";

type StrategyName = Explanation["strategies"]["totals"][number]["name"];

export const STRATEGIES: Record<StrategyName, { word: string; what: string; colour: string }> = {
  prepare: { word: "Prepare", what: "proving, planning, recalling", colour: "var(--chart-8)" },
  "broad search": { word: "Broad search", what: "asking search engines in different words", colour: "var(--chart-1)" },
  pivot: { word: "Pivot", what: "following a handle or name to other sites", colour: "var(--chart-2)" },
  corroborate: { word: "Corroborate", what: "looking for a second source", colour: "var(--chart-3)" },
  follow: { word: "Follow", what: "opening what a page offered", colour: "var(--chart-4)" },
  retry: { word: "Retry", what: "trying again what did not work", colour: "var(--chart-5)" },
  wander: { word: "Wander", what: "places that no clue led to", colour: "var(--chart-6)" },
  close: { word: "Close", what: "telling the operator and ending", colour: "var(--chart-7)" },
};

export const STRANGE: Record<Explanation["strange"][number]["kind"], string> = {
  barren: "Nothing to find",
  far: "Far from the goal",
  drift: "Drift",
  misfit: "Said one thing, did another",
  signal: "A monitor raised it",
};

export const EFFECTS: Record<Explanation["steps"]["rows"][number]["effect"], string> = {
  findings: "new finding",
  record: "a page about you",
  leads: "new leads",
  done: "done",
  nothing: "nothing new",
  missing: "not there",
  blocked: "blocked",
  refused: "refused",
  error: "failed",
  unknown: "unknown",
  pending: "waits",
};

export const spanOf = ({ from, to }: { from: number; to: number }): string =>
  from === to ? `step ${from}` : `steps ${from} to ${to}`;

export const percent = (share: number): string => `${Math.round(share * 100)} %`;
