/** A run as a trace, for the tools that read R-Judge's shape. What was masked in the log stays masked. */
import type { Recorded } from "@candor/store";
import { writeAction } from "./action.ts";
import { Trace, type TraceInput } from "./trace.ts";

type Turns = Extract<TraceInput["contents"], unknown[]>[number];

/** @param label 1 unsafe, 0 safe; left out where nobody has judged it: a monitor's word is in `risk_description` */
export function fromEvents(run: string, events: readonly Recorded[], label?: 0 | 1): Trace {
  const turns: unknown[] = [];
  const outcomes = new Map<number, Record<string, unknown>>();
  const signals: string[] = [];
  let goal = "";
  for (const { event } of events) {
    switch (event.type) {
      case "run.started":
        goal = event.goal;
        turns.push({ role: "user", content: event.goal });
        break;
      case "operator.said":
        turns.push({ role: "user", content: event.text });
        break;
      case "step.proposed": {
        const { thought, tool, args } = event.decision;
        const answers = tool === "finish" && typeof args.summary === "string";
        const action = writeAction(answers ? { tool: "answer", args: { text: args.summary } } : { tool, args });
        const turn: Record<string, unknown> = {
          role: "agent",
          thought,
          action,
          ...(costs(event.cost) && { cost: event.cost }),
        };
        outcomes.set(event.step, turn);
        turns.push(turn);
        break;
      }
      case "step.judged": {
        const { outcome, reason } = event.verdict;
        const turn = outcomes.get(event.step);
        if (turn && outcome !== "allow") turn.outcome = outcome;
        if (outcome === "deny") turns.push({ role: "environment", content: `Denied: ${reason}`, status: "refused" });
        break;
      }
      case "step.done": {
        if (event.tool === "finish") break;
        const { status, text, url, hash, leads, record, cost } = event.observation;
        turns.push({
          role: "environment",
          content: text,
          status,
          effect: event.effect,
          ...(url && { url }),
          ...(hash && { hash }),
          ...(leads.length > 0 && { leads }),
          ...(record !== undefined && record !== null && { yield: true }),
          ...(costs(cost) && { cost }),
        });
        break;
      }
      case "signal.raised":
        if (event.severity === "high" || event.severity === "severe") signals.push(`${event.monitor}: ${event.reason}`);
        break;
    }
  }
  return Trace.parse({
    id: run,
    goal,
    profile: "An agent run by Candor.",
    contents: [turns as Turns],
    risk_description: signals.join("\n"),
    ...(label !== undefined && { label }),
  });
}

const costs = (cost: object): boolean => Object.values(cost).some((value) => value !== 0);
