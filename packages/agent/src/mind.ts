/**
 * A mind is a function from what it is shown to what it proposes.
 * It runs in its own process without network or files and keeps nothing between decisions.
 */
import type { Budget, Decision, EffectClass, Observation, Verdict } from "@candor/store";

/** What the operator lets the agent know of them. Never a phone number, e-mail address, street address or date of birth. */
export interface Seeds {
  names: string[];
  usernames: string[];
  city?: string;
  employer?: string;
  /** Addresses of the operator's own pages. */
  sites: string[];
}

export interface ToolDescription {
  name: string;
  description: string;
  effect: EffectClass;
  /** JSON schema of the arguments. */
  parameters: Record<string, unknown>;
}

/** A lead as the planner sees it: what was observed of it and of the host it is on. */
export interface LeadView {
  kind: "page" | "query" | "handle";
  value: string;
  label: string;
  /** Address or tool the lead came from. */
  from: string;
  /** How sure the analyst is that the page it came from is the operator's, 0 to 1. */
  fromOwned: number;
  /** Links followed from a seed to here. */
  hops: number;
  /** Step in which it was first seen. */
  seen: number;
  /** How often it was seen on different pages. */
  times: number;
}

export interface HostView {
  host: string;
  pages: number;
  /** Distinct findings with evidence on this host. */
  findings: number;
  blocked: number;
  missing: number;
}

export interface FindingView {
  id: string;
  kind: string;
  /** Masked: `[phone 1: yours]`, or a plain value for kinds that are not sealed. */
  value: string;
  urls: string[];
  confidence: number;
}

export interface StepView {
  step: number;
  tool: string;
  args: Record<string, unknown>;
  outcome: Verdict["outcome"];
  status: Observation["status"];
  /** One line. */
  summary: string;
}

/** A word from the warden or the operator: a loop that was noticed, a rejection, an instruction, a child's result. */
export interface Notice {
  from: "warden" | "operator" | "child";
  step: number;
  text: string;
  /** For loops and the like: what it is about, e.g. `loop`, `wandering`, `budget`, `rejected`. */
  code: string;
}

export interface MemoryView {
  text: string;
  origin: string;
  step: number;
}

export interface View {
  run: string;
  kind: "audit" | "run";
  step: number;
  /** Seed of the run, for minds that draw lots. */
  seed: number;
  goal: string;
  wanted: string[];
  subgoals: { text: string; done: boolean }[];
  seeds: Seeds;
  tools: ToolDescription[];
  left: Budget;
  /** The last step with its whole observation. Its text is data with a labelled origin. */
  last: { decision: Decision; verdict: Verdict; observation: Observation | null } | null;
  history: StepView[];
  memory: MemoryView[];
  findings: FindingView[];
  leads: LeadView[];
  hosts: HostView[];
  notices: Notice[];
}

/** A call to a language model that the warden makes, meters and may refuse. */
export interface InferenceRequest {
  system: string;
  messages: { role: "user" | "assistant"; content: string }[];
  tools: ToolDescription[];
  maxTokens: number;
  /** What the answer must be, as a grammar of llama.cpp (GBNF). Only the small mind's own model keeps to it. */
  grammar?: string;
}

export interface InferenceResult {
  text: string;
  calls: { tool: string; args: unknown }[];
  tokens: number;
  /** How many of the tokens were read; the others were written. */
  inputTokens?: number;
  usd: number;
}

export interface Powers {
  /** Only where the run has a model configured. */
  infer(request: InferenceRequest): Promise<InferenceResult>;
}

export interface Mind {
  decide(view: View, powers: Powers): Promise<Decision> | Decision;
}
