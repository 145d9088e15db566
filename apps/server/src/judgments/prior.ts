/** "Not me" and "that is me", kept for later audits. */
import { createAnalyst, type PriorJudgment, provenIn } from "@candor/exposure";
import type { Recorded } from "@candor/store";

/** What the operator said of a run's findings, with the finding's kind and value, which are the same in every run. */
export function judgmentsIn(events: readonly Recorded[]): PriorJudgment[] {
  const said = events.flatMap(({ event }) => (event.type === "finding.judged" ? [event] : []));
  if (said.length === 0) return [];
  const proven = provenIn(events);
  const analyst = createAnalyst(proven?.seeds ?? { names: [], usernames: [], sites: [] }, {
    proven: (proven?.proofs ?? []).map((p) => p.site),
  });
  // As the findings stood before they were judged: a finding that was judged away is no longer among them.
  const unjudged = events.filter(({ event }) => event.type !== "finding.judged");
  const findings = new Map(analyst.findings(unjudged).map((finding) => [finding.id, finding]));
  return said.flatMap(({ finding, judgment }) => {
    const known = findings.get(finding);
    return known ? [{ finding, kind: known.kind, value: known.value, judgment }] : [];
  });
}
