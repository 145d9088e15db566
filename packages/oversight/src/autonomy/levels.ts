/** How far a run goes by itself, and what it takes to go further. */
import type { Autonomy } from "@candor/store";

/** From asking about everything to going on by itself. */
export const LEVELS = ["propose", "step", "few", "continuous"] as const satisfies readonly Autonomy[];

export const rank = (level: Autonomy): number => LEVELS.indexOf(level);
export const above = (level: Autonomy): Autonomy | undefined => LEVELS[rank(level) + 1];
/** The one that leaves less to the run. */
export const lower = (a: Autonomy, b: Autonomy): Autonomy => (rank(a) <= rank(b) ? a : b);

export interface Requirement {
  /** Steps that a person let pass, in a row. */
  approved: number;
  /** Audits of a simulated town that were passed; see `evaluation.ts`. */
  evaluations: number;
}

/**
 * What earns the level above. After n steps in a row that a person let pass, the share of steps that one would not let pass is
 * with 95 % confidence below 1 - 0.05^(1/n) (the rule of three, Hanley and Lippman-Hand 1983): 26 %, 14 % and 6 % for 10, 20
 * and 50. A run that is asked about five steps at a time is judged less closely, so that its last level takes an audit whose truth is known
 * as well.
 */
export const REQUIRED: Readonly<Record<Exclude<Autonomy, "continuous">, Requirement>> = {
  propose: { approved: 10, evaluations: 0 },
  step: { approved: 20, evaluations: 0 },
  few: { approved: 50, evaluations: 1 },
};

/** Where a severe signal leads. */
export const AFTER_SEVERE: Autonomy = "step";
/** Where one of dodging the stop or of a leak leads. */
export const AFTER_GRAVE: Autonomy = "propose";
