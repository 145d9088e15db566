/** Logs of runs, written down step by step: for tests. */
import type { Analyst, FindingView, Seeds } from "@candor/agent";
import type { Decision, Lead, Observation, Recorded, RunEvent } from "@candor/store";
import type { Subject } from "../subject.ts";

export const SEEDS: Seeds = {
  names: ["Ada Quill"],
  usernames: ["adaquill77"],
  city: "Thornby",
  employer: "Brindle & Co",
  sites: ["http://ada.example/"],
};

export interface Act {
  tool: string;
  args?: Record<string, unknown>;
  thought?: string;
  /** Leads that it yields: address and label. */
  leads?: [url: string, label?: string][];
  status?: Observation["status"];
  masked?: Observation["masked"];
  record?: boolean;
  verdict?: "allow" | "ask" | "deny";
  /** Without a result, as of a step that is under way. */
  open?: boolean;
  cost?: Observation["cost"];
  /** Other events after it. */
  after?: RunEvent[];
}

export const open = (url: string, more: Partial<Act> = {}): Act => ({ tool: "open", args: { url }, ...more });
export const search = (query: string, more: Partial<Act> = {}): Act => ({ tool: "search", args: { query }, ...more });

/** @param findings kind, value and the addresses of the pages that show it */
export function subject(
  acts: readonly Act[],
  findings: readonly [kind: string, value: string, ...urls: string[]][] = [],
  change: Partial<Extract<RunEvent, { type: "run.started" }>> = {},
  run = "run-a",
): Subject {
  const events: RunEvent[] = [
    {
      type: "run.started",
      kind: "audit",
      goal: "Find what the web shows about me.",
      wanted: ["phone", "employer", "username"],
      seed: 1,
      world: { kind: "town", seed: 1 },
      mind: { kind: "scout" },
      budget: { steps: 20_000, tokens: 1e9, usd: 100, seconds: 1e6, pages: 20_000, pagesPerHost: 20_000 },
      permissions: {},
      mode: "continuous",
      isolation: "none",
      version: "test",
      ...change,
    },
  ];
  for (const [index, act] of acts.entries()) events.push(...eventsOf(act, index + 1));
  const views: FindingView[] = findings.map(([kind, value, ...urls]) => ({
    id: `${kind} ${value}`,
    kind,
    value,
    urls,
    confidence: 0.9,
  }));
  const analyst: Analyst = {
    extract: () => undefined,
    findings: () => views,
    owned: (_, url) => (url.startsWith("http://ada.example/") ? 1 : 0),
  };
  return {
    seeds: SEEDS,
    analyst,
    events: events.map(
      (event, index): Recorded => ({ run, seq: index + 1, at: 1_000 * index, hash: `${index}`, event }),
    ),
  };
}

function eventsOf(act: Act, step: number): RunEvent[] {
  const { tool, args = {}, thought = "I go on.", verdict = "allow", after = [] } = act;
  const decision: Decision = { thought, tool, args };
  const events: RunEvent[] = [
    { type: "step.proposed", step, decision, cost: { ms: 1 }, viewHash: "" },
    { type: "step.judged", step, verdict: { outcome: verdict, rule: "test", reason: "" }, argsHash: `${step}` },
  ];
  if (verdict === "allow" && act.open !== true) {
    const leads = (act.leads ?? []).map(([value, label = ""]): Lead => ({ kind: "page", value, label }));
    const url = typeof args.url === "string" ? args.url : undefined;
    events.push({
      type: "step.done",
      step,
      tool,
      effect: "read",
      observation: {
        status: act.status ?? "ok",
        origin: url ? `host:${new URL(url).host}` : `tool:${tool}`,
        text: "text",
        leads,
        ...(url && { url }),
        ...(act.masked && { masked: act.masked }),
        ...(act.record && { record: {} }),
        cost: act.cost ?? (tool === "open" ? { pages: 1, ms: 10 } : { ms: 10 }),
      },
    });
  }
  return [...events, ...after];
}
