/** What Candor can do, as the API and the tests call it. */
import type { Recorded } from "@candor/store";
import type { z } from "zod";
import type { AgentIdentity } from "./agent-identity/agent-identity.ts";
import type { WhoisAnswer, WhoisRequest } from "./agent-identity/schemas.ts";
import type { StopInForce, Stopped } from "./api/routes/stop.ts";
import type { FindingSummary, Fork, RunRow, RunView, StartRun } from "./api/schemas.ts";
import type { Approvals } from "./approvals/approvals.ts";
import type { Answer } from "./approvals/schemas.ts";
import type { Autonomy } from "./autonomy/autonomy.ts";
import type { RunCosts } from "./costs.ts";
import type { Plans } from "./explain/plans.ts";
import type { StepWhy } from "./explain/why-schema.ts";
import type { Journey } from "./journey.ts";
import type { Judging } from "./judgments/judgments.ts";
import type { Tracing } from "./otlp/exporter.ts";
import type { Permissions } from "./permissions/permissions.ts";
import type { Remedies } from "./remedies.ts";

export const REPORT_FORMATS = ["html", "json", "md"] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

export interface Summary {
  /** The report's: what anyone can find, and how much of it is worth acting on. */
  headline: { sentence: string; detail: string };
  lines: { kind: string; count: number; severity: string; where: string; remedy: string }[];
  message: string;
  unread: { url: string; why: string }[];
  blocked: string[];
  /** Passages about other people of the operator's name or handle. */
  others: number;
  /** Identifiers of others that were masked. */
  masked: number;
  /** Passages that tried to give orders to the agent. */
  orders: number;
  /** Findings against those of an earlier run; `unconfirmed`: not seen again, but their pages could not be read. */
  since?: { appeared: number; gone: number; stayed: number; unconfirmed: number };
}

export interface Service {
  /** The folder that everything is kept in. */
  readonly home: string;
  start(request: StartRun, by: string): Promise<{ run: string }>;
  list(): Promise<RunRow[]>;
  show(run: string): Promise<RunView>;
  /** The whole id for an unambiguous beginning of one. */
  resolve(prefix: string): Promise<string>;
  /** Those after `after`; only the first `most` of them when that is given. */
  events(run: string, after: number, most?: number): Promise<Recorded[]>;
  subscribe(run: string, listener: (event: Recorded) => void): () => void;
  /** What is known to be exposed so far. */
  findings(run: string): Promise<z.infer<typeof FindingSummary>[]>;
  resume(run: string, by: string): Promise<void>;
  answer(run: string, answer: Answer, by: string): Promise<void>;
  /**
   * Stops a run and everything below it, or `all`: nothing of it begins to act from the moment this is called. Resolves when
   * the logs say so as well, after `waitMs` at the latest.
   */
  stop(target: string, reason: string, by: string, waitMs?: number): Promise<Stopped>;
  /** The stops in force. */
  stops(): readonly StopInForce[];
  say(run: string, text: string, by: string): Promise<void>;
  judge(run: string, finding: string, judgment: "mine" | "not mine", by: string): Promise<void>;
  fork(run: string, fork: Fork, by: string): Promise<{ run: string }>;
  verify(run: string): Promise<{ ok: boolean; events: number; problem?: string | undefined; explanation: string }>;
  erase(run: string): Promise<void>;
  score(run: string): Promise<unknown>;
  summary(run: string): Promise<Summary>;
  report(run: string, format: ReportFormat, since?: string): Promise<string>;
  /** Where it went. */
  journey(run: string): Promise<Journey>;
  /** Why runs did what they did, and how two of them differ. */
  readonly plans: Pick<Plans, "explain" | "compare">;
  /** What in its view led the small mind to a step, and what would have changed it. */
  why(run: string, step: number): Promise<StepWhy>;
  readonly approvals: Approvals;
  readonly autonomy: Autonomy;
  readonly permissions: Permissions;
  readonly judgments: Judging;
  readonly tracing: Pick<Tracing, "trace" | "push">;
  readonly costs: RunCosts;
  readonly agentIdentity: AgentIdentity;
  /** Whose agent sent a request or a message, or answers at an address. */
  whois(asked: WhoisRequest): Promise<WhoisAnswer>;
  readonly remedies: Remedies;
  schedule(id: string, everyMs: number, request: StartRun): Promise<void>;
  schedules(): Promise<{ id: string; everyMs: number; nextAt: number }[]>;
  unschedule(id: string): Promise<void>;
  close(): Promise<void>;
}
