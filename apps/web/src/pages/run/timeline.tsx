/** Cost and yield, step by step: what was found and what that took. */
import type { RunView } from "@candor/server";
import * as Plot from "@observablehq/plot";
import { useEffect, useMemo, useRef, useState } from "react";
import type { TraceView } from "../../trace/use-trace.ts";
import { Empty } from "../parts.tsx";
import { type Point, type Series, seriesOf } from "./series.ts";

interface Props {
  view: TraceView;
  server: RunView | undefined;
  selected: number | undefined;
  onSelect(step: number): void;
}

export function Timeline({ view, server, selected, onSelect }: Props) {
  const { trace, findings, version } = view;
  // A run at work changes many times a second; its curves may lag a little.
  const tick = trace.isOver ? version : Math.floor(version / 10);
  const known = server?.findings ?? [...findings.values()];
  // biome-ignore lint/correctness/useExhaustiveDependencies: the trace changes in place, and `tick` says when
  const series = useMemo(() => seriesOf(trace, known), [trace, tick, known.length]);
  if (trace.steps < 2) return <Empty title="No curve yet" text="Cost and yield are drawn from the second step on." />;
  return (
    <div className="grid gap-5 p-4">
      {series.map((each) => (
        <Curve key={each.name} series={each} last={trace.steps} selected={selected} onSelect={onSelect} />
      ))}
    </div>
  );
}

interface CurveProps {
  series: Series;
  last: number;
  selected: number | undefined;
  onSelect(step: number): void;
}

const HEIGHT = 92;

function Curve({ series, last, selected, onSelect }: CurveProps) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const { name, unit, points } = series;
  const total = points.at(-1)?.value ?? 0;
  useEffect(() => {
    if (!box.current || width === 0) return;
    const plot = Plot.plot({
      width,
      height: HEIGHT,
      marginLeft: 36,
      marginRight: 8,
      marginTop: 6,
      marginBottom: 20,
      style: { background: "transparent", color: "var(--muted-foreground)", fontSize: "11px" },
      x: { domain: [1, last], ticks: 5, tickFormat: (step: number) => String(Math.round(step)), label: null },
      y: { grid: true, ticks: 3, nice: true, zero: true, label: null, tickFormat: "~s" },
      marks: [
        Plot.areaY(points, { x: "step", y: "value", curve: "step-after", fill: "var(--primary)", fillOpacity: 0.12 }),
        Plot.lineY(points, { x: "step", y: "value", curve: "step-after", stroke: "var(--primary)", strokeWidth: 1.5 }),
        ...(selected === undefined
          ? []
          : [Plot.ruleX([selected], { stroke: "var(--foreground)", strokeOpacity: 0.5 })]),
      ],
    });
    plot.setAttribute("aria-hidden", "true");
    const scale = plot.scale("x");
    const clicked = (event: MouseEvent) => {
      const step = Number(scale?.invert?.(event.offsetX));
      if (Number.isFinite(step)) onSelect(Math.min(Math.max(1, Math.round(step)), last));
    };
    plot.addEventListener("click", clicked as EventListener);
    box.current.replaceChildren(plot);
    return () => plot.remove();
  }, [points, width, last, selected, onSelect]);
  return (
    <figure className="grid gap-1">
      <figcaption className="flex items-baseline justify-between text-sm">
        <span className="font-medium">{name}</span>
        <span className="text-muted-foreground tabular-nums">{unit(total)}</span>
      </figcaption>
      <div ref={box} className="cursor-crosshair" style={{ height: HEIGHT }} />
      <p className="sr-only">{inWords(series, points, last)}</p>
    </figure>
  );
}

/** The curve for whoever does not see it: where it stood after each quarter of the steps. */
function inWords({ name, unit }: Series, points: readonly Point[], last: number): string {
  const at = (step: number) => points.findLast((point) => point.step <= step)?.value ?? 0;
  const quarters = [0.25, 0.5, 0.75, 1].map((part) => Math.max(1, Math.round(last * part)));
  return `${name}: ${quarters.map((step) => `${unit(at(step))} after step ${step}`).join(", ")}.`;
}

function useWidth(box: React.RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (!box.current) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(box.current);
    return () => observer.disconnect();
  }, [box]);
  return width;
}
