/** Judged items with what each rater said; where they disagree the operator settles it. */
import type { JudgedItem } from "@candor/server";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Button } from "../../ui/button.tsx";
import { Empty, Loading, Trouble } from "../parts.tsx";
import { raterName, useRunName } from "./names.ts";
import { useItems, useSettle } from "./queries.ts";

/** Rows drawn; the rest is in the export. */
const MOST = 200;

export function Results() {
  const [disputed, setDisputed] = useState(false);
  const items = useItems(disputed);
  // What was only put up stands in the queue.
  const judged = items.data?.filter(({ judgments, gold }) => judgments.length > 0 || gold) ?? [];
  return (
    <div className="grid gap-4">
      <label className="flex items-center gap-2 text-sm">
        <input
          type="checkbox"
          checked={disputed}
          onChange={(event) => setDisputed(event.target.checked)}
          className="size-4 accent-primary"
        />
        Only where raters disagree
      </label>
      {items.isPending ? (
        <Loading />
      ) : items.isError ? (
        <Trouble error={items.error} />
      ) : judged.length === 0 ? (
        <Empty
          title={disputed ? "No disagreement" : "Nothing judged yet"}
          text="Judge something in the queue, or by the thumbs of a run."
        />
      ) : (
        <>
          <ul className="divide-y rounded-lg border bg-card">
            {judged.slice(0, MOST).map((item) => (
              <Row key={item.item} item={item} />
            ))}
          </ul>
          {judged.length > MOST && (
            <p className="text-sm text-muted-foreground">and {judged.length - MOST} more, in the export.</p>
          )}
        </>
      )}
    </div>
  );
}

function Row({ item }: { item: JudgedItem }) {
  const { judgments, consensus, disputed, adjudicated, gold } = item;
  const pair = item.subject.kind === "pair";
  return (
    <li className="grid gap-2 p-3 text-sm">
      <p className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <Subject subject={item.subject} />
        {disputed && !adjudicated && <span className="text-warn">disputed</span>}
        {gold && <span className="text-muted-foreground">known answer: {WORDS[gold]}</span>}
        {consensus && (
          <span className="ml-auto font-medium">
            {WORDS[consensus.verdict]}{" "}
            <span className="font-normal text-muted-foreground">
              {consensus.from === "majority" ? `${consensus.for} to ${consensus.against}` : `by ${consensus.from}`}
            </span>
          </span>
        )}
      </p>
      <ul className="grid gap-0.5">
        {judgments.map(({ rater, verdict, reason, discipline }) => (
          <li key={rater} className="break-words">
            <span className="text-muted-foreground">
              {raterName(rater)}
              {discipline && ` (${discipline})`}:
            </span>{" "}
            {WORDS[verdict]}
            {reason && `, “${reason}”`}
          </li>
        ))}
      </ul>
      <Settle item={item} choices={pair ? ["a", "b"] : ["good", "bad"]} />
    </li>
  );
}

type Verdict = JudgedItem["judgments"][number]["verdict"];
const WORDS: Record<Verdict, string> = { good: "good", bad: "bad", a: "A", b: "B" };

function Settle({ item, choices }: { item: JudgedItem; choices: Verdict[] }) {
  const settle = useSettle();
  if (!item.disputed) return null;
  if (item.adjudicated)
    return (
      <p className="flex items-center gap-2 text-muted-foreground">
        Settled by {raterName(item.adjudicated.by)}: {WORDS[item.adjudicated.verdict]}
        <Button
          size="sm"
          variant="ghost"
          onClick={() => settle.mutate({ as: "adjudicate", item: item.item, verdict: null })}
        >
          Take back
        </Button>
      </p>
    );
  return (
    <p className="flex flex-wrap items-center gap-2">
      <span className="text-muted-foreground">Settle it:</span>
      {choices.map((verdict) => (
        <Button key={verdict} size="sm" onClick={() => settle.mutate({ as: "adjudicate", item: item.item, verdict })}>
          {WORDS[verdict]}
        </Button>
      ))}
    </p>
  );
}

function Subject({ subject }: { subject: JudgedItem["subject"] }) {
  const name = useRunName();
  switch (subject.kind) {
    case "step":
      return (
        <Link to="/runs/$run" params={{ run: subject.run }} search={{ step: subject.step }} className="underline">
          Step {subject.step} of {name(subject.run)}
        </Link>
      );
    case "answer":
      return (
        <Link to="/runs/$run" params={{ run: subject.run }} className="underline">
          Answer of {name(subject.run)}
        </Link>
      );
    case "finding":
      return (
        <Link to="/runs/$run/findings" params={{ run: subject.run }} className="underline">
          A finding of {name(subject.run)}
        </Link>
      );
    case "text":
      return <span>An imported text</span>;
    case "pair":
      return (
        <span className="grid gap-1">
          <span>
            A: <Subject subject={subject.a} />
          </span>
          <span>
            B: <Subject subject={subject.b} />
          </span>
        </span>
      );
  }
}
