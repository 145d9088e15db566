/** What an audit found: by kind and severity, with the evidence, what to do about it, and what has been done. */
import type { Report } from "@candor/server";
import { useState } from "react";
import { plural } from "../../ui/words.ts";
import { Empty, Heading, Loading, Trouble } from "../parts.tsx";
import { FindingRow } from "./finding-row.tsx";
import { useFindings, useReport, useTick } from "./queries.ts";
import { KINDS, SEVERITIES, severityClass } from "./words.ts";

export function Page() {
  const { run, runs, choose } = useFindings();
  const report = useReport(run);
  const [kind, setKind] = useState<string>("all");
  if (!run) return <Empty title="No audit yet" text="Start one on the home page; what it finds is listed here." />;
  if (report.isPending) return <Loading />;
  if (report.isError) return <Trouble error={report.error} />;
  const { data } = report;
  const shown = data.findings.filter((finding) => kind === "all" || finding.kind === kind);
  return (
    <main className="mx-auto grid w-full max-w-5xl gap-8 px-4 py-6">
      <Heading title={data.headline.sentence} detail={data.headline.detail}>
        {runs.length > 1 && (
          <label className="grid gap-1 text-sm text-muted-foreground">
            Audit
            <select
              className="rounded-md border bg-background px-2 py-1.5 text-foreground"
              value={run}
              onChange={(event) => choose(event.target.value)}
            >
              {runs.map(({ run: id, startedAt }) => (
                <option key={id} value={id}>
                  {new Date(startedAt).toLocaleString()}
                </option>
              ))}
            </select>
          </label>
        )}
      </Heading>
      <Since report={data} />
      <Filter report={data} kind={kind} onChange={setKind} />
      <Findings findings={shown} />
      <Rest report={data} />
    </main>
  );
}

function Findings({ findings }: { findings: Report["findings"] }) {
  const { done, tick } = useTick();
  const open = findings.filter(({ id }) => !done.has(id));
  const bySeverity = SEVERITIES.map(
    (severity) => [severity, open.filter((finding) => finding.severity === severity)] as const,
  ).filter(([, some]) => some.length > 0);
  const finished = findings.filter(({ id }) => done.has(id));
  if (findings.length === 0) return <Empty title="Nothing of this kind" text="The audit found none." />;
  return (
    <div className="grid gap-8">
      {bySeverity.map(([severity, some]) => (
        <section key={severity} aria-labelledby={`severity-${severity}`}>
          <h2 id={`severity-${severity}`} className="mb-2 flex items-baseline gap-2 text-sm font-semibold">
            <span className={`inline-block size-2 rounded-full ${severityClass(severity)}`} aria-hidden />
            {severity[0]?.toUpperCase()}
            {severity.slice(1)}
            <span className="font-normal tabular-nums text-muted-foreground">{some.length}</span>
          </h2>
          <ul className="divide-y rounded-lg border bg-card">
            {some.map((finding) => (
              <FindingRow key={finding.id} finding={finding} done={false} onTick={() => tick(finding.id, true)} />
            ))}
          </ul>
        </section>
      ))}
      {finished.length > 0 && (
        <section aria-labelledby="dealt-with">
          <h2 id="dealt-with" className="mb-2 text-sm font-semibold">
            Dealt with <span className="font-normal tabular-nums text-muted-foreground">{finished.length}</span>
          </h2>
          <ul className="divide-y rounded-lg border bg-card">
            {finished.map((finding) => (
              <FindingRow key={finding.id} finding={finding} done onTick={() => tick(finding.id, false)} />
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function Filter({ report, kind, onChange }: { report: Report; kind: string; onChange(kind: string): void }) {
  const all = report.findings.length;
  const choices = [{ kind: "all", count: all }, ...report.summary.map(({ kind, count }) => ({ kind, count }))];
  return (
    <fieldset className="flex flex-wrap gap-2" aria-label="Kind of finding">
      {choices.map((choice) => (
        <button
          key={choice.kind}
          type="button"
          aria-pressed={kind === choice.kind}
          onClick={() => onChange(choice.kind)}
          className="rounded-full border px-3 py-1 text-sm aria-pressed:border-foreground aria-pressed:bg-foreground aria-pressed:text-background"
        >
          {KINDS[choice.kind] ?? choice.kind} <span className="tabular-nums opacity-70">{choice.count}</span>
        </button>
      ))}
    </fieldset>
  );
}

function Since({ report: { since } }: { report: Report }) {
  if (!since) return null;
  const parts = [
    [since.appeared.length, "new since the audit before"],
    [since.gone.length, "gone"],
    [since.stayed.length, "still there"],
    [since.unconfirmed.length, "not looked at again"],
  ] as const;
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border bg-border sm:grid-cols-4">
      {parts.map(([count, label]) => (
        <div key={label} className="flex flex-col-reverse bg-card p-3">
          <dt className="text-xs text-muted-foreground">{label}</dt>
          <dd className="text-2xl font-semibold tabular-nums">{count}</dd>
        </div>
      ))}
    </dl>
  );
}

function Rest({ report }: { report: Report }) {
  const { unread, blocked, others, masked } = report;
  return (
    <section aria-label="What else happened" className="grid gap-3 text-sm text-muted-foreground">
      <p>
        {plural(others, "passage")} about other people of the same name or handle {others === 1 ? "was" : "were"}{" "}
        dropped; {plural(masked.others, "identifier")} of others {masked.others === 1 ? "was" : "were"} masked before
        the agent read them.
      </p>
      {blocked.length > 0 && (
        <Details summary={`${plural(blocked.length, "time")} something was refused or stood out`}>
          {blocked.map(({ step, kind, reason }) => (
            <li key={`${step} ${kind} ${reason}`}>
              Step {step}: {reason}
            </li>
          ))}
        </Details>
      )}
      {unread.length > 0 && (
        <Details summary={`${plural(unread.length, "page")} could not be read`}>
          {unread.map(({ url, reason }) => (
            <li key={url} className="break-all">
              {url}: {reason}
            </li>
          ))}
        </Details>
      )}
    </section>
  );
}

function Details({ summary, children }: { summary: string; children: React.ReactNode }) {
  return (
    <details>
      <summary className="cursor-pointer">{summary}</summary>
      <ul className="mt-2 grid list-disc gap-1 pl-6">{children}</ul>
    </details>
  );
}
