/** How the figures of a policy that learns from rewards went: one small plot for each that it has. */
import type { TrainingRecord } from "@candor/server";
import { Plot } from "../../ui/plot.tsx";

/** By TRL's names; of several the first that is there. */
const COURSES: readonly (readonly [title: string, names: readonly string[]])[] = [
  ["reward", ["reward", "objective/scores"]],
  ["KL to the reference, nats a text", ["objective/kl"]],
  ["length, tokens", ["completions/mean_length"]],
  ["entropy, nats a token", ["entropy", "policy/entropy_avg"]],
  ["clipped, share of tokens", ["clip_ratio/region_mean", "policy/clipfrac_avg"]],
  ["win rate over the reference", ["win_rate"]],
  ["value loss", ["loss/value_avg"]],
  ["margin between chosen and rejected", ["rewards/margins", "margin"]],
  ["accuracy on unseen rows", ["eval_accuracy", "eval_rewards/accuracies"]],
];

export function Courses({ records, steps }: { records: readonly TrainingRecord[]; steps: number }) {
  const shown = COURSES.flatMap(([title, names]) => {
    // What was 0 all along tells nothing.
    const name = names.find((each) => records.some(({ [each]: value }) => typeof value === "number" && value !== 0));
    return name === undefined ? [] : [{ title, name }];
  });
  if (shown.length === 0) return null;
  return (
    <section aria-labelledby="course" className="grid gap-4">
      <h2 id="course" className="font-semibold">
        How it went
      </h2>
      <div className="grid gap-6 sm:grid-cols-2 lg:grid-cols-3">
        {shown.map(({ title, name }) => (
          <Course key={name} title={title} name={name} records={records} steps={steps} />
        ))}
      </div>
    </section>
  );
}

function Course({
  title,
  name,
  records,
  steps,
}: {
  title: string;
  name: string;
  records: readonly TrainingRecord[];
  steps: number;
}) {
  const told = records.flatMap(({ step, [name]: value }) => (typeof value === "number" ? [{ step, value }] : []));
  return (
    <figure className="grid min-w-0 grid-cols-1 gap-1">
      <figcaption className="text-sm text-muted-foreground">{title}</figcaption>
      <Plot
        label={`${title} over the steps`}
        height={140}
        deps={records}
        options={(plot, width) => ({
          width,
          marginLeft: 44,
          marginTop: 8,
          x: { label: null, domain: [0, steps], ticks: 3 },
          y: { label: null, grid: true, nice: true, ticks: 4 },
          marks: [
            plot.lineY(told, {
              x: "step",
              y: "value",
              stroke: "var(--primary)",
              strokeWidth: 1.5,
              ...(told.length < 12 && { marker: "dot" }),
              tip: true,
            }),
          ],
        })}
      />
    </figure>
  );
}
