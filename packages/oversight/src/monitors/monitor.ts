/** What all monitors have in common. A monitor reads events one by one and keeps only what it needs. */
import type { EventOf, Recorded } from "@candor/store";

export type Signal = EventOf<"signal.raised">;

export interface Monitor {
  observe(event: Recorded): Signal[];
}

/** A notice is for the mind; from here on a person should look. */
export const isAlarming = ({ severity }: Pick<Signal, "severity">): boolean =>
  severity === "high" || severity === "severe";

export function signal(
  monitor: string,
  severity: Signal["severity"],
  reason: string,
  step?: number,
  evidence: string[] = [],
): Signal {
  return { type: "signal.raised", monitor, severity, reason, evidence, ...(step !== undefined && { step }) };
}

/** One line of at most `most` characters. */
export function quote(text: string, most = 140): string {
  const line = text.replace(/[\p{C}\s]+/gu, " ").trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}

/** Equal for equal arguments, whatever the order of their keys. */
export function keyOf(tool: string, args: Record<string, unknown>): string {
  return JSON.stringify([tool, args], (_, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : typeof value === "string"
        ? value.trim()
        : value,
  );
}
