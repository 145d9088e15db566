/** What waits for a person, one by one or several at once. */
import type { RunAnswer, WaitingQuestion } from "@candor/server";
import { useState } from "react";
import { boundTo, useAnswer } from "../../questions/queries.ts";
import { QuestionCard } from "../../questions/question-card.tsx";
import { Button } from "../../ui/button.tsx";
import { plural } from "../../ui/words.ts";

const keyOf = ({ run, step, argsHash }: WaitingQuestion): string => `${run} ${step} ${argsHash}`;

/** The server takes that many at a time. */
const MOST = 500;

export function Waiting({ questions }: { questions: readonly WaitingQuestion[] | undefined }) {
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const { answer, answering } = useAnswer();
  if (!questions) return null;
  if (questions.length === 0)
    return (
      <section aria-labelledby="waiting" className="grid gap-1">
        <h2 id="waiting" className="font-semibold">
          Nothing waits for you
        </h2>
        <p className="text-sm text-muted-foreground">What a run may not do by itself is asked here.</p>
      </section>
    );
  // Whether a cut-off effect happened is asked one by one: the answer to one is none to another.
  const batch = questions.filter(({ unknownOutcome }) => !unknownOutcome);
  const chosen = batch.filter((question) => ticked.has(keyOf(question)));
  const tick = (keys: readonly string[], on: boolean) => {
    const next = new Set(ticked);
    for (const key of keys) on ? next.add(key) : next.delete(key);
    setTicked(next);
  };
  const give = (given: Pick<RunAnswer, "answer">) => {
    answer(chosen.slice(0, MOST).map((question) => ({ ...boundTo(question), message: "", ...given })));
    setTicked(new Set());
  };
  return (
    <section aria-labelledby="waiting" className="grid gap-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <h2 id="waiting" className="flex grow items-baseline gap-2 font-semibold">
          Waits for you{" "}
          <span className="text-sm font-normal text-muted-foreground tabular-nums">{questions.length}</span>
        </h2>
        {batch.length > 1 && (
          <>
            <label className="flex items-center gap-2 text-sm">
              <input
                type="checkbox"
                className="size-4 accent-primary"
                checked={chosen.length === batch.length}
                onChange={(event) => tick(batch.map(keyOf), event.target.checked)}
              />
              All
            </label>
            <Button
              size="sm"
              variant="primary"
              disabled={chosen.length === 0}
              aria-disabled={answering}
              onClick={() => give({ answer: "approve" })}
            >
              Approve {chosen.length > 0 ? plural(chosen.length, "question") : "chosen"}
            </Button>
            <Button size="sm" disabled={chosen.length === 0} onClick={() => give({ answer: "reject" })}>
              Deny {chosen.length > 0 ? plural(chosen.length, "question") : "chosen"}
            </Button>
          </>
        )}
      </div>
      <ul className="grid gap-3">
        {questions.map((question) => (
          <li key={keyOf(question)} className="flex items-start gap-3">
            {batch.length > 1 && (
              <input
                type="checkbox"
                className="mt-5 size-4 shrink-0 accent-primary"
                aria-label={`Choose: ${question.decision.tool}, step ${question.step} of ${question.goal}`}
                disabled={question.unknownOutcome}
                checked={ticked.has(keyOf(question))}
                onChange={(event) => tick([keyOf(question)], event.target.checked)}
              />
            )}
            <div className="min-w-0 grow">
              <QuestionCard question={question} />
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
