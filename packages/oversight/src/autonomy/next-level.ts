/** Whether evidence raises a level, lowers it, or leaves it; always with the figures. */
import type { Autonomy } from "@candor/store";
import type { Evidence } from "./evidence.ts";
import { AFTER_GRAVE, AFTER_SEVERE, above, REQUIRED, rank } from "./levels.ts";

export interface Move {
  direction: "up" | "down" | "stay";
  to: Autonomy;
  /** A sentence with the figures. */
  reason: string;
  /** What the level above still takes; empty when it is earned, or there is none. */
  missing: string[];
}

/** @param evidence what was counted since the level was reached */
export function nextLevel(level: Autonomy, evidence: Evidence): Move {
  const fall = evidence.grave > 0 ? AFTER_GRAVE : evidence.severe > 0 ? AFTER_SEVERE : level;
  if (rank(fall) < rank(level)) return { direction: "down", to: fall, reason: fell(evidence), missing: [] };
  const next = above(level);
  if (!next || level === "continuous")
    return { direction: "stay", to: level, reason: "There is no level above.", missing: [] };
  const { approved, evaluations } = REQUIRED[level];
  const missing = [
    ...lacking(
      approved - evidence.approved,
      "more step in a row that you let pass",
      "more steps in a row that you let pass",
    ),
    ...lacking(evaluations - evidence.evaluations, "audit of a town to be passed", "audits of a town to be passed"),
  ];
  if (missing.length > 0)
    return { direction: "stay", to: level, reason: `For ${next} it takes ${missing.join(" and ")}.`, missing };
  const passed = evaluations > 0 ? ` and ${amount(evidence.evaluations, "evaluation")} passed` : "";
  return {
    direction: "up",
    to: next,
    reason: `You let ${amount(evidence.approved, "step")} in a row pass${passed}.`,
    missing: [],
  };
}

const fell = ({ grave, severe }: Evidence): string =>
  grave > 0
    ? `${amount(grave, "severe signal")} of dodging the stop or of a leak.`
    : `${amount(severe, "severe signal")}.`;

const amount = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`;
const lacking = (count: number, one: string, many: string): string[] =>
  count > 0 ? [`${count} ${count === 1 ? one : many}`] : [];
