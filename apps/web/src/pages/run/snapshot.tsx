/** What the agent read in a step, as it was shown to it: masked text, never the page itself. */
import { Lock } from "lucide-react";
import { type ReactNode, useState } from "react";
import { inWords, verb } from "../../trace/action.ts";
import { uncoveredBy } from "../../trace/rule.ts";
import type { Observation, StepEntry } from "../../trace/trace.ts";
import { Values } from "../../trace/values.tsx";
import { Button } from "../../ui/button.tsx";
import { plural } from "../../ui/words.ts";
import { Empty } from "../parts.tsx";

const OUTCOMES = { allow: "Allowed", ask: "Asked", deny: "Denied" } as const;

/** More text and more leads than this are shown when asked for. */
const MOST_TEXT = 8_000;
const MOST_LEADS = 40;

export function Snapshot({ entry }: { entry: StepEntry | undefined }) {
  if (!entry)
    return <Empty title="No step yet" text="What the agent reads appears here, beside the step that read it." />;
  const { step, decision, observation } = entry;
  return (
    <div key={step} className="grid gap-5 p-4">
      <header className="grid gap-1">
        <p className="text-xs text-muted-foreground">
          Step {step}, {verb(decision.tool).toLowerCase()}
        </p>
        <h2 className="font-semibold break-all">{observation?.url ?? titleOf(entry)}</h2>
        {observation && <Facts observation={observation} />}
      </header>
      {observation ? (
        <Body observation={observation} />
      ) : (
        <p className="text-sm text-muted-foreground">Nothing has come back yet.</p>
      )}
      <Section title="Arguments">
        {Object.keys(decision.args).length > 0 ? (
          <Values values={decision.args} />
        ) : (
          <p className="text-sm text-muted-foreground">None.</p>
        )}
      </Section>
      {entry.verdict && (
        <Section title="Verdict">
          <p className="text-sm">
            {OUTCOMES[entry.verdict.outcome]}
            {uncoveredBy(entry.verdict.rule) ? (
              `. ${uncoveredBy(entry.verdict.rule)}.`
            ) : (
              <>
                {" "}
                by {entry.verdict.rule}. <span className="text-muted-foreground">{entry.verdict.reason}</span>
              </>
            )}
          </p>
        </Section>
      )}
    </div>
  );
}

const titleOf = ({ decision }: StepEntry): string => {
  const { url, query, username, subject, path } = decision.args;
  const said = url ?? query ?? username ?? subject ?? path;
  return typeof said === "string" ? said : verb(decision.tool);
};

const STATUS: Record<Observation["status"], string> = {
  ok: "read",
  missing: "not there",
  blocked: "blocked",
  refused: "refused by the warden",
  error: "failed",
  unknown: "not known whether it happened",
};

function Facts({ observation: { status, origin, masked, hash } }: { observation: Observation }) {
  const hidden = (masked?.yours ?? 0) + (masked?.others ?? 0);
  return (
    <p className="flex flex-wrap gap-x-3 gap-y-0.5 text-sm text-muted-foreground">
      <span className={status === "ok" ? "text-good" : status === "error" ? "text-bad" : "text-warn"}>
        {STATUS[status]}
      </span>
      <span>from {origin.replace(":", " ")}</span>
      {hidden > 0 && (
        <span className="inline-flex items-center gap-1">
          <Lock className="size-3.5" aria-hidden />
          {plural(hidden, "identifier")} masked
        </span>
      )}
      {hash && (
        <span className="font-mono text-xs leading-6" title={`sha256 ${hash}`}>
          {hash.slice(0, 12)}
        </span>
      )}
    </p>
  );
}

function Body({ observation }: { observation: Observation }) {
  const [whole, setWhole] = useState(false);
  const [all, setAll] = useState(false);
  const { text, leads, record } = observation;
  const different = [...new Map(leads.map((lead) => [`${lead.kind} ${lead.value}`, lead])).values()];
  return (
    <>
      {text && (
        <div className="rounded-md border bg-background px-3 py-2.5 text-sm leading-relaxed break-words whitespace-pre-wrap">
          {whole ? text : text.slice(0, MOST_TEXT)}
          {!whole && text.length > MOST_TEXT && (
            <Button size="sm" className="mt-2 block" onClick={() => setWhole(true)}>
              Show the whole text
            </Button>
          )}
        </div>
      )}
      {leads.length > 0 && (
        <Section title={plural(different.length, "lead")}>
          <ul className="grid gap-1.5 text-sm">
            {(all ? different : different.slice(0, MOST_LEADS)).map(({ kind, value, label }) => (
              <li key={`${kind} ${value}`} className="grid min-w-0">
                <span className="break-all">{value}</span>
                {label && <span className="text-xs break-words text-muted-foreground">{label}</span>}
              </li>
            ))}
          </ul>
          {!all && different.length > MOST_LEADS && (
            <Button size="sm" className="justify-self-start" onClick={() => setAll(true)}>
              Show all
            </Button>
          )}
        </Section>
      )}
      <Drawn record={record} />
    </>
  );
}

/** What the analyst took from it: a list of named facts, whatever they are. */
function Drawn({ record }: { record: unknown }) {
  if (typeof record !== "object" || record === null) return null;
  const facts = Object.entries(record).filter(([name, value]) => !INTERNAL.has(name) && inWords(value) !== "");
  if (facts.length === 0) return null;
  return (
    <details className="text-sm">
      <summary className="font-medium">What the analyst drew from it</summary>
      <div className="mt-2">
        <Values values={Object.fromEntries(facts)} />
      </div>
    </details>
  );
}

/** Of a record: what only a program can use, or what is said above. */
const INTERNAL = new Set(["version", "url", "hash"]);

const Section = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className="grid gap-2">
    <h3 className="text-sm font-medium">{title}</h3>
    {children}
  </section>
);
