/** Beside the steps: the page that was seen, cost and yield over time, the children, and what monitors raised. */
import type { RunView } from "@candor/server";
import { lazy, Suspense } from "react";
import type { TraceView } from "../../trace/use-trace.ts";
import { cn } from "../../ui/class-names.ts";
import { Loading } from "../parts.tsx";
import { ChildrenTree } from "./children-tree.tsx";
import { Signals } from "./signals.tsx";
import { Snapshot } from "./snapshot.tsx";
import { Why } from "./why.tsx";

const Timeline = lazy(() => import("./timeline.tsx").then(({ Timeline }) => ({ default: Timeline })));

export type PanelName = "steps" | "page" | "why" | "timeline" | "children" | "signals";

interface Props {
  view: TraceView;
  server: RunView | undefined;
  selected: number | undefined;
  chosen: PanelName;
  onChoose(panel: PanelName): void;
  onSelect(step: number): void;
  className?: string;
}

export function SidePanel({ view, server, selected, chosen, onChoose, onSelect, className }: Props) {
  // Where there is room, steps stand beside the panel and are no choice in it.
  const shown = chosen === "steps" ? "page" : chosen;
  const { trace } = view;
  return (
    <section
      aria-label="Beside the steps"
      className={cn("flex min-h-0 flex-1 flex-col bg-card lg:flex lg:border-l", className)}
    >
      <SidePanel.Tabs view={view} chosen={shown} onChoose={onChoose} className="max-lg:hidden" />
      <section
        aria-label={NAMES[shown]}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className="min-h-0 flex-1 overflow-y-auto -outline-offset-2"
      >
        {shown === "page" && <Snapshot entry={selected === undefined ? undefined : trace.step(selected)} />}
        {shown === "why" && <Why run={trace.run} step={selected} />}
        {shown === "timeline" && (
          <Suspense fallback={<Loading />}>
            <Timeline view={view} server={server} selected={selected} onSelect={onSelect} />
          </Suspense>
        )}
        {shown === "children" && <ChildrenTree trace={trace} server={server} />}
        {shown === "signals" && <Signals trace={trace} onSelect={onSelect} />}
      </section>
    </section>
  );
}

const NAMES: Record<PanelName, string> = {
  steps: "Steps",
  page: "Page",
  why: "Why",
  timeline: "Timeline",
  children: "Children",
  signals: "Signals",
};

interface TabsProps {
  view: TraceView;
  chosen: PanelName;
  onChoose(panel: PanelName): void;
  withSteps?: boolean;
  className?: string;
}

SidePanel.Tabs = function Tabs({ view: { trace }, chosen, onChoose, withSteps = false, className }: TabsProps) {
  const counts: Partial<Record<PanelName, number>> = { children: trace.children.size, signals: trace.signals.length };
  // Only of a model that can be looked into.
  const isOpen = trace.started?.mind.kind === "small";
  const names: PanelName[] = [
    ...(withSteps ? (["steps"] as const) : []),
    "page",
    ...(isOpen ? (["why"] as const) : []),
    ...(["timeline", "children", "signals"] as const),
  ];
  return (
    <fieldset
      aria-label="What to show"
      className={cn("flex shrink-0 gap-1 overflow-x-auto border-b bg-card px-2 py-1.5", className)}
    >
      {names.map((name) => (
        <button
          key={name}
          type="button"
          aria-pressed={chosen === name}
          onClick={() => onChoose(name)}
          className="rounded-md px-2.5 py-1 text-sm whitespace-nowrap text-muted-foreground hover:bg-muted aria-pressed:bg-muted aria-pressed:font-medium aria-pressed:text-foreground"
        >
          {NAMES[name]}
          {counts[name] ? <span className="ml-1.5 text-xs tabular-nums">{counts[name]}</span> : null}
        </button>
      ))}
    </fieldset>
  );
};
