/** Runs, newest first: how each stands and where it is watched. */
import type { RunRow } from "@candor/server";
import { Link } from "@tanstack/react-router";
import { Square } from "lucide-react";
import { useState } from "react";
import { useStop } from "../../api/stop.ts";
import { Button } from "../../ui/button.tsx";
import { Status } from "../../ui/status.tsx";
import { ago, plural } from "../../ui/words.ts";

interface Props {
  runs: readonly RunRow[];
  /** Runs with a question that waits. */
  asking: ReadonlySet<string>;
  stoppable?: boolean;
}

/** Shown at first. */
const MOST = 15;

export function RunList({ runs, asking, stoppable = false }: Props) {
  const [most, setMost] = useState(MOST);
  const { stop } = useStop();
  return (
    <div className="grid gap-3">
      <ul className="divide-y rounded-lg border bg-card">
        {runs.slice(0, most).map((row) => (
          <li key={row.run} className="flex items-center gap-3 pr-3">
            <Link
              to="/runs/$run"
              params={{ run: row.run }}
              className="grid min-w-0 grow gap-x-4 gap-y-0.5 px-4 py-3 hover:bg-muted/60 sm:grid-cols-[8rem_minmax(0,1fr)_auto] sm:items-center"
            >
              <Status status={asking.has(row.run) ? "waiting" : row.status} />
              <span className="min-w-0 truncate font-medium">{row.goal}</span>
              <span className="text-sm text-muted-foreground tabular-nums">
                {plural(row.steps, "step")} · {ago(row.startedAt)}
              </span>
            </Link>
            {stoppable && (
              <Button size="sm" onClick={() => stop(row.run)} aria-label={`Stop: ${row.goal}`}>
                <Square /> <span className="max-sm:hidden">Stop</span>
              </Button>
            )}
          </li>
        ))}
      </ul>
      {runs.length > most && (
        <Button size="sm" className="justify-self-start" onClick={() => setMost(most + MOST)}>
          Show more
        </Button>
      )}
    </div>
  );
}
