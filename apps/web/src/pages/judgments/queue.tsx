/** What to judge next, one at a time, by button or key: g good, b bad; for two, a or b the better one; s to skip. */
import type { JudgeRequest, QueueView } from "@candor/server";
import { useEffect, useRef, useState } from "react";
import { useRuns } from "../../api/queries.ts";
import { Button } from "../../ui/button.tsx";
import { Field, Input, Textarea } from "../../ui/field.tsx";
import { plural } from "../../ui/words.ts";
import { Empty, Loading, Trouble } from "../parts.tsx";
import { raterName } from "./names.ts";
import { useAsk, useJudge, useQueue } from "./queries.ts";
import { Side } from "./side.tsx";

type Item = QueueView["items"][number];
type Verdict = JudgeRequest["verdict"];

export function Queue() {
  const queue = useQueue();
  const [skipped, setSkipped] = useState<ReadonlySet<string>>(new Set());
  if (queue.isPending) return <Loading />;
  if (queue.isError) return <Trouble error={queue.error} />;
  const { progress, items, rater } = queue.data;
  const next = items.find(({ item }) => !skipped.has(item)) ?? items[0];
  return (
    <div className="grid gap-6">
      <Progress progress={progress} rater={rater} />
      {next ? (
        <Judge key={next.item} item={next} onSkip={() => setSkipped(new Set([...skipped, next.item]))} />
      ) : (
        <Nothing operator={rater === "operator"} judged={progress.judged} />
      )}
    </div>
  );
}

function Progress({ progress: { judged, open, ratings }, rater }: Pick<QueueView, "progress" | "rater">) {
  const all = judged + open;
  if (all === 0) return null;
  const several = ratings.slice(2).reduce((sum, count) => sum + count, 0);
  return (
    <div className="grid gap-1.5">
      <div className="h-1.5 overflow-hidden rounded-full bg-muted" aria-hidden>
        <div className="h-full bg-primary" style={{ width: `${(judged / all) * 100}%` }} />
      </div>
      <p className="text-sm text-muted-foreground tabular-nums">
        {judged} of {all} judged by {raterName(rater)}, {open} to go; {plural(several, "item")} with two ratings or
        more.
      </p>
    </div>
  );
}

function Judge({ item, onSkip }: { item: Item; onSkip(): void }) {
  const judge = useJudge();
  const [reason, setReason] = useState("");
  const [discipline, setDiscipline] = useState(() => localStorage.getItem("candor.discipline") ?? "");
  // One name for whatever is said of this item now: a retry is no second judgment.
  const key = useRef(crypto.randomUUID());
  const pair = item.sides.length === 2;
  const say = (verdict: Verdict) => {
    if (judge.isPending) return;
    localStorage.setItem("candor.discipline", discipline);
    judge.mutate({
      item: item.item,
      verdict,
      key: key.current,
      ...(reason.trim() && { reason: reason.trim() }),
      ...(discipline.trim() && { discipline: discipline.trim() }),
    });
  };
  const keys: Record<string, () => void> = pair
    ? { a: () => say("a"), b: () => say("b"), s: onSkip }
    : { g: () => say("good"), b: () => say("bad"), s: onSkip };
  useKeys(keys);
  return (
    <article aria-label="To judge" className="grid gap-5">
      <div className={pair ? "grid gap-4 lg:grid-cols-2" : ""}>
        {item.sides.map((side, index) => (
          <Side key={index === 0 ? "a" : "b"} side={side} {...(pair && { name: index === 0 ? "A" : "B" })} />
        ))}
      </div>
      <div className="grid gap-3 sm:grid-cols-[1fr_12rem]">
        <Field label="Why (optional)">
          {(id) => (
            <Textarea
              id={id}
              value={reason}
              maxLength={2_000}
              className="min-h-10"
              rows={1}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
        <Field label="You judge as (optional)">
          {(id) => (
            <Input
              id={id}
              value={discipline}
              placeholder="law, ethics, security ..."
              maxLength={60}
              onChange={(event) => setDiscipline(event.target.value)}
            />
          )}
        </Field>
      </div>
      <div className="sticky bottom-0 flex flex-wrap gap-2 border-t bg-background py-3">
        {pair ? (
          <>
            <Button variant="primary" onClick={() => say("a")}>
              A is better <Key>a</Key>
            </Button>
            <Button variant="primary" onClick={() => say("b")}>
              B is better <Key>b</Key>
            </Button>
          </>
        ) : (
          <>
            <Button variant="primary" onClick={() => say("good")}>
              Good <Key>g</Key>
            </Button>
            <Button onClick={() => say("bad")}>
              Bad <Key>b</Key>
            </Button>
          </>
        )}
        <Button variant="ghost" onClick={onSkip}>
          Skip <Key>s</Key>
        </Button>
      </div>
    </article>
  );
}

const Key = ({ children }: { children: string }) => (
  <kbd className="rounded border border-current/30 px-1 font-mono text-xs opacity-70" aria-hidden>
    {children}
  </kbd>
);

function useKeys(keys: Record<string, () => void>): void {
  const now = useRef(keys);
  now.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const { target } = event;
      if (target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]")) return;
      const act = now.current[event.key.toLowerCase()];
      if (!act) return;
      event.preventDefault();
      act();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}

/** An empty queue; the operator can put more up. */
function Nothing({ operator, judged }: { operator: boolean; judged: number }) {
  const runs = useRuns();
  const ask = useAsk();
  const rows = (runs.data ?? []).filter(({ steps }) => steps > 0).slice(0, 8);
  return (
    <Empty
      title={judged > 0 ? "All judged" : "Nothing to judge yet"}
      text={
        operator
          ? "Put the steps and the answer of a run up for judging, or use the thumbs on its page."
          : "The operator has put nothing more up."
      }
    >
      {operator && rows.length > 0 && (
        <ul className="mt-2 grid w-full gap-1">
          {rows.map(({ run, goal, steps }) => (
            <li key={run} className="flex items-center gap-3 rounded-md border bg-card p-2 text-left text-sm">
              <span className="min-w-0 grow truncate">{goal}</span>
              <Button size="sm" disabled={ask.isPending} onClick={() => ask.mutate([run])}>
                Put up {plural(steps, "step")}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Empty>
  );
}
