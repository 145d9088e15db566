/** One step: what the agent thought, what it did, what was said to that, and what came of it. */
import { FileText, GitFork } from "lucide-react";
import { memo, useId } from "react";
import type { Judgment } from "../../judging/queries.ts";
import { Thumbs } from "../../judging/thumbs.tsx";
import { about, verb } from "../../trace/action.ts";
import { type Observation, type StepEntry, settled } from "../../trace/trace.ts";
import { Button } from "../../ui/button.tsx";
import { cn } from "../../ui/class-names.ts";
import { plural, span } from "../../ui/words.ts";
import { SignalLines } from "./signal-line.tsx";

interface Props {
  entry: StepEntry;
  /** Steps of the run so far. */
  of: number;
  chosen: boolean;
  /** Chosen only until the next step comes: it shows no more than the others, so that the list stays calm. */
  passing: boolean;
  judgment: Judgment | undefined;
  onSelect(step: number): void;
  onJudge(step: number, judgment: Judgment | undefined): void;
  onShowPage(): void;
  onFork(): void;
}

export const StepRow = memo(
  function StepRow({ entry, of, chosen, passing, judgment, onSelect, onJudge, onShowPage, onFork }: Props) {
    const open = chosen && !passing;
    const { step, decision, observation, signals, ms } = entry;
    const thought = useId();
    const what = about(decision.args);
    return (
      <article
        aria-posinset={step}
        aria-setsize={of}
        aria-labelledby={thought}
        aria-current={chosen ? "step" : undefined}
        className={cn(
          "grid grid-cols-[2.75rem_minmax(0,1fr)] border-b border-l-[3px] border-l-transparent py-2.5 pr-3 sm:grid-cols-[3.25rem_minmax(0,1fr)]",
          chosen ? "border-l-primary bg-card" : "hover:bg-card/60",
        )}
      >
        <button
          type="button"
          onClick={() => onSelect(step)}
          aria-label={`Look at step ${step}`}
          className="self-start pt-px pr-3 text-right text-sm text-muted-foreground tabular-nums hover:text-foreground"
        >
          {step}
        </button>
        <div className="grid min-w-0 gap-1">
          {/* The thought is the large target; the number beside it is the button that keys and readers find. */}
          {/* biome-ignore lint/a11y/useKeyWithClickEvents: see above */}
          {/* biome-ignore lint/a11y/noStaticElementInteractions: see above */}
          <div className="grid cursor-default gap-1" onClick={() => onSelect(step)}>
            <p id={thought} className={cn("break-words", !open && "line-clamp-2")}>
              {decision.thought}
            </p>
            <p className="flex min-w-0 items-baseline gap-2 text-sm">
              <span className="shrink-0 font-medium">{verb(decision.tool)}</span>
              <span className="min-w-0 truncate text-muted-foreground">{what}</span>
              {observation && (
                <span className="ml-auto shrink-0 text-xs text-muted-foreground tabular-nums">{span(ms)}</span>
              )}
            </p>
            {open && entry.considered && <Considered others={entry.considered} />}
            <Ruling entry={entry} />
            {observation && <Result observation={observation} open={open} />}
          </div>
          <SignalLines signals={signals} />
          {open ? (
            <div className="mt-1 flex flex-wrap items-center gap-2">
              <Thumbs judgment={judgment} onJudge={(next) => onJudge(step, next)} />
              <Button size="sm" variant="ghost" className="lg:hidden" onClick={onShowPage}>
                <FileText /> What it saw
              </Button>
              <Button size="sm" variant="ghost" onClick={onFork}>
                <GitFork /> Fork from here
              </Button>
            </div>
          ) : (
            judgment && (
              <p className="text-xs text-muted-foreground">
                You: <span className={judgment.verdict === "good" ? "text-good" : "text-bad"}>{judgment.verdict}</span>
                {judgment.reason && `, ${judgment.reason}`}
              </p>
            )
          )}
        </div>
      </article>
    );
  },
  // How many steps there are changes with each; it is read, not seen, and a row need not be drawn anew for it.
  (before, after) =>
    before.entry === after.entry &&
    before.chosen === after.chosen &&
    (!after.chosen || before.passing === after.passing) &&
    before.judgment === after.judgment &&
    before.onFork === after.onFork &&
    before.onShowPage === after.onShowPage,
);

/** What people's judgments held to be less good than what was done. */
function Considered({ others }: { others: NonNullable<StepEntry["considered"]> }) {
  return (
    <ul className="grid gap-0.5 text-sm text-muted-foreground">
      {others.map(({ tool, args, good }) => (
        <li key={JSON.stringify([tool, args])} className="flex min-w-0 items-baseline gap-2">
          <span className="shrink-0">Also proposed: {verb(tool)}</span>
          <span className="min-w-0 truncate">{about(args)}</span>
          {good !== undefined && (
            <span className="ml-auto shrink-0 text-xs tabular-nums">good with {Math.round(100 * good)} %</span>
          )}
        </li>
      ))}
    </ul>
  );
}

const ANSWERS: Record<string, string> = {
  approve: "Approved",
  modify: "Changed and approved",
  reject: "Denied",
  escalate: "Passed on",
  terminate: "Run ended",
  expire: "Nobody answered in time",
};

/** What the guard and people said of it. A plain yes needs no words. */
function Ruling({ entry }: { entry: StepEntry }) {
  const { verdict, answers, observation, unsure } = entry;
  if (!verdict || (verdict.outcome === "allow" && answers.length === 0 && !unsure)) return null;
  const waits = !observation && !settled(entry);
  return (
    <div className="grid gap-0.5 text-sm">
      {verdict.outcome === "deny" && (
        <p className="text-bad">
          Denied by {verdict.rule}: {verdict.reason}
        </p>
      )}
      {verdict.outcome === "ask" && (
        <p className={waits ? "font-medium text-warn" : "text-muted-foreground"}>
          {waits ? "Waits for you" : "Asked you"}: {verdict.reason}
        </p>
      )}
      {unsure && <p className="font-medium text-warn">It was cut off: nobody knows whether this happened.</p>}
      {answers.map(({ seq, answer, by, message, scope, to }) => (
        <p key={seq} className={answer === "approve" || answer === "modify" ? "text-good" : "text-bad"}>
          {ANSWERS[answer]}
          {to && ` to ${to}`}
          {scope === "run" && " for this run"}
          {scope === "always" && " always"}
          {answer !== "expire" && ` by ${by}`}
          {message && `: ${message}`}
        </p>
      ))}
    </div>
  );
}

const STATUS: Record<Observation["status"], { words: string; tone: string }> = {
  ok: { words: "", tone: "" },
  missing: { words: "Not there", tone: "text-muted-foreground" },
  blocked: { words: "Blocked", tone: "text-warn" },
  refused: { words: "Refused", tone: "text-warn" },
  error: { words: "Failed", tone: "text-bad" },
  unknown: { words: "Unknown", tone: "text-warn" },
};

/** Characters of a result that can be seen in a row, chosen or not. */
const SHOWN = { short: 220, long: 700 };

function Result({ observation, open }: { observation: Observation; open: boolean }) {
  const { status, text, leads } = observation;
  const { words, tone } = STATUS[status];
  const cut = text.slice(0, open ? SHOWN.long : SHOWN.short).replace(/\s+/g, " ");
  return (
    <p className={cn("text-sm break-words text-muted-foreground", open ? "line-clamp-4" : "line-clamp-1")}>
      {words && <span className={cn("font-medium", tone)}>{words}. </span>}
      {leads.length > 0 && <span className="text-foreground">{plural(leads.length, "lead")}. </span>}
      {cut}
    </p>
  );
}
