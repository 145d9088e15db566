/** Where a training stands, in numbers. */
import type { TrainingRecord, TrainingRun } from "@candor/server";

export function Figures({ run, records }: { run: TrainingRun; records: readonly TrainingRecord[] }) {
  const last = records.at(-1);
  if (!last) return null;
  const validation = records.findLast((record) => record.validation_loss !== undefined)?.validation_loss;
  const state = last.step >= run.steps ? "Finished" : run.running ? "Running" : "Stopped";
  const figures = [
    ["step", `${last.step} of ${run.steps}`],
    ["loss", decimals(last.loss, 4)],
    ["validation loss", validation === undefined ? "none yet" : decimals(validation, 4)],
    ["gradient norm", decimals(last.gradient_norm, 2)],
    ["tokens a second", Math.round(last.tokens_per_second).toLocaleString("en")],
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

const decimals = (value: number | string, places: number): string =>
  typeof value === "number" ? value.toFixed(places) : value;

const duration = (seconds: number): string =>
  seconds >= 60 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds)} s`;
