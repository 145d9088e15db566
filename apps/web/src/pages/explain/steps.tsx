/** Each step's stated reason against its effect, a window at a time. */
import type { Explanation } from "@candor/server";
import { Link, useParams } from "@tanstack/react-router";
import { Button } from "../../ui/button.tsx";
import { WINDOW } from "./queries.ts";
import { EFFECTS, STRATEGIES } from "./words.ts";

type Steps = Explanation["steps"];

export function Steps({ steps: { from, of, rows }, onWindow }: { steps: Steps; onWindow(from: number): void }) {
  const { run } = useParams({ strict: false });
  const last = rows.at(-1)?.step ?? 0;
  return (
    <div className="grid gap-3">
      <ol className="divide-y rounded-lg border bg-card text-sm">
        {rows.map((row) => (
          <li key={row.step} className="grid gap-1 p-3 sm:grid-cols-[3rem_1fr_9rem] sm:gap-4">
            {run ? (
              <Link
                to="/runs/$run"
                params={{ run }}
                search={{ step: row.step }}
                className="text-muted-foreground tabular-nums hover:underline"
                aria-label={`Step ${row.step}`}
              >
                {row.step}
              </Link>
            ) : (
              <span>{row.step}</span>
            )}
            <div className="grid min-w-0 gap-0.5">
              <p className="break-words">{row.thought}</p>
              <p className="break-all text-muted-foreground">
                {row.tool} {row.object}
              </p>
              {row.fits === "no" && <p className="text-bad">{row.misfit}</p>}
            </div>
            <p className="flex gap-2 sm:block sm:text-right">
              <span className={TONE[row.effect] ?? "text-muted-foreground"}>
                {EFFECTS[row.effect]}
                {row.effect === "leads" && ` (${row.leads})`}
                {row.effect === "findings" && ` (${row.findings.length})`}
              </span>
              <span className="block text-muted-foreground">{STRATEGIES[row.strategy].word}</span>
            </p>
          </li>
        ))}
      </ol>
      {of > WINDOW && (
        <nav aria-label="More steps" className="flex items-center justify-between gap-3 text-sm">
          <Button disabled={from <= 1} onClick={() => onWindow(Math.max(1, from - WINDOW))}>
            Earlier
          </Button>
          <span className="text-muted-foreground tabular-nums">
            {from} to {last} of {of}
          </span>
          <Button disabled={last >= of} onClick={() => onWindow(from + WINDOW)}>
            Later
          </Button>
        </nav>
      )}
    </div>
  );
}

const TONE: Partial<Record<Steps["rows"][number]["effect"], string>> = {
  findings: "font-medium text-good",
  record: "text-good",
  leads: "text-foreground",
  blocked: "text-warn",
  refused: "text-bad",
  error: "text-bad",
};
