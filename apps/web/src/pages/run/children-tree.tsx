/** The runs that work for this one, and those that work for them, opened branch by branch. */
import type { RunView } from "@candor/server";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useRun } from "../../api/queries.ts";
import type { Child, Trace } from "../../trace/trace.ts";
import { Button } from "../../ui/button.tsx";
import { Status } from "../../ui/status.tsx";
import { plural } from "../../ui/words.ts";
import { Empty, Loading } from "../parts.tsx";

interface Twig {
  run: string;
  goal: string;
  status: string;
  steps?: number;
}

/** Shown at first; a run may have a thousand. */
const MOST = 100;

export function ChildrenTree({ trace, server }: { trace: Trace; server: RunView | undefined }) {
  if (trace.children.size === 0)
    return <Empty title="No children" text="A mind that may spawn gives parts of its work to runs of their own." />;
  const statuses = new Map(server?.children.map(({ run, status }) => [run, status]));
  return (
    <div className="p-4">
      <Branches twigs={[...trace.children.values()].map((child) => toTwig(child, statuses.get(child.run)))} />
    </div>
  );
}

/** The event of its end is the last word on a child; until then the server knows whether it waits or was cut off. */
const toTwig = ({ run, goal, status, steps }: Child, now: string | undefined): Twig => ({
  run,
  goal,
  status: status === "running" ? (now ?? status) : status,
  ...(steps > 0 && { steps }),
});

function Branches({ twigs }: { twigs: readonly Twig[] }) {
  const [most, setMost] = useState(MOST);
  return (
    <ul className="grid gap-1 border-l pl-3">
      {twigs.slice(0, most).map((twig) => (
        <Branch key={twig.run} twig={twig} />
      ))}
      {twigs.length > most && (
        <li>
          <Button size="sm" onClick={() => setMost(most + MOST)}>
            Show more of {twigs.length}
          </Button>
        </li>
      )}
    </ul>
  );
}

function Branch({ twig: { run, goal, status, steps } }: { twig: Twig }) {
  const [open, setOpen] = useState(false);
  return (
    <li className="grid gap-1 py-1">
      <div className="grid gap-0.5">
        <Link to="/runs/$run" params={{ run }} className="text-sm font-medium break-words hover:underline">
          {goal}
        </Link>
        <p className="flex flex-wrap items-center gap-x-3 text-muted-foreground">
          <Status status={status} className="text-xs" />
          {steps !== undefined && <span className="text-xs tabular-nums">{plural(steps, "step")}</span>}
          <button
            type="button"
            aria-expanded={open}
            aria-label={`Children of ${goal}`}
            onClick={() => setOpen(!open)}
            className="text-xs underline underline-offset-2"
          >
            {open ? "Hide its children" : "Its children"}
          </button>
        </p>
      </div>
      {open && <Below run={run} />}
    </li>
  );
}

function Below({ run }: { run: string }) {
  const { data, error } = useRun(run);
  if (error) return <p className="text-xs text-bad">{error.message}</p>;
  if (!data) return <Loading />;
  if (data.children.length === 0) return <p className="pl-3 text-xs text-muted-foreground">It has none.</p>;
  return <Branches twigs={data.children} />;
}
