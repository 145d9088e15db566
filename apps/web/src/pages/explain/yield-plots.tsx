/** Findings and pages over the steps, of one run or of two. */
import type { Explanation } from "@candor/server";
import { useMemo } from "react";
import { Plot } from "../../ui/plot.tsx";

type Curve = Explanation["curve"];

const FIRST = { stroke: "var(--primary)", strokeWidth: 2 };
const SECOND = { stroke: "var(--foreground)", strokeWidth: 1.5, strokeDasharray: "4,3" };

/** @param second drawn dashed over the first */
export function YieldPlots({ first, second }: { first: Curve; second?: Curve }) {
  const drawn = useMemo(() => [first, second], [first, second]);
  return (
    <div className="grid gap-6 md:grid-cols-2">
      {(["findings", "pages"] as const).map((measure) => {
        const over = { x: "step", y: measure, curve: "step-after" } as const;
        return (
          <Plot
            key={measure}
            label={`${measure}${second ? " of both runs" : ""} over the steps`}
            height={190}
            deps={drawn}
            options={(plot, width) => ({
              width,
              x: { label: "step" },
              y: { label: measure, grid: true },
              marks: [
                ...(second ? [] : [plot.areaY(first, { ...over, fill: "var(--primary)", fillOpacity: 0.12 })]),
                plot.lineY(first, { ...over, ...FIRST, tip: true }),
                ...(second ? [plot.lineY(second, { ...over, ...SECOND, tip: true })] : []),
              ],
            })}
          />
        );
      })}
    </div>
  );
}
