/** Two runs, or a run and its fork, side by side: where they part, what each found, and what it cost. */
import type { Comparison, RunRow } from "@candor/server";
import { useState } from "react";
import { useRuns } from "../../api/queries.ts";
import { Button } from "../../ui/button.tsx";
import { Field, Select } from "../../ui/field.tsx";
import { Section } from "../explain/section.tsx";
import { percent, STRATEGIES } from "../explain/words.ts";
import { YieldPlots } from "../explain/yield-plots.tsx";
import { KINDS } from "../findings/words.ts";
import { Empty, Heading, Loading, Trouble } from "../parts.tsx";
import { useComparison, usePair, WINDOW } from "./queries.ts";

export function Page() {
  const { a, b, choose } = usePair();
  const runs = useRuns();
  const [from, setFrom] = useState(1);
  const comparison = useComparison(a, b, from);
  const rows = runs.data ?? [];
  return (
    <main className="mx-auto grid w-full max-w-6xl gap-8 px-4 py-6">
      <Heading
        title="Two runs side by side"
        detail="For two minds on the same goal, two budgets, or a run and its fork."
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <Choice label="First run (A)" rows={rows} value={a} onChange={(run) => choose({ a: run, b })} />
        <Choice label="Second run (B)" rows={rows} value={b} onChange={(run) => choose({ a, b: run })} />
      </div>
      {rows.length < 2 ? (
        <Empty
          title="Nothing to compare yet"
          text="It takes two runs. Start another one, or fork one at any of its steps."
        />
      ) : !a || !b || a === b ? (
        <Empty title="Choose two runs" text="They may be of different minds, worlds or goals." />
      ) : comparison.isError ? (
        <Trouble error={comparison.error} />
      ) : comparison.isPending ? (
        <Loading what="Comparing" />
      ) : (
        <Both comparison={comparison.data} onWindow={setFrom} />
      )}
    </main>
  );
}

function Choice({
  label,
  rows,
  value,
  onChange,
}: {
  label: string;
  rows: RunRow[];
  value: string;
  onChange(run: string): void;
}) {
  return (
    <Field label={label}>
      {(id) => (
        <Select id={id} value={value} onChange={(event) => onChange(event.target.value)}>
          <option value="">Choose a run</option>
          {rows.map(({ run, goal, startedAt, steps }) => (
            <option key={run} value={run}>
              {`${new Date(startedAt).toLocaleString()}, ${steps} steps: ${goal.slice(0, 60)}`}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

function Both({ comparison, onWindow }: { comparison: Comparison; onWindow(from: number): void }) {
  const { a, b, story, parting } = comparison;
  return (
    <div className="grid gap-10">
      <div className="grid max-w-3xl gap-2">
        {story.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
      </div>
      <Section title="In figures">
        <Figures a={a} b={b} />
      </Section>
      <Section title="Yield and cost">
        <Curves a={a} b={b} />
      </Section>
      <Section title="Where they part" detail={parting.why}>
        <div className="grid gap-3 sm:grid-cols-2">
          <Next name="A" move={parting.a} />
          <Next name="B" move={parting.b} />
        </div>
      </Section>
      <Section title="Findings">
        <Findings findings={comparison.findings} />
      </Section>
      <Section title="Strategies">
        <Shares comparison={comparison} />
      </Section>
      <Section title="Step by step">
        <Aligned aligned={comparison.aligned} onWindow={onWindow} />
      </Section>
    </div>
  );
}

type Side = Comparison["a"];

function Figures({ a, b }: { a: Side; b: Side }) {
  const rows: [string, (side: Side) => string][] = [
    ["Mind", ({ mind }) => mind],
    ["How it ended", ({ status }) => status],
    ["Steps", ({ total }) => String(total.step)],
    ["Findings", ({ total }) => String(total.findings)],
    ["Pages", ({ total }) => String(total.pages)],
    ["Time", ({ total }) => `${(total.ms / 1000).toFixed(1)} s`],
    ["Spent", ({ total }) => `$${total.usd.toFixed(2)}`],
    ["Fits another goal than it was given", ({ divergence }) => percent(divergence)],
  ];
  return (
    <table className="w-full text-sm">
      <thead className="text-left text-muted-foreground">
        <tr>
          <th className="py-1 font-normal">
            <span className="sr-only">Figure</span>
          </th>
          <th className="w-1/4 py-1 pl-4 text-right font-normal">A</th>
          <th className="w-1/4 py-1 pl-4 text-right font-normal">B</th>
        </tr>
      </thead>
      <tbody className="divide-y border-y">
        {rows.map(([label, read]) => (
          <tr key={label}>
            <th scope="row" className="py-1.5 text-left font-normal">
              {label}
            </th>
            <td className="py-1.5 pl-4 text-right tabular-nums">{read(a)}</td>
            <td className="py-1.5 pl-4 text-right tabular-nums">{read(b)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Curves({ a, b }: { a: Side; b: Side }) {
  return (
    <div className="grid gap-2">
      <p className="flex gap-4 text-sm text-muted-foreground" aria-hidden>
        <span>
          <span className="mr-1.5 inline-block h-0.5 w-5 bg-primary align-middle" />A
        </span>
        <span>
          <span className="mr-1.5 inline-block h-0 w-5 border-t-2 border-dashed border-foreground align-middle" />B
        </span>
      </p>
      <YieldPlots first={a.curve} second={b.curve} />
    </div>
  );
}

type Move = NonNullable<Comparison["parting"]["a"]>;

function Next({ name, move }: { name: string; move: Move | null }) {
  return (
    <div className="grid gap-1 rounded-lg border bg-card p-3 text-sm">
      <p className="text-muted-foreground">{move ? `${name}, step ${move.step}` : `${name} had ended there.`}</p>
      {move && (
        <>
          <p className="break-words">{move.thought}</p>
          <p className="break-all text-muted-foreground">
            {move.tool} {move.object}
          </p>
        </>
      )}
    </div>
  );
}

function Findings({ findings }: { findings: Comparison["findings"] }) {
  const lists = [
    ["Only A", findings.onlyA],
    ["Both", findings.both],
    ["Only B", findings.onlyB],
  ] as const;
  return (
    <div className="grid gap-4 sm:grid-cols-3">
      {lists.map(([title, { of, rows }]) => (
        <div key={title}>
          <h3 className="mb-1 text-sm font-medium">
            {title} <span className="font-normal text-muted-foreground tabular-nums">{of}</span>
          </h3>
          <ul className="grid gap-0.5 text-sm">
            {rows.map(({ id, kind, value }) => (
              <li key={id} className="break-words">
                <span className="text-muted-foreground">{KINDS[kind] ?? kind}</span> {value}
              </li>
            ))}
            {of > rows.length && <li className="text-muted-foreground">and {of - rows.length} more</li>}
            {of === 0 && <li className="text-muted-foreground">none</li>}
          </ul>
        </div>
      ))}
    </div>
  );
}

function Shares({ comparison: { strategies } }: { comparison: Comparison }) {
  return (
    <ul className="grid gap-2 text-sm">
      {strategies.map(({ name, a, b }) => (
        <li key={name} className="grid gap-x-4 gap-y-1 sm:grid-cols-[10rem_1fr_1fr]">
          <span>{STRATEGIES[name].word}</span>
          {[
            ["A", a],
            ["B", b],
          ].map(([side, share]) => (
            <span key={side} className="flex items-center gap-2">
              <span className="text-muted-foreground">{side}</span>
              <span className="h-2 grow overflow-hidden rounded-full bg-muted" aria-hidden>
                <span className="block h-full bg-primary" style={{ width: `${Number(share) * 100}%` }} />
              </span>
              <span className="w-10 text-right tabular-nums">{percent(Number(share))}</span>
            </span>
          ))}
        </li>
      ))}
    </ul>
  );
}

function Aligned({
  aligned: { from, of, rows, same },
  onWindow,
}: {
  aligned: Comparison["aligned"];
  onWindow(from: number): void;
}) {
  return (
    <div className="grid gap-3">
      <p className="text-sm text-muted-foreground">
        {same} of {of} rows are the same in both.
      </p>
      <ol className="divide-y rounded-lg border bg-card text-sm">
        {rows.map(({ same: alike, a, b }) => (
          <li key={`${a?.step ?? ""}|${b?.step ?? ""}`} className="grid sm:grid-cols-2">
            {alike ? (
              <Cell move={a} name="Both" wide />
            ) : (
              <>
                <Cell move={a} name="A" />
                <Cell move={b} name="B" />
              </>
            )}
          </li>
        ))}
      </ol>
      {of > WINDOW && (
        <nav aria-label="More rows" className="flex items-center justify-between gap-3 text-sm">
          <Button disabled={from <= 1} onClick={() => onWindow(Math.max(1, from - WINDOW))}>
            Earlier
          </Button>
          <span className="text-muted-foreground tabular-nums">
            {from} to {from + rows.length - 1} of {of}
          </span>
          <Button disabled={from + rows.length > of} onClick={() => onWindow(from + WINDOW)}>
            Later
          </Button>
        </nav>
      )}
    </div>
  );
}

function Cell({ move, name, wide = false }: { move: Move | null; name: string; wide?: boolean }) {
  if (!move) return <div className="hidden bg-muted/40 sm:block" />;
  return (
    <div className={`flex min-w-0 gap-3 p-2.5 ${wide ? "text-muted-foreground sm:col-span-2" : "sm:first:border-r"}`}>
      <span className="w-14 shrink-0 text-muted-foreground tabular-nums">
        {name === "Both" ? move.step : `${name} ${move.step}`}
      </span>
      <span className="min-w-0 break-all">
        {move.tool} {move.object}
        {move.findings > 0 && <span className="ml-2 text-good">{move.findings} new</span>}
      </span>
    </div>
  );
}
