/** What the runs cost, today and in all. */
import type { Costs } from "@candor/server";
import { useQuery } from "@tanstack/react-query";
import { api } from "../../api/client.ts";
import { dollars, plural, span } from "../../ui/words.ts";

export function CostFigures() {
  const { data } = useQuery({
    queryKey: ["costs"],
    queryFn: () => api.get<Costs>(`/api/costs?since=${new Date().setHours(0, 0, 0, 0)}`),
    refetchInterval: 10_000,
  });
  if (!data) return null;
  return (
    <section aria-labelledby="costs" className="grid gap-3">
      <h2 id="costs" className="font-semibold">
        What it costs
      </h2>
      <div className="grid gap-px overflow-hidden rounded-lg border bg-border sm:grid-cols-2">
        <Sum name="Today" cost={data.since} runs={data.runs.since} />
        <Sum name="In all" cost={data.total} runs={data.runs.total} />
      </div>
    </section>
  );
}

function Sum({ name, cost, runs }: { name: string; cost: Costs["total"]; runs: number }) {
  return (
    <div className="grid gap-1 bg-card px-4 py-3">
      <h3 className="text-sm text-muted-foreground">{name}</h3>
      <p className="text-2xl font-semibold tracking-tight tabular-nums">{dollars(cost.usd)}</p>
      <p className="text-sm text-muted-foreground tabular-nums">
        {plural(runs, "run")} · {plural(cost.pages, "page")} · {span(cost.ms)} at work
        {cost.tokens > 0 && ` · ${plural(cost.tokens, "token")}`}
      </p>
    </div>
  );
}
