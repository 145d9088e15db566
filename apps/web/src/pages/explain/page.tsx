/** Why a run did what it did: its goals, its strategies, what they yielded, where it went strange, and what it was really after. */
import "../../ui/chart-colours.css";
import type { Explanation } from "@candor/server";
import { useState } from "react";
import { Heading, Loading, Trouble } from "../parts.tsx";
import { Beliefs } from "./beliefs.tsx";
import { Curve } from "./curve.tsx";
import { GoalTree } from "./goal-tree.tsx";
import { useExplanation } from "./queries.ts";
import { Section } from "./section.tsx";
import { Steps } from "./steps.tsx";
import { Strategies } from "./strategies.tsx";
import { STRANGE, spanOf } from "./words.ts";

export function Page() {
  const [from, setFrom] = useState(1);
  const explanation = useExplanation(from);
  return (
    <main className="mx-auto grid w-full max-w-5xl gap-10 px-4 py-6">
      <Heading title="Why it did what it did" />
      {explanation.isPending ? (
        <Loading what="Reading the run" />
      ) : explanation.isError ? (
        <Trouble error={explanation.error} />
      ) : (
        <Answers data={explanation.data} onWindow={setFrom} />
      )}
    </main>
  );
}

function Answers({ data, onWindow }: { data: Explanation; onWindow(from: number): void }) {
  return (
    <>
      <div className="grid max-w-3xl gap-2">
        {data.story.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
      </div>
      <Section title="What it was after" detail="Worked out from what it did, not from what it said.">
        <Beliefs inference={data.inference} />
      </Section>
      <Section title="Yield and cost">
        <Curve curve={data.curve} />
      </Section>
      <Section title="Strategies" detail="What kind of search each stretch of steps was.">
        <Strategies strategies={data.strategies} steps={data.steps.of} />
      </Section>
      <Section title="Where it went strange">
        <Strange strange={data.strange} />
      </Section>
      <Section title="Goals and sub-goals">
        <GoalTree goals={data.goals} />
      </Section>
      <Section title="Each step: its reason and its effect">
        <Steps steps={data.steps} onWindow={onWindow} />
      </Section>
    </>
  );
}

function Strange({ strange }: { strange: Explanation["strange"] }) {
  if (strange.length === 0)
    return <p className="text-sm text-muted-foreground">Nowhere: each place followed from the goal.</p>;
  return (
    <ul className="divide-y rounded-lg border bg-card">
      {strange.map((place) => (
        <li key={`${place.kind} ${place.from} ${place.where}`} className="grid gap-1 p-3">
          <p className="flex flex-wrap items-baseline gap-x-3">
            <span className="font-medium">{STRANGE[place.kind]}</span>
            <span className="break-all">{place.where}</span>
            <span className="ml-auto text-sm text-muted-foreground tabular-nums">{spanOf(place)}</span>
          </p>
          <p className="text-sm">{place.why}</p>
          {place.evidence.length > 0 && (
            <details className="text-sm text-muted-foreground">
              <summary>What this rests on</summary>
              <ul className="mt-1 grid gap-1 pl-4">
                {place.evidence.map((line) => (
                  <li key={line} className="list-disc break-words">
                    {line}
                  </li>
                ))}
              </ul>
            </details>
          )}
        </li>
      ))}
    </ul>
  );
}
