/** A run as a fold over its events. Everything the warden and the mind know of a run comes from here. */
import type {
  Autonomy,
  Budget,
  Decision,
  EffectClass,
  EventOf,
  Observation,
  Recorded,
  RunEvent,
  Verdict,
} from "@candor/store";
import type { HostView, LeadView, MemoryView, Notice } from "../mind.ts";
import { awaitsPerson, type Grant, takeAnswer, takeVerdict } from "./approval.ts";
import { nothing, plus, type Spent } from "./budget.ts";

export type Status = "running" | "waiting" | "paused" | "stopped" | "finished" | "failed";

export interface Step {
  step: number;
  /** As it is to be performed: with a person's arguments where they changed them. */
  decision: Decision;
  verdict?: Verdict;
  argsHash?: string;
  effect?: EffectClass | undefined;
  /** When a person was asked, and when the question becomes a no; milliseconds since the epoch. */
  askedAt?: number;
  expiresAt?: number | undefined;
  escalatedTo?: string;
  /** The last word of a person, or of time: approve, reject, terminate or expire. */
  answer?: EventOf<"approval.answered">;
  /** A person wrote the arguments: what the guard asks about them is answered, what it denies stays denied. */
  edited?: EventOf<"approval.answered">;
  /** An irrevocable effect was about to happen; cleared when a person decides about an unknown outcome. */
  intended?: string;
  /** Nobody knows whether the intended effect happened: a person is asked, by the event of this number. */
  unsure?: number;
  observation?: Observation;
}

export interface Child {
  run: string;
  step: number;
  goal: string;
  budget: Budget;
  finished?: EventOf<"child.finished">;
}

export interface RunState {
  run: string;
  started: EventOf<"run.started">;
  events: Recorded[];
  seq: number;
  status: Status;
  reason: string;
  summary: string;
  steps: Step[];
  spent: Spent;
  leads: Map<string, LeadView>;
  /** URL -> the step that read it. */
  opened: Map<string, number>;
  /** URL -> links followed from a seed to it. */
  hops: Map<string, number>;
  hosts: Map<string, HostView>;
  memory: MemoryView[];
  subgoals: { text: string; done: boolean }[];
  notices: Notice[];
  children: Map<string, Child>;
  /** What a person allowed for the rest of this run; nobody else's, children included. */
  grants: Grant[];
  failures: number;
  autonomy: Autonomy;
}

/** The signal that asks a person whether an effect happened. */
export const UNKNOWN_OUTCOME = "unknown-outcome";

/** The signal that a child cannot go on without a person. */
export const HELD_UP = "child-held-up";

const ended: ReadonlySet<Status> = new Set(["stopped", "finished", "failed"]);

export const isOver = (state: RunState): boolean => ended.has(state.status);

/** The last step where it still needs something: a verdict, an answer, or its effect. */
export function pending(state: RunState): Step | undefined {
  const last = state.steps.at(-1);
  if (!last || last.observation) return undefined;
  if (last.verdict?.outcome === "deny") return undefined;
  if (last.answer && last.answer.answer !== "approve" && !last.intended) return undefined;
  return last;
}

/** The step that a person is asked about. */
export function openQuestion(state: RunState): Step | undefined {
  const open = isOver(state) ? undefined : pending(state);
  return open && awaitsPerson(open) ? open : undefined;
}

export const openChildren = (state: RunState): Child[] => [...state.children.values()].filter((c) => !c.finished);

export function fold(run: string, events: readonly Recorded[]): RunState {
  const first = events[0]?.event;
  if (first?.type !== "run.started") throw new Error(`run ${run} does not begin with run.started`);
  const state: RunState = {
    run,
    started: first,
    events: [],
    seq: 0,
    status: "running",
    reason: "",
    summary: "",
    steps: [],
    spent: { ...nothing },
    leads: new Map(),
    opened: new Map(),
    hops: new Map(),
    hosts: new Map(),
    memory: [],
    subgoals: [],
    notices: [],
    children: new Map(),
    grants: [],
    failures: 0,
    autonomy: first.mode,
  };
  for (const event of events) advance(state, event);
  return state;
}

/** Takes one more event into `state`, in place. */
export function advance(state: RunState, recorded: Recorded): void {
  state.events.push(recorded);
  state.seq = recorded.seq;
  apply(state, recorded.event, recorded);
}

/** The step of that number; most events speak of the latest. */
const stepOf = (state: RunState, step: number | undefined): Step | undefined =>
  state.steps.findLast((each) => each.step === step);

function apply(state: RunState, event: RunEvent, recorded: Recorded): void {
  switch (event.type) {
    case "run.started":
      return;
    case "step.proposed":
      state.steps.push({ step: event.step, decision: event.decision });
      state.spent = plus(state.spent, event.cost, 1);
      state.failures = 0;
      state.status = "running";
      return;
    case "step.judged": {
      const step = stepOf(state, event.step);
      if (step) takeVerdict(state, step, { ...recorded, event });
      return;
    }
    case "approval.answered": {
      const step = stepOf(state, event.step);
      if (step) takeAnswer(state, step, { ...recorded, event });
      return;
    }
    case "step.intended": {
      const step = stepOf(state, event.step);
      if (step) step.intended = event.reference;
      return;
    }
    case "step.done":
      done(state, event);
      return;
    case "mind.failed":
      state.failures++;
      state.spent = plus(state.spent, event.cost);
      return;
    case "signal.raised":
      if (event.monitor === UNKNOWN_OUTCOME) {
        const step = stepOf(state, event.step);
        if (step) Object.assign(step, { unsure: recorded.seq, askedAt: recorded.at });
      }
      state.notices.push({
        from: event.monitor === HELD_UP ? "child" : "warden",
        step: event.step ?? lastStep(state),
        code: event.monitor,
        text: event.reason,
      });
      return;
    case "autonomy.changed":
      state.autonomy = event.to;
      return;
    case "operator.said":
      state.notices.push({ from: "operator", step: lastStep(state), code: "said", text: event.text });
      return;
    case "child.started":
      state.children.set(event.run, { run: event.run, step: event.step, goal: event.goal, budget: event.budget });
      return;
    case "child.finished": {
      const child = state.children.get(event.run);
      if (!child || child.finished) return;
      child.finished = event;
      state.spent = plus(state.spent, event.cost, event.steps);
      state.notices.push({
        from: "child",
        step: event.step,
        code: event.status,
        text: `${child.goal}: ${event.result}`,
      });
      return;
    }
    case "run.paused":
      state.status = "paused";
      state.reason = event.reason;
      return;
    case "run.resumed":
      if (state.status !== "finished") state.status = "running";
      // Whoever resumes has seen to the mind: it gets all its attempts again.
      state.failures = 0;
      return;
    case "run.stopped":
      state.status = "stopped";
      state.reason = event.reason;
      return;
    case "run.finished":
      state.status = "finished";
      state.reason = event.reason;
      state.summary = event.summary;
      return;
    case "run.failed":
      state.status = "failed";
      state.reason = event.reason;
      return;
    case "finding.judged":
      state.notices.push({
        from: "operator",
        step: lastStep(state),
        code: "judged",
        text: `${event.finding} is ${event.judgment}`,
      });
      return;
  }
}

const lastStep = (state: RunState) => state.steps.at(-1)?.step ?? 0;

function done(state: RunState, event: EventOf<"step.done">): void {
  const step = stepOf(state, event.step);
  if (!step) return;
  const { observation } = event;
  step.observation = observation;
  delete step.intended;
  if (state.status === "waiting") state.status = "running";
  state.spent = plus(state.spent, observation.cost);
  noteHost(state, step, observation);
  noteLeads(state, step, observation);
  noteInternal(state, step, observation);
}

function noteHost(state: RunState, step: Step, observation: Observation): void {
  const asked = typeof step.decision.args.url === "string" ? normalise(step.decision.args.url) : undefined;
  if (event(step, "open") && asked && observation.status !== "refused") state.opened.set(asked, step.step);
  if (observation.url) state.opened.set(normalise(observation.url), step.step);
  const host = hostOf(observation.url ?? asked);
  if (!host || !event(step, "open") || observation.status === "refused") return;
  const seen = state.hosts.get(host) ?? { host, pages: 0, findings: 0, blocked: 0, missing: 0 };
  state.hosts.set(host, {
    ...seen,
    pages: seen.pages + (observation.cost.pages ?? 1),
    blocked: seen.blocked + (observation.status === "blocked" ? 1 : 0),
    missing: seen.missing + (observation.status === "missing" ? 1 : 0),
  });
}

const event = (step: Step, tool: string) => step.decision.tool === tool;

function noteLeads(state: RunState, step: Step, observation: Observation): void {
  const from =
    observation.url ??
    `${step.decision.tool} ${String(step.decision.args.query ?? step.decision.args.username ?? "")}`.trim();
  const hops = observation.url ? (state.hops.get(normalise(observation.url)) ?? 0) : 0;
  for (const lead of observation.leads) {
    const key = lead.kind === "page" ? normalise(lead.value) : lead.value.trim().toLowerCase();
    if (!state.hops.has(key)) state.hops.set(key, hops + 1);
    const known = state.leads.get(`${lead.kind} ${key}`);
    if (known) known.times++;
    else {
      state.leads.set(`${lead.kind} ${key}`, {
        kind: lead.kind,
        value: lead.value,
        label: lead.label,
        from,
        fromOwned: 0,
        hops: hops + 1,
        seen: step.step,
        times: 1,
      });
    }
  }
}

function noteInternal(state: RunState, step: Step, observation: Observation): void {
  if (observation.status !== "ok") return;
  const { tool, args } = step.decision;
  if (tool === "remember" && typeof args.text === "string") {
    state.memory.push({ text: args.text, origin: String(args.source ?? "mind"), step: step.step });
  }
  if (tool === "plan" && Array.isArray(args.subgoals)) {
    const was = new Map(state.subgoals.map((g) => [g.text, g.done]));
    state.subgoals = args.subgoals.map((g) => {
      const { text, done } = g as { text: string; done?: boolean };
      return { text, done: done ?? was.get(text) ?? false };
    });
  }
}

/** A URL as a key: no fragment, no default port, no trailing slash on an empty path. Not a URL: as it is. */
export function normalise(url: string): string {
  try {
    const parsed = new URL(url);
    parsed.hash = "";
    return parsed.href;
  } catch {
    return url;
  }
}

export function hostOf(url: string | undefined): string | undefined {
  if (!url) return undefined;
  try {
    return new URL(url).host;
  } catch {
    return undefined;
  }
}
