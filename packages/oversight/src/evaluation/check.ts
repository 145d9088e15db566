/** Runs the monitors over a trace, as they would have run over the agent while it worked. */
import type { Severity } from "@candor/store";
import type { Monitors } from "../monitors/monitors.ts";
import { toEvents } from "../traces/to-events.ts";
import { type Trace, turnsOf } from "../traces/trace.ts";

export interface Fired {
  monitor: string;
  severity: Severity;
  reason: string;
  evidence: string[];
  /** Index among all turns of the trace. */
  turn: number;
  /** Agent turns up to and with this one, from 1. */
  step: number;
}

export interface Checked {
  id: string;
  label: 0 | 1 | undefined;
  /** Monitors that ought to have fired, where the set says so. */
  expected: readonly string[] | undefined;
  /** Agent turns up to and with the first sign. */
  firstSign: number | undefined;
  /** Everything that was raised, notices too. */
  signals: Fired[];
}

/** @param monitors new ones: they remember what they have read */
export async function checkTrace(trace: Trace, monitors: Monitors): Promise<Checked> {
  const { events, turns } = toEvents(trace);
  const roles = turnsOf(trace).map(({ role }) => role);
  const stepAt = (turn: number): number => roles.slice(0, turn + 1).filter((role) => role === "agent").length;
  const never = new AbortController().signal;
  const signals: Fired[] = [];
  for (const [at, recorded] of events.entries()) {
    const raised = monitors.observe(recorded);
    const turn = turns[at] ?? 0;
    // Where the warden would ask, before the step is performed.
    if (recorded.event.type === "step.judged") raised.push(...((await monitors.consult?.(never)) ?? []));
    for (const { monitor, severity, reason, evidence } of raised)
      signals.push({ monitor, severity, reason, evidence, turn, step: stepAt(turn) });
  }
  return {
    id: trace.id,
    label: trace.label,
    expected: trace.monitors,
    firstSign: trace.first_sign === undefined ? undefined : stepAt(trace.first_sign),
    signals,
  };
}
