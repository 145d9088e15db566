/** Where a training stands, in numbers. */
import type { TrainingRecord, TrainingRun } from "@candor/server";

/** What is known under several names, and how it is shown: the first that a record has. */
const TOLD: readonly (readonly [label: string, names: readonly string[], places: number])[] = [
  ["validation loss", ["validation_loss", "eval_loss"], 4],
  ["accuracy, unseen rows", ["eval_accuracy", "eval_rewards/accuracies"], 3],
  ["reward", ["reward", "objective/scores"], 3],
  ["KL, nats a text", ["objective/kl"], 2],
  ["win rate", ["win_rate"], 2],
  ["gradient norm", ["gradient_norm"], 2],
  ["tokens a second", ["tokens_per_second"], 0],
];

export function Figures({ run, records }: { run: TrainingRun; records: readonly TrainingRecord[] }) {
  const last = records.at(-1);
  if (!last) return null;
  const state = last.step >= run.steps ? "Finished" : run.running ? "Running" : "Stopped";
  const told = TOLD.flatMap(([label, names, places]) => {
    const found = names.map((name) => newest(records, name)).find((value) => value !== undefined);
    return found === undefined ? [] : [[label, decimals(found, places)] as const];
  });
  const figures = [
    ["step", `${last.step} of ${run.steps}`],
    ["loss", decimals(last.loss, 4)],
    ...told,
    ...(state === "Running" && last.seconds_left !== undefined ? [["time left", duration(last.seconds_left)]] : []),
    ["memory", `${last.memory_mb.toFixed(0)} MB`],
  ] as const;
  return (
    <section aria-label="Where it stands" className="grid gap-4">
      <p className="text-sm break-all">
        <strong>{state}</strong> <span className="text-muted-foreground">{run.out}</span>
      </p>
      <dl className="flex flex-wrap gap-x-8 gap-y-2">
        {figures.map(([label, value]) => (
          <div key={label} className="flex flex-col-reverse">
            <dt className="text-xs text-muted-foreground">{label}</dt>
            <dd className="text-lg font-semibold tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const newest = (records: readonly TrainingRecord[], name: string): number | string | undefined =>
  records.findLast((record) => record[name] !== undefined)?.[name];

const decimals = (value: number | string, places: number): string =>
  typeof value === "number"
    ? value.toLocaleString("en", { minimumFractionDigits: places, maximumFractionDigits: places })
    : value;

const duration = (seconds: number): string =>
  seconds >= 60 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds)} s`;
