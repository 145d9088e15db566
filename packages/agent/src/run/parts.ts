/** What one run is made of, besides its log and its mind. The apps put it together; see `ports.ts`. */
import type { Decision, EventOf, MindConfig, Recorded } from "@candor/store";
import type { InferenceRequest, InferenceResult, Seeds, View } from "../mind.ts";
import type { Analyst, Courier, Guard, Masker, Tool, World } from "../ports.ts";
import type { Level } from "./pace.ts";

/** Remembers which text came from where, and tells which of it a proposal repeats. */
export interface Tracer {
  /** @param link the address that a page or a search offers under this text */
  add(origin: string, text: string, link?: string): void;
  /** @param thought why the mind proposes it: it may say that a page told it to */
  originsOf(args: Record<string, unknown>, thought?: string): Record<string, string[]>;
  /** What has gone out to somebody, or was written: a text can be sent in pieces. */
  sent?(args: Record<string, unknown>): void;
}

/** Reads every event and raises signals; the same events give the same signals. */
export interface Monitors {
  observe(event: Recorded): EventOf<"signal.raised">[];
  /**
   * Asks classifiers that take time, a language model for one, before an allowed step is performed. What they say is
   * recorded, and whoever reads the record need not ask again. Never throws; ends when `signal` aborts.
   */
  consult?(signal: AbortSignal): Promise<EventOf<"signal.raised">[]>;
}

/** What people's judgments of earlier steps say of proposed ones. */
export interface StepJudge {
  /** Proposals to a step. */
  bestOf: number;
  /** The chance that each would be judged good; undefined where the judgments say nothing of it. */
  judge(view: View, decisions: readonly Decision[], signal: AbortSignal): Promise<(number | undefined)[]>;
}

export interface Parts {
  world: World;
  /** Tools of the world and of the app; the warden adds its own (remember, recall, plan, spawn, wait, finish ...). */
  tools: Tool[];
  guard: Guard;
  tracer: Tracer;
  monitors: Monitors;
  masker: Masker;
  analyst: Analyst | null;
  courier: Courier | null;
  /** Asked at each step: what the operator lets the agent know may grow as accounts are proven. */
  seeds(): Seeds;
  infer: ((request: InferenceRequest, signal: AbortSignal) => Promise<InferenceResult>) | null;
  /** The most a model call may cost, in US dollars, before it is made. */
  estimate?(request: InferenceRequest): number;
  /** Ranks several proposals to a step, and watches what comes of it. */
  stepJudge?: StepJudge;
  /** Without it, a run keeps the autonomy that it began with. */
  level?: Level;
  close?(): Promise<void>;
}

export interface MindPool {
  readonly isolation: string;
  decide(
    config: MindConfig,
    view: View,
    infer: (request: InferenceRequest) => Promise<InferenceResult>,
    options: { signal: AbortSignal; timeoutMs: number },
  ): Promise<Decision>;
  close(): Promise<void>;
}
