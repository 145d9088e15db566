/** What each mind has earned, what the next level takes, and how its level changed. */
import type { MindStanding } from "@candor/server";
import { plural } from "../../ui/words.ts";
import { Loading, Trouble } from "../parts.tsx";
import { useAutonomy } from "./queries.ts";

const LEVELS = {
  propose: "Propose only",
  step: "One step at a time",
  few: "A few steps",
  continuous: "Free within permissions",
};

export function Autonomy() {
  const autonomy = useAutonomy();
  if (autonomy.isPending) return <Loading />;
  if (autonomy.isError) return <Trouble error={autonomy.error} />;
  const { levels, minds } = autonomy.data;
  return (
    <div className="grid gap-6">
      <ol className="grid gap-px overflow-hidden rounded-lg border bg-border text-sm sm:grid-cols-4">
        {levels.map(({ level, means }) => (
          <li key={level} className="grid content-start gap-1 bg-card p-3">
            <span className="font-medium">{LEVELS[level]}</span>
            <span className="text-muted-foreground">{means}</span>
          </li>
        ))}
      </ol>
      {minds.map((standing) => (
        <Mind key={`${standing.mind.kind} ${standing.mind.model ?? ""}`} standing={standing} />
      ))}
      {minds.length === 0 && <p className="text-sm text-muted-foreground">No mind has run yet.</p>}
    </div>
  );
}

function Mind({ standing: { mind, level, figures, missing, runs, history } }: { standing: MindStanding }) {
  return (
    <article className="grid gap-2 rounded-lg border bg-card p-4 text-sm">
      <h3 className="flex flex-wrap items-baseline gap-x-3 font-medium">
        {mind.model ?? mind.kind}
        <span className="font-normal text-primary">{LEVELS[level]}</span>
        <span className="ml-auto font-normal text-muted-foreground tabular-nums">{plural(runs, "run")}</span>
      </h3>
      <p className="text-muted-foreground tabular-nums">
        {plural(figures.approved, "step")} approved, {figures.rejected} rejected, {figures.bad} judged bad,{" "}
        {plural(figures.severe, "severe signal")}, {plural(figures.evaluations, "evaluation")} passed since it got
        there.
      </p>
      {missing.length > 0 && <p>The next level still takes {missing.join(" and ")}.</p>}
      {history.length > 0 && (
        <details>
          <summary>How it got there</summary>
          <ol className="mt-2 grid gap-1">
            {history.map(({ run, at, from, to, reason }) => (
              <li key={`${run} ${at}`}>
                {new Date(at).toLocaleString()}: from “{LEVELS[from]}” to “{LEVELS[to]}”. {reason}
              </li>
            ))}
          </ol>
        </details>
      )}
    </article>
  );
}
