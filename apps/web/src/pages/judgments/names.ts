/** Raters and runs as people call them. */
import { useRuns } from "../../api/queries.ts";

export const raterName = (rater: string): string => (rater === "operator" ? "you" : rater);

const list = new Intl.ListFormat("en");
export const raterNames = (raters: readonly string[]): string => list.format(raters.map(raterName));

/** Letters of a goal that tell it from others. */
const MOST = 40;

/** Many runs have the same goal, so the time of its beginning stands with it. */
export function useRunName(): (run: string) => string {
  const runs = useRuns();
  return (run) => {
    const row = runs.data?.find((each) => each.run === run);
    if (!row) return run;
    const at = new Date(row.startedAt).toLocaleString("en", { dateStyle: "medium", timeStyle: "short" });
    return `“${row.goal.length > MOST ? `${row.goal.slice(0, MOST).trimEnd()} …` : row.goal}”, ${at}`;
  };
}
