/** Home: begin an audit, see what runs, answer what waits, and know what it costs. */

import { useRuns } from "../../api/queries.ts";
import { useQuestions } from "../../questions/queries.ts";
import { Trouble } from "../parts.tsx";
import { CostFigures } from "./cost-figures.tsx";
import { RunList } from "./run-list.tsx";
import { StartForm } from "./start-form.tsx";
import { Waiting } from "./waiting.tsx";

const AT_WORK = new Set(["running", "waiting", "paused", "interrupted"]);

export function Page() {
  const runs = useRuns();
  const questions = useQuestions();
  const asking = new Set(questions.data?.map(({ run }) => run));
  if (runs.isError && !runs.data)
    return (
      <main>
        <Trouble error={runs.error} />
      </main>
    );
  const all = runs.data ?? [];
  const open = all.filter(({ status }) => AT_WORK.has(status));
  const over = all.filter(({ status }) => !AT_WORK.has(status));
  return (
    <main className="mx-auto grid w-full max-w-5xl gap-10 px-4 pt-8 pb-16">
      <StartForm first={runs.isSuccess && all.length === 0} />
      <Waiting questions={questions.data} />
      {open.length > 0 && (
        <Part title="Under way" count={open.length}>
          <RunList runs={open} asking={asking} stoppable />
        </Part>
      )}
      {all.length > 0 && <CostFigures />}
      {over.length > 0 && (
        <Part title="Before" count={over.length}>
          <RunList runs={over} asking={asking} />
        </Part>
      )}
    </main>
  );
}

function Part({ title, count, children }: { title: string; count: number; children: React.ReactNode }) {
  return (
    <section aria-labelledby={`part-${title}`} className="grid gap-3">
      <h2 id={`part-${title}`} className="flex items-baseline gap-2 font-semibold">
        {title} <span className="text-sm font-normal text-muted-foreground tabular-nums">{count}</span>
      </h2>
      {children}
    </section>
  );
}
