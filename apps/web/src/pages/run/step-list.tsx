/** The steps of a run and what happened between them; only those in view are drawn, however many there are. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown } from "lucide-react";
import { useEffect, useRef } from "react";
import type { Judgment } from "../../judging/queries.ts";
import type { Entry } from "../../trace/trace.ts";
import type { TraceView } from "../../trace/use-trace.ts";
import { Button } from "../../ui/button.tsx";
import { NoteRow } from "./note-row.tsx";
import type { Selection } from "./selection.ts";
import { StepRow } from "./step-row.tsx";

interface Props {
  view: TraceView;
  selection: Selection;
  judged: ReadonlyMap<number, Judgment> | undefined;
  onJudge(step: number, judgment: Judgment | undefined): void;
  onShowPage(): void;
  onFork(): void;
}

/** Pixels that a row is taken for until it has been measured. */
const ABOUT = { step: 108, note: 44 };

const keyOf = (entry: Entry | undefined): string =>
  entry?.kind === "step" ? `step ${entry.step}` : `note ${entry?.seq ?? ""}`;

export function StepList({ view: { trace }, selection, judged, onJudge, onShowPage, onFork }: Props) {
  const { entries } = trace;
  const { selected, following, jump, select, follow } = selection;
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => ABOUT[entries[index]?.kind ?? "step"],
    getItemKey: (index) => keyOf(entries[index]),
    overscan: 5,
  });
  const latest = useRef({ selected, trace, virtual });
  latest.current = { selected, trace, virtual };

  // A chosen step comes into view; one that was chosen by pointing at it is there already.
  useEffect(() => {
    const { selected, trace, virtual } = latest.current;
    const place = selected === undefined ? -1 : trace.placeOf(selected);
    if (jump > 0 && place >= 0) virtual.scrollToIndex(place, { align: "auto" });
  }, [jump]);
  const count = entries.length;
  useEffect(() => {
    if (following && count > 0) latest.current.virtual.scrollToIndex(count - 1, { align: "end" });
  }, [following, count]);
  // The step that the address names, as soon as it is there.
  const arrived = selected !== undefined && trace.placeOf(selected) >= 0;
  useEffect(() => {
    const { selected, trace, virtual } = latest.current;
    if (arrived && selected !== undefined && selected > 1)
      virtual.scrollToIndex(trace.placeOf(selected), { align: "center" });
  }, [arrived]);

  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        role="feed"
        aria-label="Steps"
        aria-busy={count === 0}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable by keyboard
        tabIndex={0}
        className="h-full overflow-y-auto overscroll-contain -outline-offset-2"
      >
        <div className="relative w-full" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, key, start }) => {
            const entry = entries[index];
            if (!entry) return null;
            return (
              <div
                key={key}
                ref={virtual.measureElement}
                data-index={index}
                className="absolute inset-x-0 top-0"
                style={{ transform: `translateY(${start}px)` }}
              >
                {entry.kind === "step" ? (
                  <StepRow
                    entry={entry}
                    of={trace.steps}
                    chosen={entry.step === selected}
                    passing={following}
                    judgment={judged?.get(entry.step)}
                    onSelect={select}
                    onJudge={onJudge}
                    onShowPage={onShowPage}
                    onFork={onFork}
                  />
                ) : (
                  <NoteRow entry={entry} />
                )}
              </div>
            );
          })}
        </div>
      </div>
      {!following && !trace.isOver && (selected ?? 0) < trace.steps && (
        <Button size="sm" className="absolute right-4 bottom-3 shadow-md" onClick={follow}>
          <ArrowDown /> Follow
        </Button>
      )}
    </div>
  );
}
