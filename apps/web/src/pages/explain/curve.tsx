/** What was found and what it cost, over the steps. */
import type { Explanation } from "@candor/server";
import { YieldPlots } from "./yield-plots.tsx";

export function Curve({ curve }: { curve: Explanation["curve"] }) {
  const last = curve.at(-1);
  if (!last) return <p className="text-sm text-muted-foreground">No step yet.</p>;
  const figures = [
    ["findings", String(last.findings)],
    ["leads", String(last.leads)],
    ["pages", String(last.pages)],
    ["time", `${(last.ms / 1000).toFixed(1)} s`],
    ["spent", `$${last.usd.toFixed(2)}`],
  ] as const;
  return (
    <div className="grid gap-4">
      <dl className="flex flex-wrap gap-x-8 gap-y-2">
        {figures.map(([label, value]) => (
          <div key={label} className="flex flex-col-reverse">
            <dt className="text-xs text-muted-foreground">{label}</dt>
            <dd className="text-lg font-semibold tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
      <YieldPlots first={curve} />
    </div>
  );
}
