/** Whether the server answers. Said aloud when it changes; silent while all is well. */
import { cn } from "../ui/class-names.ts";

export function Connection({ error, pending }: { error: unknown; pending: boolean }) {
  const words = error ? "No connection" : pending ? "Connecting" : "Connected";
  return (
    <span role="status" className="flex items-center gap-1.5 px-1 text-xs text-muted-foreground">
      <span
        aria-hidden
        className={cn("size-2 rounded-full", error ? "bg-bad" : pending ? "bg-muted-foreground" : "bg-good")}
      />
      <span className={cn(!error && "max-lg:sr-only")}>{words}</span>
    </span>
  );
}
