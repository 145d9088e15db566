/** The losses over the steps: of each batch, and dotted of the validation split. */
import type { TrainingRecord } from "@candor/server";
import { Plot } from "../../ui/plot.tsx";

export function LossPlot({ records, steps }: { records: readonly TrainingRecord[]; steps: number }) {
  const finite = records.filter(({ loss }) => typeof loss === "number");
  const told = records.flatMap((record) => {
    const loss = record.validation_loss ?? record.eval_loss;
    return typeof loss === "number" ? [{ step: record.step, loss }] : [];
  });
  return (
    <figure className="grid min-w-0 grid-cols-1 gap-2">
      <Plot
        label={`loss over the steps${told.length > 0 ? ", and validation loss" : ""}`}
        height={260}
        deps={records}
        options={(plot, width) => ({
          width,
          x: { label: "step", domain: [0, steps] },
          y: { label: "loss", grid: true, nice: true },
          marks: [
            plot.lineY(finite, { x: "step", y: "loss", stroke: "var(--primary)", strokeWidth: 1.5, tip: true }),
            plot.lineY(told, {
              x: "step",
              y: "loss",
              stroke: "var(--foreground)",
              strokeWidth: 1.5,
              strokeDasharray: "4,3",
              marker: "dot",
            }),
          ],
        })}
      />
      <figcaption className="flex flex-wrap gap-x-6 text-xs text-muted-foreground">
        <span>line: loss of a step's batch</span>
        {told.length > 0 && <span>dashed: loss on what nothing is learnt from</span>}
      </figcaption>
    </figure>
  );
}
