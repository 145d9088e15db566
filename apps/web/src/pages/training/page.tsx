/** Trainings of models on this machine: the curve of one as it comes, its figures, and what it would say. */
import type { TrainingRun } from "@candor/server";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { api } from "../../api/client.ts";
import { Field, Select } from "../../ui/field.tsx";
import { Empty, Heading, Loading, Trouble } from "../parts.tsx";
import { Courses } from "./course.tsx";
import { Figures } from "./figures.tsx";
import { useTraining } from "./follow.ts";
import { LossPlot } from "./loss-plot.tsx";
import { Samples } from "./samples.tsx";

const useTrainings = () =>
  useQuery({ queryKey: ["training"], queryFn: () => api.get<TrainingRun[]>("/api/training"), refetchInterval: 5_000 });

export function Page() {
  const runs = useTrainings();
  const { id } = useSearch({ strict: false });
  const navigate = useNavigate();
  const shown = runs.data?.find((run) => run.id === id) ?? runs.data?.[0];
  return (
    <main className="mx-auto grid w-full max-w-5xl gap-8 px-4 py-6">
      <Heading title="Training" detail="Models that learn on this machine." />
      {runs.isPending ? (
        <Loading what="Reading the trainings" />
      ) : runs.isError ? (
        <Trouble error={runs.error} />
      ) : shown === undefined ? (
        <Empty
          title="No training yet"
          text={
            <>
              <code>candor train pretrain --demo</code> begins one; it then appears here.
            </>
          }
        />
      ) : (
        <>
          {runs.data.length > 1 && (
            <Field label="Model folder">
              {(field) => (
                <Select
                  id={field}
                  value={shown.id}
                  onChange={({ target }) => void navigate({ to: "/training", search: { id: target.value } })}
                >
                  {runs.data.map((run) => (
                    <option key={run.id} value={run.id}>
                      {run.out}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
          )}
          <Training key={shown.id} run={shown} />
        </>
      )}
    </main>
  );
}

function Training({ run }: { run: TrainingRun }) {
  const { records, samples, error } = useTraining(run.id);
  if (error !== undefined && records.length === 0) return <Trouble error={error} />;
  if (records.length === 0)
    return <Empty title="No step yet" text={`${run.out} holds no figures so far: the data may still be made ready.`} />;
  return (
    <>
      <Figures run={run} records={records} />
      <LossPlot records={records} steps={run.steps} />
      <Courses records={records} steps={run.steps} />
      <Samples samples={samples} />
    </>
  );
}
