/** What a monitor raised, in a line. */
import { TriangleAlert } from "lucide-react";
import type { Signal } from "../../trace/trace.ts";
import { cn } from "../../ui/class-names.ts";

const TONE: Record<Signal["severity"], string> = {
  info: "text-muted-foreground",
  low: "text-warn",
  high: "text-warn",
  severe: "text-bad",
};

/** Signals of one step; the same one several times is said once. */
export function SignalLines({ signals }: { signals: readonly Signal[] }) {
  const same = Map.groupBy(signals, ({ monitor, reason }) => `${monitor} ${reason}`);
  return [...same].map(
    ([key, [first, ...more]]) => first && <SignalLine key={key} signal={first} times={1 + more.length} />,
  );
}

export function SignalLine({ signal, times = 1 }: { signal: Signal; times?: number }) {
  return (
    <p className={cn("flex items-start gap-1.5 text-sm break-words", TONE[signal.severity])}>
      <TriangleAlert className="mt-1 size-3.5 shrink-0" aria-label={`${signal.severity} signal`} />
      <span className="min-w-0">
        <span className="font-medium">{signal.monitor.replaceAll("-", " ")}</span>: {signal.reason}
        {times > 1 && <span className="tabular-nums"> ×{times}</span>}
      </span>
    </p>
  );
}
