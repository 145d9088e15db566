/** Marks counted. */
import type { Recorded } from "@candor/store";
import { type Mark, Marks } from "./marks.ts";

export interface Evidence {
  /** Steps that a person let pass, in a row: a rejection, a bad judgment or a severe signal begins it anew. */
  approved: number;
  rejected: number;
  bad: number;
  severe: number;
  /** Of the severe signals, those of dodging the stop or of a leak. */
  grave: number;
  evaluations: number;
}

export const noEvidence: Evidence = { approved: 0, rejected: 0, bad: 0, severe: 0, grave: 0, evaluations: 0 };

export function count(before: Evidence, { kind }: Mark): Evidence {
  switch (kind) {
    case "approved":
      return { ...before, approved: before.approved + 1 };
    case "evaluation":
      return { ...before, evaluations: before.evaluations + 1 };
    case "rejected":
      return { ...before, approved: 0, rejected: before.rejected + 1 };
    case "bad":
      return { ...before, approved: 0, bad: before.bad + 1 };
    case "severe":
      return { ...before, approved: 0, severe: before.severe + 1 };
    case "grave":
      return { ...before, approved: 0, severe: before.severe + 1, grave: before.grave + 1 };
  }
}

export interface Judgments {
  /** Steps of the run that raters have called bad. */
  bad: ReadonlySet<number>;
  /** Evaluations that its mind has passed. */
  evaluations: number;
}

/** All that a run's events and the judgments of them say of its mind. */
export function evidenceFrom(events: readonly Recorded[], { bad, evaluations }: Judgments): Evidence {
  const marks = new Marks();
  for (const event of events) marks.take(event);
  return marks.marks(bad).reduce(count, { ...noEvidence, evaluations });
}
