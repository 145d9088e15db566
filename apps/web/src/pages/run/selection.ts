/** Which step is chosen: by the person, or the latest for as long as the page follows a run that goes on. */
import { useRef, useState } from "react";
import type { TraceView } from "../../trace/use-trace.ts";

export interface Selection {
  selected: number | undefined;
  following: boolean;
  /** Grows when the list should bring the chosen step into view. */
  jump: number;
  select(step: number): void;
  /** By so many steps; infinitely many go to the first or the last. */
  move(by: number): void;
  follow(): void;
}

/** A run whose events are not older than this goes on while somebody looks. */
const FRESH_MS = 5_000;

/** @param asked the step that the address names */
export function useSelection({ trace, caughtUp }: TraceView, asked: number | undefined): Selection {
  const opened = useRef(Date.now());
  const [chosen, setChosen] = useState<number | "latest" | undefined>(asked);
  const [jumps, setJumps] = useState(0);
  const goesOn = !trace.isOver && trace.lastAt > opened.current - FRESH_MS;
  // The run that was followed to its end stays at its end.
  const followed = useRef(false);
  if (chosen === undefined && goesOn) followed.current = true;
  const latest = chosen === "latest" || (chosen === undefined && followed.current);
  const selected =
    trace.steps === 0
      ? undefined
      : latest
        ? trace.steps
        : typeof chosen === "number"
          ? // A step far down is not there before the events that come before it.
            Math.max(1, caughtUp ? Math.min(chosen, trace.steps) : chosen)
          : (trace.question?.step ?? 1);
  const choose = (step: number | "latest") => {
    setChosen(step);
    setJumps((count) => count + 1);
  };
  return {
    selected,
    following: latest && !trace.isOver,
    jump: jumps,
    select: choose,
    move: (by) => choose(Math.min(Math.max((selected ?? 1) + by, 1), Math.max(1, trace.steps))),
    follow: () => choose("latest"),
  };
}
