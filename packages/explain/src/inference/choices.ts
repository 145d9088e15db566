/** The steps of a run at which it chose, and what else it could have done. */
import { advance, fold, type LeadView, makeView, normalise, type RunState, type Step, type View } from "@candor/agent";
import type { Told } from "../subject.ts";

/** `question`: the best that could be asked for a goal, whichever that is. `end`: to stop here. */
export type Action =
  | { type: "open"; lead: LeadView; again: boolean }
  | { type: "search"; query: string; page: number }
  | { type: "username"; name: string }
  | { type: "question"; goal: string }
  | { type: "end" };

export interface Choice {
  step: number;
  /** What was chosen, in words. */
  what: string;
  view: View;
  chosen: Action;
  /** Untried leads beside the chosen action: all, or a sample drawn by lot. */
  leads: LeadView[];
}

/** Leads weighed against the chosen one. A uniform sample of what was left leaves the estimate unbiased (McFadden 1978). */
const MOST_LEADS = 60;
const MOST_VIEWED = 400;
/** Choices weighed in one run, spread evenly over it. */
export const MOST_CHOICES = 300;

export interface Choices {
  total: number;
  /** Read one by one: each holds a view. */
  each(look: (choice: Choice) => void): void;
}

export function choicesOf(told: Told): Choices {
  const steps = told.state.steps.filter((step) => actionOf(step) !== undefined);
  const every = Math.max(1, steps.length / MOST_CHOICES);
  const wanted = new Set<number>();
  for (let at = 0; at < steps.length; at += every) wanted.add(steps[Math.floor(at)]?.step ?? 0);
  return { total: steps.length, each: (look) => walk(told, wanted, look) };
}

function walk(told: Told, wanted: ReadonlySet<number>, look: (choice: Choice) => void): void {
  const { state: whole, findings, foundAt, owned, seeds } = told;
  const [first, ...rest] = whole.events;
  if (!first) return;
  const state = fold(whole.run, [first]);
  // What is known at the end of whose page is whose stands in for what was known then: folding anew at each step would
  // cost the square of the run.
  const analyst = {
    extract: () => undefined,
    findings: () => findings.filter(({ id }) => (foundAt.get(id) ?? 0) < state.steps.length + 1),
    owned: (_: unknown, url: string) => owned(url),
  };
  for (const recorded of rest) {
    const { event } = recorded;
    if (event.type === "step.proposed" && wanted.has(event.step)) {
      const view = makeView({ ...state, leads: offeredAt(state, event.step) }, { analyst, seeds: () => seeds }, TOOLS);
      const action = actionOf({ step: event.step, decision: event.decision });
      const chosen = action?.type === "open" ? offered(action, state.leads, view, owned) : action;
      if (chosen) {
        const others = view.leads.filter((lead) => lead.kind === "page" && !isSame(lead, chosen));
        look({ step: event.step, what: wordsFor(chosen), view, chosen, leads: sample(others, event.step) });
      }
    }
    advance(state, recorded);
  }
}

/** Leads that were left at a step; of very many, every so manieth, since each costs time to look at. */
function offeredAt(state: RunState, step: number): RunState["leads"] {
  const left = [...state.leads].filter(
    ([key, { kind }]) => kind !== "page" || !state.opened.has(key.slice("page ".length)),
  );
  const stride = Math.ceil(left.length / MOST_VIEWED);
  return new Map(stride > 1 ? left.filter((_, index) => index % stride === step % stride) : left);
}

const TOOLS = ["search", "open", "check_username", "finish"].map((name) => ({
  name,
  description: name,
  effect: "read" as const,
  parameters: {},
}));

function actionOf({ decision: { tool, args } }: Pick<Step, "step" | "decision">): Action | undefined {
  if (tool === "open" && typeof args.url === "string") return { type: "open", lead: unheard(args.url), again: false };
  if (tool === "search" && typeof args.query === "string")
    return { type: "search", query: args.query, page: Number(args.page ?? 1) || 1 };
  if (tool === "check_username" && typeof args.username === "string") return { type: "username", name: args.username };
  return tool === "finish" ? { type: "end" } : undefined;
}

/** An address that no page offered. */
const unheard = (url: string): LeadView => ({
  kind: "page",
  value: url,
  label: "",
  from: "mind",
  fromOwned: 0,
  hops: 1,
  seen: 0,
  times: 1,
});

/** The opening with the lead it follows, where there is one. */
function offered(
  action: Action & { type: "open" },
  leads: ReadonlyMap<string, LeadView>,
  view: View,
  owned: (url: string) => number,
): Action {
  const url = action.lead.value;
  const key = normalise(url);
  const untried = view.leads.find((lead) => lead.kind === "page" && normalise(lead.value) === key);
  if (untried) return { type: "open", lead: untried, again: false };
  const known = leads.get(`page ${key}`);
  const again = view.history.some(({ tool, args }) => tool === "open" && normalise(String(args.url)) === key);
  return { type: "open", lead: known ? { ...known, fromOwned: owned(known.from) } : action.lead, again };
}

const isSame = (lead: LeadView, action: Action): boolean =>
  action.type === "open" && normalise(action.lead.value) === normalise(lead.value);

/** The same sample for the same step: by a hash of address and step. */
function sample(leads: LeadView[], step: number): LeadView[] {
  if (leads.length <= MOST_LEADS) return leads;
  return leads
    .map((lead) => ({ lead, lot: lot(lead.value, step) }))
    .sort((a, b) => a.lot - b.lot)
    .slice(0, MOST_LEADS)
    .map(({ lead }) => lead);
}

function lot(text: string, step: number): number {
  let hash = (0x811c9dc5 ^ step) >>> 0;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
}

export function wordsFor(action: Action): string {
  switch (action.type) {
    case "open":
      return `${action.again ? "opened again" : "opened"} ${action.lead.value}`;
    case "search":
      return `searched for ${action.query}${action.page > 1 ? `, page ${action.page}` : ""}`;
    case "username":
      return `checked the name ${action.name}`;
    case "question":
      return "asked";
    case "end":
      return "ended";
  }
}
