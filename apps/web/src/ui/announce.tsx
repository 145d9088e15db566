/** Short words about what has just happened, shown for some seconds and read aloud. */
import { useSyncExternalStore } from "react";
import { cn } from "./class-names.ts";

type Tone = "plain" | "trouble";

interface Announcement {
  id: number;
  text: string;
  tone: Tone;
}

/** Long enough to read two lines. */
const SHOWN_MS = 6_000;

let current: readonly Announcement[] = [];
let last = 0;
const listeners = new Set<() => void>();

function set(next: readonly Announcement[]): void {
  current = next;
  for (const listener of listeners) listener();
}

export function announce(text: string, tone: Tone = "plain"): void {
  const id = ++last;
  set([...current.filter((each) => each.text !== text), { id, text, tone }].slice(-3));
  setTimeout(() => set(current.filter((each) => each.id !== id)), SHOWN_MS);
}

export function Announcements() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
  return (
    <div
      role="log"
      aria-live="polite"
      aria-label="What just happened"
      className="pointer-events-none fixed inset-x-0 bottom-4 z-50 grid justify-items-center gap-2 px-4"
    >
      {shown.map(({ id, text, tone }) => (
        <p
          key={id}
          className={cn(
            "max-w-md rounded-lg border bg-popover px-4 py-2.5 text-sm shadow-lg",
            tone === "trouble" && "border-bad text-bad",
          )}
        >
          {text}
        </p>
      ))}
    </div>
  );
}
