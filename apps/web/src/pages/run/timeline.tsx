/** Cost and yield, step by step: what was found and what that took. */
import type { RunView } from "@candor/server";
import { useMemo } from "react";
import type { TraceView } from "../../trace/use-trace.ts";
import { Plot } from "../../ui/plot.tsx";
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
  const { name, unit, points } = series;
  const total = points.at(-1)?.value ?? 0;
  const drawn = useMemo(() => [points, last, selected], [points, last, selected]);
  return (
    <figure className="grid gap-1">
      <figcaption className="flex items-baseline justify-between text-sm">
        <span className="font-medium">{name}</span>
        <span className="text-muted-foreground tabular-nums">{unit(total)}</span>
      </figcaption>
      <Plot
        label={inWords(series, points, last)}
        height={HEIGHT}
        deps={drawn}
        onPick={(step) => onSelect(Math.min(Math.max(1, Math.round(step)), last))}
        options={({ areaY, lineY, ruleX }, width) => ({
          width,
          marginLeft: 36,
          marginRight: 8,
          marginTop: 6,
          marginBottom: 20,
          x: { domain: [1, last], ticks: 5, tickFormat: (step: number) => String(Math.round(step)), label: null },
          y: { grid: true, ticks: 3, nice: true, zero: true, label: null, tickFormat: "~s" },
          marks: [
            areaY(points, { x: "step", y: "value", curve: "step-after", fill: "var(--primary)", fillOpacity: 0.12 }),
            lineY(points, { x: "step", y: "value", curve: "step-after", stroke: "var(--primary)", strokeWidth: 1.5 }),
            ...(selected === undefined ? [] : [ruleX([selected], { stroke: "var(--foreground)", strokeOpacity: 0.5 })]),
          ],
        })}
      />
    </figure>
  );
}

/** The curve for whoever does not see it: where it stood after each quarter of the steps. */
function inWords({ name, unit }: Series, points: readonly Point[], last: number): string {
  const at = (step: number) => points.findLast((point) => point.step <= step)?.value ?? 0;
  const quarters = [0.25, 0.5, 0.75, 1].map((part) => Math.max(1, Math.round(last * part)));
  return `${name}: ${quarters.map((step) => `${unit(at(step))} after step ${step}`).join(", ")}.`;
}
