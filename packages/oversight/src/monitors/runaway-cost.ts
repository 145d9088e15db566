/** Runaway cost: money, tokens and pages without yield, a budget that goes faster than the steps, and single dear calls. */
import type { Budget } from "@candor/store";
import { type Monitor, signal } from "./monitor.ts";
import { novelty } from "./novelty.ts";

/** US dollars, tokens and pages since something new that are worth a word: one share. Two are an alarm, four pause the run. */
const USD = 0.5;
const TOKENS = 200_000;
const PAGES = 80;
/** A call that costs this many times the median of those before it, and more than small change. */
const DEAR = 12;
const SMALL_CHANGE = 0.05;

interface Spent {
  usd: number;
  tokens: number;
  pages: number;
}

export function runawayCostMonitor(): Monitor {
  const brought = novelty();
  const calls: number[] = [];
  let budget: Budget | undefined;
  let since: Spent = { usd: 0, tokens: 0, pages: 0 };
  let total: Spent = { usd: 0, tokens: 0, pages: 0 };
  let steps = 0;
  let told = 0;
  let toldFast = false;

  return {
    observe(recorded) {
      const { event } = recorded;
      if (event.type === "run.started") budget = event.budget;
      if (event.type === "step.proposed") steps = event.step;
      const cost =
        event.type === "step.proposed" || event.type === "mind.failed"
          ? event.cost
          : event.type === "step.done"
            ? event.observation.cost
            : {};
      const spent = { usd: cost.usd ?? 0, tokens: cost.tokens ?? 0, pages: cost.pages ?? 0 };
      since = sum(since, spent);
      total = sum(total, spent);
      const step = "step" in event ? event.step : undefined;
      const dear = isDear(calls, spent.usd);
      if (spent.usd > 0) calls.push(spent.usd);
      // A person who lets the run go on has seen what it cost.
      if (brought(recorded) || event.type === "run.resumed") {
        since = { usd: 0, tokens: 0, pages: 0 };
        told = 0;
      }
      if (dear)
        return [
          signal(
            "runaway-cost",
            "high",
            `One call cost $${spent.usd.toFixed(2)}, ${DEAR} times what calls cost before it.`,
            step,
          ),
        ];
      const shares = Math.floor(Math.max(since.usd / USD, since.tokens / TOKENS, since.pages / PAGES));
      if (shares > told) {
        told = shares;
        const severity = shares >= 4 ? "severe" : shares >= 2 ? "high" : "low";
        const then = severity === "severe" ? "The run is paused." : "Try another way, or finish.";
        const reason = `${said(since)} were spent since anything new was found. ${then}`;
        return [signal("runaway-cost", severity, reason, step)];
      }
      const fast = budget && !toldFast && ahead(budget, total, steps);
      if (!fast) return [];
      toldFast = true;
      return [signal("runaway-cost", "high", `${fast} At this rate the run ends long before its steps do.`, step)];
    },
  };
}

const sum = (a: Spent, b: Spent): Spent => ({
  usd: a.usd + b.usd,
  tokens: a.tokens + b.tokens,
  pages: a.pages + b.pages,
});

const said = ({ usd, tokens, pages }: Spent): string => `$${usd.toFixed(2)}, ${tokens} tokens and ${pages} pages`;

function isDear(calls: readonly number[], usd: number): boolean {
  if (calls.length < 5 || usd < SMALL_CHANGE) return false;
  const median = calls.toSorted((a, b) => a - b)[Math.floor(calls.length / 2)] ?? 0;
  return median > 0 && usd >= DEAR * median;
}

/** Half of the money or the tokens gone in the first tenth of the steps. */
function ahead(budget: Budget, total: Spent, steps: number): string | undefined {
  if (steps < 2 || steps > budget.steps / 10) return undefined;
  if (budget.usd > 0 && total.usd > budget.usd / 2)
    return `$${total.usd.toFixed(2)} of $${budget.usd} went in ${steps} steps.`;
  if (budget.tokens > 0 && total.tokens > budget.tokens / 2)
    return `${total.tokens} of ${budget.tokens} tokens went in ${steps} steps.`;
  return undefined;
}
