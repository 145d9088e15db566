/** Stretches of steps by strategy, as a band over the run and as totals. */
import type { Explanation } from "@candor/server";
import { percent, STRATEGIES, spanOf } from "./words.ts";

export function Strategies({
  strategies: { spans, totals },
  steps,
}: {
  strategies: Explanation["strategies"];
  steps: number;
}) {
  return (
    <div className="grid gap-4">
      <div
        className="flex h-6 overflow-hidden rounded-md"
        role="img"
        aria-label="Strategies over the steps; the table says the same"
      >
        {spans.map((span) => (
          <span
            key={`${span.from} ${span.name}`}
            title={`${STRATEGIES[span.name].word}, ${spanOf(span)}${span.about ? `: ${span.about}` : ""}`}
            style={{
              width: `${((span.to - span.from + 1) / Math.max(1, steps)) * 100}%`,
              background: STRATEGIES[span.name].colour,
            }}
          />
        ))}
      </div>
      <div className="overflow-x-auto">
        <table className="w-full text-sm">
          <thead className="text-left text-muted-foreground">
            <tr>
              <th className="py-1 font-normal">Strategy</th>
              <th className="py-1 pl-4 text-right font-normal">Steps</th>
              <th className="py-1 pl-4 text-right font-normal">Share</th>
              <th className="py-1 pl-4 text-right font-normal">Pages</th>
              <th className="py-1 pl-4 text-right font-normal">Findings</th>
            </tr>
          </thead>
          <tbody className="divide-y border-y">
            {totals.map(({ name, steps: count, share, cost, findings }) => (
              <tr key={name}>
                <td className="py-1.5">
                  <span
                    className="mr-2 inline-block size-2.5 rounded-sm"
                    style={{ background: STRATEGIES[name].colour }}
                    aria-hidden
                  />
                  {STRATEGIES[name].word}
                  <span className="hidden text-muted-foreground sm:inline">: {STRATEGIES[name].what}</span>
                </td>
                <td className="py-1.5 pl-4 text-right tabular-nums">{count}</td>
                <td className="py-1.5 pl-4 text-right tabular-nums">{percent(share)}</td>
                <td className="py-1.5 pl-4 text-right tabular-nums">{cost.pages}</td>
                <td className="py-1.5 pl-4 text-right tabular-nums">{findings}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
