/** The state of a run, as a dot and a word. */
import type { RunView } from "@candor/server";
import { cn } from "./class-names.ts";

type State = RunView["status"];

const WORDS: Record<State, { word: string; dot: string }> = {
  running: { word: "Running", dot: "bg-primary motion-safe:animate-pulse" },
  waiting: { word: "Waits for you", dot: "bg-warn" },
  paused: { word: "Paused", dot: "bg-warn" },
  stopped: { word: "Stopped", dot: "bg-bad" },
  finished: { word: "Finished", dot: "bg-good" },
  failed: { word: "Failed", dot: "bg-bad" },
  interrupted: { word: "Interrupted", dot: "bg-warn" },
};

const known = (status: string): status is State => status in WORDS;

export function Status({ status, className }: { status: string; className?: string }) {
  const { word, dot } = known(status) ? WORDS[status] : { word: status, dot: "bg-muted-foreground" };
  return (
    <span className={cn("inline-flex items-center gap-1.5 whitespace-nowrap text-sm", className)}>
      <span className={cn("size-2 rounded-full", dot)} aria-hidden />
      {word}
    </span>
  );
}
