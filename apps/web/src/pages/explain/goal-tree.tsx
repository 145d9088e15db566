/** The goals of a run as a tree: what it was told, what that asks for, its own sub-goals, and the steps that served each. */
import type { Explanation } from "@candor/server";
import { Link } from "@tanstack/react-router";
import { Check, Circle } from "lucide-react";
import { plural } from "../../ui/words.ts";

type Goal = Explanation["goals"][number];

export function GoalTree({ goals }: { goals: readonly Goal[] }) {
  const below = Map.groupBy(goals, ({ parent }) => parent);
  return <Branch below={below} parent={null} />;
}

function Branch({ below, parent }: { below: Map<string | null, Goal[]>; parent: string | null }) {
  const goals = below.get(parent) ?? [];
  if (goals.length === 0) return null;
  return (
    <ul className={parent === null ? "grid gap-2" : "mt-1 ml-2 grid gap-1 border-l pl-4"}>
      {goals.map((goal) => (
        <li key={goal.id}>
          <p className="flex flex-wrap items-baseline gap-x-2 text-sm">
            <span className="self-center">
              {goal.done ? (
                <Check className="size-3.5 text-good" aria-label="reached" />
              ) : (
                <Circle className="size-2.5 text-muted-foreground" aria-hidden />
              )}
            </span>
            <span className={parent === null ? "font-medium" : ""}>{goal.text}</span>
            {goal.run && (
              <Link to="/runs/$run/explain" params={{ run: goal.run }} className="text-primary underline">
                child run
              </Link>
            )}
            <span className="text-muted-foreground tabular-nums">
              {plural(goal.steps, "step")}
              {goal.findings > 0 && `, ${plural(goal.findings, "finding")}`}
              {goal.cost.pages > 0 && `, ${plural(goal.cost.pages, "page")}`}
            </span>
          </p>
          <Branch below={below} parent={goal.id} />
        </li>
      ))}
    </ul>
  );
}
