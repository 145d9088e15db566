/** What a mind is shown of a run: enough to decide, within a bound, and nothing in the clear. */
import type { LeadView, StepView, ToolDescription, View } from "../mind.ts";
import { left } from "./budget.ts";
import type { Parts } from "./parts.ts";
import { hostOf, normalise, openChildren, type RunState, type Step } from "./state.ts";

/** Untried leads shown at most; those from pages that are surely the operator's come first. */
const MOST_LEADS = 400;
const MOST_HISTORY = 200;
const MOST_NOTICES = 20;

export function makeView(
  state: RunState,
  parts: Pick<Parts, "analyst" | "seeds">,
  tools: readonly ToolDescription[],
): View {
  const findings = parts.analyst?.findings(state.events) ?? [];
  const perHost = new Map<string, number>();
  for (const finding of findings) {
    for (const host of new Set(finding.urls.map(hostOf))) if (host) perHost.set(host, (perHost.get(host) ?? 0) + 1);
  }
  const last = state.steps.at(-1);
  return {
    run: state.run,
    kind: state.started.kind,
    step: state.steps.length + 1,
    seed: state.started.seed,
    goal: state.started.goal,
    wanted: state.started.wanted,
    subgoals: state.subgoals,
    seeds: parts.seeds(),
    tools: [...tools],
    left: left(
      state.started.budget,
      state.spent,
      openChildren(state).map((c) => c.budget),
    ),
    last: last?.verdict
      ? { decision: last.decision, verdict: last.verdict, observation: last.observation ?? null }
      : null,
    history: state.steps.slice(-MOST_HISTORY).map(stepView),
    memory: state.memory.slice(-50),
    findings,
    leads: untried(state, parts),
    hosts: [...state.hosts.values()].map((host) => ({ ...host, findings: perHost.get(host.host) ?? 0 })),
    notices: state.notices.slice(-MOST_NOTICES),
  };
}

function untried(state: RunState, parts: Pick<Parts, "analyst">): LeadView[] {
  const owned = new Map<string, number>();
  const ownership = (url: string) => {
    const known = owned.get(url);
    if (known !== undefined) return known;
    const value = parts.analyst && hostOf(url) ? parts.analyst.owned(state.events, url) : 0;
    owned.set(url, value);
    return value;
  };
  const leads: LeadView[] = [];
  for (const lead of state.leads.values()) {
    if (lead.kind === "page" && state.opened.has(normalise(lead.value))) continue;
    leads.push({ ...lead, fromOwned: ownership(lead.from) });
  }
  if (leads.length <= MOST_LEADS) return leads;
  return leads.sort((a, b) => b.fromOwned - a.fromOwned || b.times - a.times || b.seen - a.seen).slice(0, MOST_LEADS);
}

function stepView(step: Step): StepView {
  const rejected = step.answer && step.answer.answer !== "approve";
  return {
    step: step.step,
    tool: step.decision.tool,
    args: step.decision.args,
    outcome: rejected ? "deny" : (step.verdict?.outcome ?? "ask"),
    status: step.observation?.status ?? "refused",
    summary: oneLine(step.observation?.text ?? step.answer?.message ?? step.verdict?.reason ?? ""),
  };
}

const oneLine = (text: string) => text.replace(/\s+/g, " ").trim().slice(0, 160);
