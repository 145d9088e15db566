/** One question of a run: what it wants to do and why it asks, and every way to answer. */
import type { RunAnswer, WaitingQuestion } from "@candor/server";
import { Link } from "@tanstack/react-router";
import { ChevronDown } from "lucide-react";
import { type Ref, useId, useImperativeHandle, useState } from "react";
import { verb } from "../trace/action.ts";
import { uncoveredBy } from "../trace/rule.ts";
import { Values } from "../trace/values.tsx";
import { Button } from "../ui/button.tsx";
import { Input } from "../ui/field.tsx";
import { Menu, MenuItem } from "../ui/menu.tsx";
import { until } from "../ui/words.ts";
import { EditArguments } from "./edit-arguments.tsx";
import { EscalateDialog } from "./escalate-dialog.tsx";
import { boundTo, useAnswer } from "./queries.ts";

interface Props {
  question: WaitingQuestion;
  /** Whether the card stands on the asking run's own page. */
  here?: string;
  /** For the keys of the run page. */
  handle?: Ref<QuestionHandle>;
}

/** What keys do to the question in view. */
export interface QuestionHandle {
  approve(): void;
  deny(): void;
  edit(): void;
}

export function QuestionCard({ question, here, handle }: Props) {
  const { answer, answering } = useAnswer();
  const [message, setMessage] = useState("");
  const [open, setOpen] = useState<"edit" | "escalate" | null>(null);
  const heading = useId();
  const { decision, unknownOutcome } = question;
  const give = (given: Pick<RunAnswer, "answer" | "scope" | "args" | "to">) => {
    answer([{ ...boundTo(question), message: message.trim(), ...given }]);
    setOpen(null);
  };
  const approve = () => give({ answer: "approve", scope: "once" });
  const deny = () => give({ answer: "reject" });
  useImperativeHandle(handle, () => ({ approve, deny, edit: () => setOpen("edit") }));
  const wider = question.scopes.filter((scope) => scope !== "once");
  return (
    <article aria-labelledby={heading} className="grid gap-3 rounded-lg border border-warn/50 bg-card p-4">
      <header className="grid gap-1">
        <Chain question={question} here={here} />
        <h3 id={heading} className="font-semibold">
          {unknownOutcome ? `Did this happen? ${verb(decision.tool)}` : `May it ${verb(decision.tool).toLowerCase()}?`}
        </h3>
        <p className="text-sm text-muted-foreground">{question.reason}</p>
      </header>
      <Values values={decision.args} />
      <p className="text-sm">
        <span className="text-muted-foreground">It says: </span>
        {decision.thought}
      </p>
      <div className="flex flex-wrap items-center gap-2">
        <div className="flex">
          <Button
            variant="primary"
            aria-disabled={answering}
            className={wider.length > 0 ? "rounded-r-none" : ""}
            onClick={approve}
          >
            {unknownOutcome ? "It did not: do it" : "Approve"}
          </Button>
          {wider.length > 0 && (
            <Menu
              align="start"
              trigger={
                <Button
                  variant="primary"
                  className="rounded-l-none border-l border-l-primary-foreground/40 px-1.5"
                  aria-label="Approve for longer"
                >
                  <ChevronDown />
                </Button>
              }
            >
              <MenuItem onSelect={approve}>This once</MenuItem>
              {wider.map((scope) => (
                <MenuItem key={scope} onSelect={() => give({ answer: "approve", scope })}>
                  <span className="grid">
                    {scope === "run" ? "For this run" : "Always here"}
                    {question.grant && <span className="text-xs text-muted-foreground">It may {question.grant}</span>}
                  </span>
                </MenuItem>
              ))}
            </Menu>
          )}
        </div>
        <Button aria-disabled={answering} onClick={deny}>
          {unknownOutcome ? "It did" : "Deny"}
        </Button>
        {!unknownOutcome && Object.keys(decision.args).length > 0 && (
          <Button onClick={() => setOpen("edit")}>Edit</Button>
        )}
        <Menu trigger={<Button variant="ghost">More</Button>} align="start">
          <MenuItem onSelect={() => setOpen("escalate")}>Ask somebody else</MenuItem>
          <MenuItem className="text-bad" onSelect={() => give({ answer: "terminate" })}>
            End the run
          </MenuItem>
        </Menu>
        <Input
          className="min-w-40 flex-1 basis-48"
          value={message}
          onChange={(event) => setMessage(event.target.value)}
          placeholder="A word to the agent (optional)"
          aria-label="A word to the agent, sent with your answer"
        />
      </div>
      <Footer question={question} />
      {open === "edit" && (
        <EditArguments
          decision={decision}
          onClose={() => setOpen(null)}
          onSave={(args) => give({ answer: "modify", args })}
        />
      )}
      {open === "escalate" && (
        <EscalateDialog onClose={() => setOpen(null)} onSend={(to) => give({ answer: "escalate", to })} />
      )}
    </article>
  );
}

/** Who asks for whom, oldest first. */
function Chain({ question: { chain, run, step }, here }: { question: WaitingQuestion; here?: string | undefined }) {
  if (chain.length < 2 && run === here) return <p className="text-xs text-muted-foreground">Step {step} asks</p>;
  return (
    <p className="text-xs text-muted-foreground">
      {chain.map((asker, index) => (
        <span key={asker.run}>
          {index > 0 && " › "}
          <Link
            to="/runs/$run"
            params={{ run: asker.run }}
            className="underline decoration-input underline-offset-2 hover:decoration-foreground"
          >
            {asker.goal}
          </Link>
        </span>
      ))}
      , step {step}
    </p>
  );
}

function Footer({ question: { rule, expiresAt, escalatedTo } }: { question: WaitingQuestion }) {
  const words = [
    rule && (uncoveredBy(rule)?.concat(", so it asks") ?? `Asked by ${rule}`),
    escalatedTo && `passed on to ${escalatedTo}`,
    expiresAt !== undefined && `becomes a no ${until(expiresAt)}`,
  ].filter(Boolean);
  return words.length > 0 ? <p className="text-xs text-muted-foreground">{words.join(" · ")}</p> : null;
}
