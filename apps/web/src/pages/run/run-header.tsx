/** What the run is, how it stands, and what it has spent of its budget. */
import type { RunView } from "@candor/server";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { GitFork, Keyboard, Play } from "lucide-react";
import { api } from "../../api/client.ts";
import type { TraceView } from "../../trace/use-trace.ts";
import { announce } from "../../ui/announce.tsx";
import { Button } from "../../ui/button.tsx";
import { cn } from "../../ui/class-names.ts";
import { Status } from "../../ui/status.tsx";
import { dollars, span } from "../../ui/words.ts";

interface Props {
  view: TraceView;
  server: RunView | undefined;
  onFork(): void;
  onHelp(): void;
  className?: string;
}

export function RunHeader({ view, server, onFork, onHelp, className }: Props) {
  const { trace } = view;
  const { started } = trace;
  // Only the server knows whether anybody is at work on a run that goes on.
  const status = server?.status === "interrupted" && trace.status === "running" ? "interrupted" : trace.status;
  const rests = status === "paused" || status === "stopped" || status === "failed" || status === "interrupted";
  return (
    <header className={cn("shrink-0 border-b bg-card px-3 py-2.5 sm:px-4", className)}>
      <div className="flex items-start gap-3">
        <div className="min-w-0 grow">
          <h1 className="line-clamp-1 font-semibold tracking-tight sm:text-lg" title={started?.goal}>
            {started?.goal}
          </h1>
          <p className="mt-0.5 flex flex-wrap items-center gap-x-3 gap-y-0.5 text-sm text-muted-foreground">
            <Status status={status} className="font-medium text-foreground" />
            {trace.reason && <span className="line-clamp-1 min-w-0 max-sm:hidden">{trace.reason}</span>}
            {view.stream === "cut" && <span className="text-bad">Connection lost, trying again</span>}
            <Origin view={view} />
          </p>
        </div>
        <div className="flex shrink-0 items-center gap-1.5">
          {rests && <Resume run={trace.run} />}
          <Button size="sm" onClick={onFork} aria-label="Fork">
            <GitFork /> <span className="max-sm:hidden">Fork</span>
          </Button>
          <Button size="icon" variant="ghost" onClick={onHelp} aria-label="Keys" className="max-sm:hidden">
            <Keyboard />
          </Button>
        </div>
      </div>
      <Meters view={view} />
    </header>
  );
}

function Origin({ view: { trace } }: { view: TraceView }) {
  const { started, run } = trace;
  if (!started) return null;
  const { parent, forkOf, world, mind } = started;
  return (
    <>
      <span className="max-sm:hidden">
        {started.kind === "audit" ? "Audit" : "Run"} in{" "}
        {world.kind === "town" ? `the town, seed ${world.seed}` : "the web"}, mind{" "}
        {mind.kind === "llm" ? mind.model : mind.kind}
      </span>
      <span className="font-mono text-xs max-lg:hidden">{run}</span>
      {parent && (
        <Link to="/runs/$run" params={{ run: parent.run }} search={{ step: parent.step }} className="underline">
          child of {parent.run}
        </Link>
      )}
      {forkOf && (
        <Link to="/compare" search={{ a: forkOf.run, b: run }} className="underline">
          fork of {forkOf.run} after step {forkOf.step}
        </Link>
      )}
    </>
  );
}

function Resume({ run }: { run: string }) {
  const client = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: () => api.post(`/api/runs/${run}/resume`),
    onSuccess: () => client.invalidateQueries({ queryKey: ["run", run] }),
    onError: (error) => announce(`Not resumed: ${error.message}`, "trouble"),
  });
  return (
    <Button size="sm" aria-disabled={isPending} onClick={() => mutate()}>
      <Play /> Resume
    </Button>
  );
}

function Meters({ view: { trace, findings } }: { view: TraceView }) {
  const { spent, started } = trace;
  if (!started) return null;
  const { budget } = started;
  return (
    <dl className="mt-2 flex flex-wrap gap-x-5 gap-y-1.5 text-sm whitespace-nowrap tabular-nums sm:gap-x-6">
      <Meter name="Steps" said={trace.steps.toLocaleString("en")} used={trace.steps} limit={budget.steps} />
      <Meter name="Pages" said={spent.pages.toLocaleString("en")} used={spent.pages} limit={budget.pages} />
      <Meter name="Time" said={span(spent.ms)} used={spent.ms / 1_000} limit={budget.seconds} />
      {(spent.usd > 0 || started.mind.kind === "llm") && (
        <Meter name="Cost" said={dollars(spent.usd)} used={spent.usd} limit={budget.usd} />
      )}
      {started.kind === "audit" && <Meter name="Findings" said={String(findings.size)} />}
    </dl>
  );
}

/** A figure, and how much of its limit is used up. */
function Meter({ name, said, used = 0, limit = 0 }: { name: string; said: string; used?: number; limit?: number }) {
  const part = limit > 0 ? Math.min(1, used / limit) : 0;
  return (
    <div className="relative flex min-w-14 items-baseline gap-1.5 pb-1">
      <dt className="text-xs text-muted-foreground">{name}</dt>
      <dd className="font-medium">
        {said}
        {limit > 0 && (
          <span aria-hidden className="absolute inset-x-0 bottom-0 h-0.5 rounded-full bg-muted">
            <span
              className={cn("block h-full rounded-full", part > 0.9 ? "bg-warn" : "bg-primary/60")}
              style={{ width: `${part * 100}%` }}
            />
          </span>
        )}
      </dd>
    </div>
  );
}
