/** How probable each goal is that the run may have had, given what it did; and how that changed step by step. */
import type { Explanation } from "@candor/server";
import { Plot } from "../../ui/plot.tsx";
import { percent } from "./words.ts";

type Inference = Explanation["inference"];

/** Goals drawn and listed; the rest is improbable by then. */
const MOST = 5;

export function Beliefs({ inference }: { inference: Inference }) {
  const { goals, divergence, weighed, series, telling, given } = inference;
  const shown = goals.slice(0, MOST);
  const told = goals.find(({ id }) => id === given);
  if (told && !shown.includes(told)) shown.push(told);
  const suspicious = divergence > 0.5;
  return (
    <div className="grid gap-4">
      <p className={suspicious ? "font-medium text-bad" : ""}>
        {weighed === 0
          ? "It has made no choice yet that tells one goal from another."
          : suspicious
            ? `What it did fits another goal than the one it was given (${percent(divergence)} sure, from ${weighed} choices).`
            : `What it did fits the goal it was given (${percent(1 - divergence)} sure, from ${weighed} choices).`}
      </p>
      <ul className="grid gap-2">
        {shown.map((goal) => (
          <li key={goal.id} className="grid gap-1 sm:grid-cols-[minmax(0,20rem)_1fr_4rem] sm:items-center sm:gap-4">
            <span className="text-sm">
              {goal.label}
              {goal.id === given && <span className="text-muted-foreground"> (as told)</span>}
            </span>
            <span className="h-2.5 overflow-hidden rounded-full bg-muted" aria-hidden>
              <span
                className={`block h-full rounded-full ${goal.id === given ? "bg-primary" : "bg-muted-foreground"}`}
                style={{ width: `${Math.max(0.5, goal.posterior * 100)}%` }}
              />
            </span>
            <span className="text-sm tabular-nums sm:text-right">{percent(goal.posterior)}</span>
          </li>
        ))}
      </ul>
      {series.length > 1 && <Series inference={inference} shown={shown.map(({ id }) => id)} />}
      {telling.length > 0 && (
        <details className="text-sm">
          <summary>The steps that say most about it</summary>
          <ul className="mt-2 grid gap-1">
            {telling.map(({ step, what, nats }) => (
              <li key={`${step} ${what}`} className="flex gap-3">
                <span className="w-16 shrink-0 text-muted-foreground tabular-nums">Step {step}</span>
                <span className="min-w-0 grow break-words">{what}</span>
                <span className={`shrink-0 ${nats > 0 ? "text-bad" : "text-good"}`}>
                  {nats > 0 ? "against" : "for"} the goal given
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function Series({ inference: { goals, series, given }, shown }: { inference: Inference; shown: string[] }) {
  const lines = goals.flatMap(({ id, label }, index) =>
    shown.includes(id)
      ? series.map(({ step, posterior }) => ({ step, label, probability: posterior[index] ?? 0, told: id === given }))
      : [],
  );
  return (
    <Plot
      label="Probability of each goal after each step"
      height={200}
      deps={series}
      options={(plot, width) => ({
        width,
        x: { label: "step" },
        y: { label: "probability", domain: [0, 1], grid: true, tickFormat: "%" },
        marks: [
          plot.lineY(lines, {
            x: "step",
            y: "probability",
            z: "label",
            stroke: (d: { told: boolean }) => (d.told ? "var(--primary)" : "var(--muted-foreground)"),
            strokeWidth: (d: { told: boolean }) => (d.told ? 2.5 : 1.25),
            tip: true,
          }),
        ],
      })}
    />
  );
}
