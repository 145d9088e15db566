/** Everything that monitors raised, worst first. */
import type { Signal, Trace } from "../../trace/trace.ts";
import { Empty } from "../parts.tsx";
import { SignalLine } from "./signal-line.tsx";

const ORDER: readonly Signal["severity"][] = ["severe", "high", "low", "info"];
/** Of one severity; a monitor that never ends does not make the page endless. */
const MOST = 100;

export function Signals({ trace, onSelect }: { trace: Trace; onSelect(step: number): void }) {
  if (trace.signals.length === 0)
    return <Empty title="No signals" text="Monitors watch for loops, drift, injected orders, leaks and the like." />;
  const bySeverity = Map.groupBy(trace.signals, ({ severity }) => severity);
  return (
    <div className="grid gap-6 p-4">
      {ORDER.filter((severity) => bySeverity.has(severity)).map((severity) => {
        const some = bySeverity.get(severity) ?? [];
        return (
          <section key={severity} className="grid gap-2">
            <h2 className="text-sm font-semibold">
              {severity[0]?.toUpperCase()}
              {severity.slice(1)} <span className="font-normal text-muted-foreground tabular-nums">{some.length}</span>
            </h2>
            <ul className="grid gap-3">
              {some.slice(-MOST).map((signal) => (
                <li key={signal.seq} className="grid gap-1 border-l-2 pl-3">
                  <SignalLine signal={signal} />
                  {signal.evidence.slice(0, 3).map((quote) => (
                    <blockquote key={quote} className="line-clamp-3 text-sm break-words text-muted-foreground">
                      “{quote}”
                    </blockquote>
                  ))}
                  {signal.step !== undefined && <StepLink step={signal.step} onSelect={onSelect} />}
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}

const StepLink = ({ step, onSelect }: { step: number; onSelect(step: number): void }) => (
  <button
    type="button"
    onClick={() => onSelect(step)}
    className="justify-self-start text-sm text-primary underline underline-offset-2"
  >
    Step {step}
  </button>
);
