/** A run, live: its steps, what each saw beside it, what it asks, and every way to steer or end it. */
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useCallback, useRef, useState } from "react";
import { useRun } from "../../api/queries.ts";
import { useStop } from "../../api/stop.ts";
import { useJudge, useJudgments } from "../../judging/queries.ts";
import { below, useQuestions } from "../../questions/queries.ts";
import { QuestionCard, type QuestionHandle } from "../../questions/question-card.tsx";
import { useTrace } from "../../trace/use-trace.ts";
import { announce } from "../../ui/announce.tsx";
import { cn } from "../../ui/class-names.ts";
import { Loading, Trouble } from "../parts.tsx";
import { ForkDialog } from "./fork-dialog.tsx";
import { HelpDialog } from "./help-dialog.tsx";
import { useKeys } from "./keys.ts";
import { RunHeader } from "./run-header.tsx";
import { SayForm } from "./say-form.tsx";
import { useSelection } from "./selection.ts";
import { type PanelName, SidePanel } from "./side-panel.tsx";
import { StepList } from "./step-list.tsx";

export function Page() {
  const { run = "" } = useParams({ strict: false });
  // Another run is another page: nothing chosen in this one stays.
  return <RunPage key={run} run={run} />;
}

function RunPage({ run }: { run: string }) {
  const view = useTrace(run);
  const { trace } = view;
  const { step: asked } = useSearch({ strict: false });
  const selection = useSelection(view, asked);
  const server = useRun(run, { over: trace.isOver, when: view.caughtUp });
  const judged = useJudgments(run);
  const judge = useJudge(run);
  const questions = below(useQuestions().data, run);
  const { stop } = useStop();
  const navigate = useNavigate();
  const question = useRef<QuestionHandle>(null);
  const [panel, setPanel] = useState<PanelName>("steps");
  const [dialog, setDialog] = useState<"help" | "fork" | null>(null);
  const showPage = useCallback(() => setPanel("page"), []);
  const fork = useCallback(() => setDialog("fork"), []);
  const reasons = useRef<HTMLElement>(null);
  const { selected } = selection;

  const thumb = (verdict: "good" | "bad") => {
    if (selected === undefined) return;
    // Whoever judges a step stays with it.
    selection.select(selected);
    const before = judged.data?.get(selected);
    judge(selected, before?.verdict === verdict ? undefined : { verdict, reason: before?.reason ?? "" });
  };
  useKeys({
    j: () => selection.move(1),
    k: () => selection.move(-1),
    home: () => selection.move(-Infinity),
    end: () => selection.move(Infinity),
    g: () => thumb("good"),
    b: () => thumb("bad"),
    r: () => {
      const field = reasons.current?.querySelector<HTMLInputElement>("[data-reason]");
      if (field) field.focus();
      else announce("First say whether it was good (g) or bad (b).");
    },
    a: () => question.current?.approve(),
    d: () => question.current?.deny(),
    e: () => question.current?.edit(),
    f: () => selection.follow(),
    p: () => setPanel(panel === "page" ? "steps" : "page"),
    " ": () => stop(run),
    "?": () => setDialog("help"),
  });

  if (view.error && trace.seq === 0)
    return (
      <main>
        <Trouble error={view.error} />
      </main>
    );
  if (!trace.started)
    return (
      <main>
        <Loading what="Reading the run" />
      </main>
    );
  return (
    <main
      ref={reasons}
      className="flex h-[calc(100dvh-5.625rem)] min-h-[26rem] flex-col overflow-hidden lg:grid lg:grid-cols-[minmax(0,1fr)_minmax(22rem,42%)] lg:grid-rows-[auto_minmax(0,1fr)]"
    >
      <RunHeader
        view={view}
        server={server.data}
        onFork={fork}
        onHelp={() => setDialog("help")}
        className="lg:col-span-2"
      />
      <SidePanel.Tabs view={view} chosen={panel} onChoose={setPanel} className="lg:hidden" withSteps />
      <div className={cn("flex min-h-0 flex-1 flex-col lg:flex", panel !== "steps" && "hidden")}>
        <StepList
          view={view}
          selection={selection}
          judged={judged.data}
          onJudge={judge}
          onShowPage={showPage}
          onFork={fork}
        />
        {questions.length > 0 && (
          <section
            aria-label="Waits for you"
            className="grid max-h-[75%] shrink-0 gap-3 overflow-y-auto border-t bg-background p-3"
          >
            {questions.slice(0, 20).map((each, index) => (
              <QuestionCard
                key={`${each.run} ${each.step} ${each.argsHash}`}
                question={each}
                here={run}
                {...(index === 0 && { handle: question })}
              />
            ))}
          </section>
        )}
        {!trace.isOver && <SayForm run={run} />}
      </div>
      <SidePanel
        view={view}
        server={server.data}
        selected={selected}
        chosen={panel}
        onChoose={setPanel}
        onSelect={(step) => {
          selection.select(step);
          setPanel("steps");
        }}
        className={cn("lg:flex", panel === "steps" && "hidden")}
      />
      {dialog === "help" && <HelpDialog onClose={() => setDialog(null)} />}
      {dialog === "fork" && (
        <ForkDialog
          trace={trace}
          step={selected ?? trace.steps}
          onClose={() => setDialog(null)}
          onForked={(fork) => void navigate({ to: "/runs/$run", params: { run: fork } })}
        />
      )}
    </main>
  );
}
