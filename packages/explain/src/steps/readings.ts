/** Each step of a run: what was said and done, what came of it, and what it cost. */
import { hostOf, type LeadView, normalise, type Step } from "@candor/agent";
import type { Effect, Price, StepReading } from "../explanation.ts";
import type { Told } from "../subject.ts";
import { fitOf } from "./fit.ts";

/** A step as every part of the explanation reads it. */
export interface Reading
  extends Pick<
    StepReading,
    "step" | "at" | "tool" | "object" | "thought" | "fits" | "misfit" | "status" | "effect" | "leads" | "cost"
  > {
  /** Host of an opened page, else empty. */
  host: string;
  /** The lead that an opening followed. */
  lead: LeadView | undefined;
  /** An earlier step did the very same. */
  again: boolean;
  /** All findings first seen here. */
  findings: string[];
}

/** Acts that want no yield: they are their own end. */
const ENDS_IN_ITSELF = new Set([
  "prove",
  "breach_lookup",
  "message_operator",
  "remember",
  "recall",
  "note_finding",
  "plan",
  "spawn",
  "wait",
  "finish",
  "write_file",
]);

export function readingsOf(told: Told): Reading[] {
  const { state, foundAt } = told;
  const foundIn = new Map<number, string[]>();
  for (const [id, step] of foundAt) foundIn.set(step, [...(foundIn.get(step) ?? []), id]);
  const newLeads = new Map<number, number>();
  for (const { seen } of state.leads.values()) newLeads.set(seen, (newLeads.get(seen) ?? 0) + 1);
  const { at, cost } = ledger(told);
  const before = new Set<string>();
  const pagesAt = new Map<string, number>();
  return state.steps.map((step) => {
    const { decision, observation } = step;
    const object = objectOf(step);
    const key = `${decision.tool} ${object.toLowerCase()}`;
    const url = decision.tool === "open" ? object : undefined;
    const host = hostOf(url) ?? "";
    const lead = url === undefined ? undefined : state.leads.get(`page ${normalise(url)}`);
    const findings = foundIn.get(step.step) ?? [];
    const leads = newLeads.get(step.step) ?? 0;
    const fit = fitOf(decision, { told, lead, host, pagesBefore: pagesAt.get(host) ?? 0 });
    const reading: Reading = {
      step: step.step,
      at: at.get(step.step) ?? 0,
      tool: decision.tool,
      object,
      thought: decision.thought,
      ...fit,
      status: observation?.status ?? null,
      effect: effectOf(step, findings.length, leads),
      leads,
      cost: cost.get(step.step) ?? { pages: 0, usd: 0, ms: 0 },
      host,
      lead,
      again: before.has(key),
      findings,
    };
    before.add(key);
    if (host && observation) pagesAt.set(host, (pagesAt.get(host) ?? 0) + 1);
    return reading;
  });
}

function effectOf(step: Step, findings: number, leads: number): Effect {
  const { observation, verdict, answer } = step;
  if (!observation) {
    const refused = verdict?.outcome === "deny" || (answer !== undefined && answer.answer !== "approve");
    return refused ? "refused" : "pending";
  }
  if (observation.status !== "ok") return observation.status;
  if (findings > 0) return "findings";
  if (ENDS_IN_ITSELF.has(step.decision.tool)) return "done";
  if (observation.record !== undefined) return "record";
  return leads > 0 ? "leads" : "nothing";
}

/** The address, query, name or first line that a step acts on, without line breaks, 200 characters at most. */
export function objectOf({ decision: { tool, args } }: Pick<Step, "decision">): string {
  const text = args.url ?? args.query ?? args.username ?? args.goal ?? args.path ?? args.subject ?? args.text ?? "";
  const page = tool === "search" && Number(args.page ?? 1) > 1 ? ` (page ${Number(args.page)})` : "";
  return `${String(text).replace(/\s+/g, " ").trim().slice(0, 200)}${page}`;
}

/** When each step was proposed, and what it cost: the mind's thinking, the act, and a child's whole work. */
function ledger({ state }: Told): { at: Map<number, number>; cost: Map<number, Price> } {
  const at = new Map<number, number>();
  const cost = new Map<number, Price>();
  const add = (
    step: number,
    part: { pages?: number | undefined; usd?: number | undefined; ms?: number | undefined },
  ) => {
    const { pages, usd, ms } = cost.get(step) ?? { pages: 0, usd: 0, ms: 0 };
    cost.set(step, { pages: pages + (part.pages ?? 0), usd: usd + (part.usd ?? 0), ms: ms + (part.ms ?? 0) });
  };
  for (const { at: when, event } of state.events) {
    if (event.type === "step.proposed") {
      at.set(event.step, when);
      add(event.step, event.cost);
    } else if (event.type === "step.done") add(event.step, event.observation.cost);
    else if (event.type === "mind.failed") add(event.step, event.cost);
    // A child's time passes beside its parent's.
    else if (event.type === "child.finished") add(event.step, { pages: event.cost.pages, usd: event.cost.usd });
  }
  return { at, cost };
}
