/** What a run did beside what it would have done under other permissions. */
import { type Permissions, ruleOf, ruleText } from "@candor/oversight";
import type { Verdict } from "@candor/store";
import type { Judged } from "./replay.ts";
import type { SimulatedStep, Simulation } from "./schemas.ts";

type Course = "goes" | "stays" | "open";

/** @param rows in the order of the run @param permissions those that were tried */
export function compare(run: string, was: string, permissions: Permissions, rows: readonly Judged[]): Simulation {
  const at = rows.findIndex(diverges);
  const steps = rows.map((row, index) => stepOf(row, permissions, at >= 0 && index > at));
  const divergesAt = rows[at]?.step;
  return {
    run,
    was,
    would: permissions.name,
    steps,
    totals: {
      was: tally(rows.map((row) => row.was)),
      would: tally(rows.map((row) => row.would)),
      steps: rows.length,
      changed: steps.filter(({ changed }) => changed).length,
    },
    ...(divergesAt !== undefined && { divergesAt }),
  };
}

function stepOf({ answer, ...row }: Judged, permissions: Permissions, hypothetical: boolean): SimulatedStep {
  const rule = ruleOf(permissions, row.would);
  return {
    ...row,
    ...(answer && { answer }),
    ...(rule && { rule: { text: ruleText(rule), value: rule } }),
    changed: row.was.outcome !== row.would.outcome,
    hypothetical,
  };
}

/** Whether the step would have gone otherwise, or may have: a person who is asked has not answered yet. */
function diverges({ was, would, answer }: Judged): boolean {
  const before = courseOf(was, answer);
  // The same question gets the same answer.
  const after = was.outcome === would.outcome ? before : courseOf(would, undefined);
  return before !== after;
}

function courseOf({ outcome }: Verdict, answer: Judged["answer"]): Course {
  if (outcome === "allow") return "goes";
  if (outcome === "deny") return "stays";
  if (answer === undefined) return "open";
  return answer === "approve" ? "goes" : "stays";
}

function tally(verdicts: readonly Verdict[]): Record<Verdict["outcome"], number> {
  const counts = { allow: 0, ask: 0, deny: 0 };
  for (const { outcome } of verdicts) counts[outcome]++;
  return counts;
}
