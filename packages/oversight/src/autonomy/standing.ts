/** A level as it is earned and lost, mark by mark. */
import type { Autonomy } from "@candor/store";
import { count, type Evidence, noEvidence } from "./evidence.ts";
import type { Mark } from "./marks.ts";
import { type Move, nextLevel } from "./next-level.ts";

export interface Standing {
  level: Autonomy;
  /** What was counted since it was reached. */
  evidence: Evidence;
}

export interface Change {
  at: number;
  run: string;
  from: Autonomy;
  to: Autonomy;
  reason: string;
  figures: Evidence;
}

export const standingAt = (level: Autonomy): Standing => ({ level, evidence: noEvidence });

/** @returns the standing after `mark`, and the change that it made, if any */
export function take(before: Standing, mark: Mark): { standing: Standing; change?: Change } {
  const evidence = count(before.evidence, mark);
  const move = nextLevel(before.level, evidence);
  if (move.direction === "stay") return { standing: { level: before.level, evidence } };
  const { at, run } = mark;
  return { standing: standingAt(move.to), change: { at, run, from: before.level, ...told(move), figures: evidence } };
}

const told = ({ to, reason }: Move) => ({ to, reason });

/** What a mind has earned, from nothing. @param marks of all its runs, oldest first */
export function earn(marks: readonly Mark[]): { standing: Standing; changes: Change[] } {
  let standing = standingAt("propose");
  const changes: Change[] = [];
  for (const mark of marks) {
    const next = take(standing, mark);
    standing = next.standing;
    if (next.change) changes.push(next.change);
  }
  return { standing, changes };
}
