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

/** Pixels that an entry is taken for until it has been measured. */
const ABOUT = { step: 108, note: 44 };

const keyOf = (entry: Entry): string => (entry.kind === "step" ? `step ${entry.step}` : `note ${entry.seq}`);

/** Entries that are drawn and measured together: with each measurement the list is laid out anew, however long it is. */
const GROUP = 8;

export function StepList({ view: { trace }, selection, judged, onJudge, onShowPage, onFork }: Props) {
  const { entries } = trace;
  const { selected, following, jump, select, follow } = selection;
  const scroller = useRef<HTMLDivElement>(null);
  const count = entries.length;
  const virtual = useVirtualizer({
    count: Math.ceil(count / GROUP),
    getScrollElement: () => scroller.current,
    estimateSize: (group) =>
      entries.slice(group * GROUP, (group + 1) * GROUP).reduce((sum, { kind }) => sum + ABOUT[kind], 0),
    overscan: 1,
  });

  /** Brings a step into view: first its group, whose place is near enough known, then itself. */
  const show = (step: number | undefined, block: ScrollLogicalPosition) => {
    const place = step === undefined ? -1 : trace.placeOf(step);
    if (place < 0) return;
    const find = () => scroller.current?.querySelector(`[data-place="${place}"]`);
    if (!find()) virtual.scrollToIndex(Math.floor(place / GROUP), { align: "center" });
    requestAnimationFrame(() => find()?.scrollIntoView({ block }));
  };
  const latest = useRef({ show, selected, virtual });
  latest.current = { show, selected, virtual };
  useEffect(() => {
    if (jump > 0) latest.current.show(latest.current.selected, "nearest");
  }, [jump]);
  useEffect(() => {
    if (following && count > 0) latest.current.virtual.scrollToIndex(Math.ceil(count / GROUP) - 1, { align: "end" });
  }, [following, count]);
  // Until somebody chooses: the step that the address names or that asks, as soon as it is there. A question takes most
  // of the room when it comes, so that the step has to be sought anew.
  const untouched = jump === 0 && !following && selected !== undefined && trace.placeOf(selected) >= 0;
  const first = untouched && selected > 1 ? selected : undefined;
  useEffect(() => {
    const element = scroller.current;
    if (first === undefined || !element) return;
    const watch = new ResizeObserver(() => latest.current.show(first, "center"));
    watch.observe(element);
    return () => watch.disconnect();
  }, [first]);

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
          {virtual.getVirtualItems().map(({ index: group, key, start }) => (
            <div
              key={key}
              ref={virtual.measureElement}
              data-index={group}
              className="absolute inset-x-0 top-0 [contain:layout_style]"
              style={{ transform: `translateY(${start}px)` }}
            >
              {entries.slice(group * GROUP, (group + 1) * GROUP).map((entry, at) => (
                <div key={keyOf(entry)} data-place={group * GROUP + at}>
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
              ))}
            </div>
          ))}
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
