/** What happened between two steps, in a line. */
import { Link } from "@tanstack/react-router";
import { memo, type ReactNode } from "react";
import type { NoteEntry } from "../../trace/trace.ts";
import { cn } from "../../ui/class-names.ts";

export const NoteRow = memo(function NoteRow({ entry }: { entry: NoteEntry }) {
  const { label, tone, text } = inWords(entry.event);
  return (
    <div className="grid grid-cols-[2.75rem_minmax(0,1fr)] border-b border-l-[3px] border-l-transparent bg-muted/50 py-2 pr-3 text-sm sm:grid-cols-[3.25rem_minmax(0,1fr)]">
      <span />
      <p className="min-w-0 break-words">
        <span className={cn("font-medium", tone)}>{label}</span>
        {text && <span className="text-muted-foreground"> {text}</span>}
      </p>
    </div>
  );
});

function inWords(event: NoteEntry["event"]): { label: string; tone?: string; text?: ReactNode } {
  switch (event.type) {
    case "mind.failed":
      return { label: "The mind failed", tone: "text-bad", text: event.reason };
    case "operator.said":
      return {
        label: event.by === "operator" ? "You said" : `${event.by} said`,
        tone: "text-primary",
        text: event.text,
      };
    case "child.started":
      return { label: "Child started", text: <ChildLink run={event.run} words={event.goal} /> };
    case "child.finished":
      return { label: `Child ${event.status}`, text: <ChildLink run={event.run} words={event.result} /> };
    case "autonomy.changed":
      return { label: `Autonomy: ${event.from} to ${event.to}`, text: event.reason };
    case "run.paused":
      return { label: "Paused", tone: "text-warn", text: event.reason };
    case "run.resumed":
      return { label: "Resumed", text: `by ${event.by}` };
    case "run.stopped":
      return { label: "Stopped", tone: "text-bad", text: `by ${event.by}: ${event.reason}` };
    case "run.finished":
      return { label: "Finished", tone: "text-good", text: event.reason };
    case "run.failed":
      return { label: "Failed", tone: "text-bad", text: event.reason };
  }
}

const ChildLink = ({ run, words }: { run: string; words: string }) => (
  <Link to="/runs/$run" params={{ run }} className="underline decoration-input underline-offset-2">
    {words || run}
  </Link>
);
