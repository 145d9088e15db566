/** One finding: what and where at a glance; evidence, reasons and remedies when opened. */
import type { Report } from "@candor/server";
import { plural } from "../../ui/words.ts";
import { KINDS } from "./words.ts";

type Finding = Report["findings"][number];

interface Props {
  finding: Finding;
  done: boolean;
  onTick(): void;
}

export function FindingRow({ finding, done, onTick }: Props) {
  const hosts = [...new Set(finding.evidence.map(({ url }) => hostOf(url)))];
  const label = `${KINDS[finding.kind] ?? finding.kind}: ${finding.value}`;
  return (
    <li className="flex items-start gap-3 p-3">
      <input
        type="checkbox"
        checked={done}
        onChange={onTick}
        aria-label={`Dealt with: ${label}`}
        className="mt-1 size-4 shrink-0 accent-primary"
      />
      <details className="group min-w-0 grow">
        <summary className="grid cursor-pointer list-none gap-x-4 gap-y-0.5 sm:grid-cols-[10rem_1fr_auto]">
          <span className="text-sm text-muted-foreground">{KINDS[finding.kind] ?? finding.kind}</span>
          <span className={`min-w-0 break-words font-medium ${done ? "line-through opacity-60" : ""}`}>
            {finding.value}
          </span>
          <span className="text-sm text-muted-foreground">
            {hosts.slice(0, 2).join(", ")}
            {hosts.length > 2 && ` and ${hosts.length - 2} more`}
          </span>
        </summary>
        <div className="mt-4 grid gap-5 text-sm">
          <Evidence finding={finding} />
          <Why finding={finding} />
          <Remedies finding={finding} />
        </div>
      </details>
    </li>
  );
}

function Evidence({ finding }: { finding: Finding }) {
  return (
    <div>
      <h3 className="mb-1 font-medium">Evidence</h3>
      <ul className="grid gap-2">
        {finding.evidence.map(({ url, quote, step, at }) => (
          <li key={`${url} ${step}`} className="border-l-2 pl-3">
            {quote && <blockquote className="break-words">“{quote}”</blockquote>}
            <p className="break-all text-muted-foreground">
              {url}, read in step {step}, {new Date(at).toLocaleString()}
            </p>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Why({ finding: { why, confidence, chain, indexed } }: { finding: Finding }) {
  return (
    <div>
      <h3 className="mb-1 font-medium">
        Why it is yours <span className="font-normal text-muted-foreground">{Math.round(confidence * 100)} % sure</span>
      </h3>
      <ul className="grid gap-1">
        {why.for.map((reason) => (
          <li key={reason}>+ {reason}</li>
        ))}
        {why.against.map((reason) => (
          <li key={reason}>− {reason}</li>
        ))}
      </ul>
      {chain.length > 1 && (
        <p className="mt-1 break-words text-muted-foreground">
          How it was reached: {chain.map(({ url, how }) => `${hostOf(url)}${how ? ` (${how})` : ""}`).join(" → ")}
        </p>
      )}
      {indexed && <p className="mt-1 text-muted-foreground">A search engine lists it, so it is easy to find.</p>}
    </div>
  );
}

function Remedies({ finding: { remedies } }: { finding: Finding }) {
  return (
    <div>
      <h3 className="mb-1 font-medium">{plural(remedies.length, "way")} to take it down</h3>
      <ul className="grid gap-3">
        {remedies.map((remedy) => (
          <li key={remedy.url}>
            <p>
              {remedy.title} <span className="text-muted-foreground">({remedy.difficulty})</span>
            </p>
            <ol className="mt-1 grid list-decimal gap-1 pl-6 text-muted-foreground">
              {remedy.steps.map((step) => (
                <li key={step}>{step}</li>
              ))}
            </ol>
            {remedy.letter && (
              <details className="mt-1">
                <summary className="cursor-pointer text-primary">A letter to {remedy.letter.to}</summary>
                <div className="mt-2 rounded-md border bg-muted p-3">
                  <p className="font-medium">{remedy.letter.subject}</p>
                  <p className="mt-2 whitespace-pre-wrap">{remedy.letter.body}</p>
                </div>
              </details>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

const hostOf = (url: string): string => URL.parse(url)?.host ?? url;
