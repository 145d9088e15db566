/** Asks the mind what to do next and the guard what to think of it; both go into the log together. */
import { Conflict, type Decision, type EventOf, type RunEvent } from "@candor/store";
import type { InferenceRequest, ToolDescription, View } from "../mind.ts";
import type { Tool } from "../ports.ts";
import type { Ancestor } from "./ancestors.ts";
import { hashOf } from "./args-hash.ts";
import { left } from "./budget.ts";
import type { InFlight } from "./in-flight.ts";
import type { Journal } from "./journal.ts";
import { maskedDecision } from "./masked-decision.ts";
import type { MindPool, Parts, StepJudge } from "./parts.ts";
import { openChildren, type RunState, type Step } from "./state.ts";
import { describe } from "./tool.ts";
import { makeView } from "./view.ts";

/** Tries to get one decision out of a mind before the run pauses. */
const ATTEMPTS = 3;

interface MindCost {
  tokens: number;
  inputTokens?: number;
  usd: number;
  ms: number;
}

export interface ProposerOptions {
  journal: Journal;
  parts: Parts;
  tools: ReadonlyMap<string, Tool>;
  minds: MindPool;
  mindTimeoutMs: number;
  inFlight: InFlight;
  isStopped(run: string): boolean;
  /** The runs above this one, oldest first. */
  ancestors(): Promise<readonly Ancestor[]>;
  /** The run's permissions with what a person granted it. */
  effective(permissions: unknown, grants: readonly unknown[]): Promise<unknown>;
  /** When a question that is asked now becomes a no. */
  expiresAt(): number;
}

interface Proposal {
  decision: Decision;
  /** Chance of being judged good; undefined where nobody can say. */
  good: number | undefined;
}

/** Under this chance of being judged good, a person should look. */
const DOUBTFUL = 0.25;

/**
 * What was proposed first stays first among equals; what the judgments say nothing of is as likely good as bad. A judge that fails is
 * no fault of the mind: the step is then taken as it was proposed.
 */
async function ranked(
  decisions: readonly [Decision, ...Decision[]],
  view: View,
  judge: StepJudge | undefined,
  signal: AbortSignal,
): Promise<{ proposals: [Proposal, ...Proposal[]]; trouble?: string }> {
  let chances: readonly (number | undefined)[] = [];
  let trouble: string | undefined;
  try {
    if (judge) chances = await judge.judge(view, decisions, signal);
  } catch (error) {
    signal.throwIfAborted();
    trouble = error instanceof Error ? error.message : String(error);
  }
  const all = decisions.map((decision, n): Proposal => ({ decision, good: chances[n] }));
  const [first, ...others] = all.sort((a, b) => (b.good ?? 0.5) - (a.good ?? 0.5));
  const proposals: [Proposal, ...Proposal[]] = first
    ? [first, ...others]
    : [{ decision: decisions[0], good: undefined }];
  return { proposals, ...(trouble !== undefined && { trouble }) };
}

function doubts(step: number, good: number | undefined, trouble: string | undefined): EventOf<"signal.raised">[] {
  const doubtful = good !== undefined && good < DOUBTFUL;
  if (!doubtful && trouble === undefined) return [];
  const reason = doubtful
    ? `By what people judged before, this step would be judged bad, with a chance of ${Math.round(100 * (1 - good))} %.`
    : `Nobody could say how people would judge this step: ${trouble}`;
  return [{ type: "signal.raised", monitor: "judgments", severity: "low", reason, evidence: [], step }];
}

export class Proposer {
  readonly #journal: Journal;
  readonly #parts: Parts;
  readonly #tools: ReadonlyMap<string, Tool>;
  readonly #minds: MindPool;
  readonly #timeoutMs: number;
  readonly #inFlight: InFlight;
  readonly #isStopped: ProposerOptions["isStopped"];
  readonly #asking: Pick<ProposerOptions, "ancestors" | "effective" | "expiresAt">;
  readonly #descriptions: ToolDescription[];
  /** Cost of decisions that came too late to count: it was spent all the same. */
  #unrecorded: MindCost = { tokens: 0, usd: 0, ms: 0 };

  constructor({ journal, parts, tools, minds, mindTimeoutMs, inFlight, isStopped, ...asking }: ProposerOptions) {
    this.#asking = asking;
    this.#journal = journal;
    this.#parts = parts;
    this.#tools = tools;
    this.#minds = minds;
    this.#timeoutMs = mindTimeoutMs;
    this.#inFlight = inFlight;
    this.#isStopped = isStopped;
    this.#descriptions = [...tools.values()].map(describe);
  }

  get #state(): RunState {
    return this.#journal.state;
  }

  /** Records what the mind proposes together with the guard's verdict. False when the mind failed too often, or was cut off. */
  async propose(signal: AbortSignal): Promise<boolean> {
    const state = this.#state;
    const view = makeView(state, this.#parts, this.#descriptions);
    const step = view.step;
    const cost = { ...this.#unrecorded };
    const began = performance.now();
    let told: Awaited<ReturnType<typeof ranked>>;
    try {
      const decisions = await this.#decisions(view, cost, signal);
      told = await ranked(decisions, view, this.#parts.stepJudge, signal);
    } catch (error) {
      if (signal.aborted) return false;
      cost.ms += performance.now() - began;
      return this.#failed(step, error, cost);
    }
    cost.ms += performance.now() - began;
    if (signal.aborted) return false;
    const [{ decision, good }, ...others] = told.proposals;
    // Judged as it was meant, recorded and performed masked.
    const judged = await this.#judged(step, decision);
    const masked = (each: Decision): Decision => maskedDecision(each, judged.verdict.outcome, this.#parts.masker);
    const recorded = masked(decision);
    const considered = others.map((other) => {
      const { tool, args } = masked(other.decision);
      return { tool, args, ...(other.good !== undefined && { good: other.good }) };
    });
    const events: RunEvent[] = [
      {
        ...{ type: "step.proposed", step, decision: recorded, cost, viewHash: hashOf(view) },
        ...(considered.length > 0 && { considered }),
      },
      { ...judged, argsHash: hashOf(recorded.args) },
      ...doubts(step, good, told.trouble && this.#parts.masker.text(told.trouble).text),
    ];
    this.#unrecorded = cost;
    try {
      await this.#journal.append(events, { fresh: true });
    } catch (error) {
      // A person or a child said something while the mind was thinking: it decides again, knowing that.
      if (error instanceof Conflict) return true;
      throw error;
    }
    this.#unrecorded = { tokens: 0, usd: 0, ms: 0 };
    return true;
  }

  /**
   * Judges a step that was proposed and not judged: the work was cut off, the run was forked there, or a person changed
   * the arguments.
   */
  async judge(open: Step): Promise<void> {
    // What a person has changed is theirs, whatever the mind thought.
    const decision = open.answer ? { ...open.decision, thought: "" } : open.decision;
    try {
      await this.#journal.append([await this.#judged(open.step, decision)], { fresh: true });
    } catch (error) {
      // Somebody else did, or said something that bears on it.
      if (!(error instanceof Conflict)) throw error;
    }
  }

  /** As many as are wanted, each once; a mind that fails after its first is not asked again. */
  async #decisions(view: View, cost: MindCost, signal: AbortSignal): Promise<[Decision, ...Decision[]]> {
    const { mind } = this.#state.started;
    const options = { signal, timeoutMs: this.#timeoutMs };
    const decide = () => this.#minds.decide(mind, view, (request) => this.#infer(request, cost, signal), options);
    const first = await decide();
    const found = new Map([[hashOf([first.tool, first.args]), first]]);
    for (let n = 1; n < (this.#parts.stepJudge?.bestOf ?? 1); n++) {
      const next = await decide().catch(() => undefined);
      if (!next) break;
      const key = hashOf([next.tool, next.args]);
      if (!found.has(key)) found.set(key, next);
    }
    found.delete(hashOf([first.tool, first.args]));
    return [first, ...found.values()];
  }

  async #infer(request: InferenceRequest, cost: MindCost, signal: AbortSignal) {
    const { infer, estimate } = this.#parts;
    if (!infer) throw new Error("this run has no language model configured");
    const shares = openChildren(this.#state).map((c) => c.budget);
    const rest = left(this.#state.started.budget, this.#state.spent, shares);
    const price = estimate?.(request) ?? 0;
    if (price > 0 && cost.usd + price > rest.usd) {
      throw new Error(
        `the call could cost $${price.toFixed(4)} and $${Math.max(0, rest.usd - cost.usd).toFixed(4)} is left; raise --budget usd=`,
      );
    }
    if (this.#isStopped(this.#state.run)) throw new Error("the run was stopped");
    const result = await this.#inFlight.during(this.#state.run, () => infer(request, signal));
    cost.tokens += result.tokens;
    if (result.inputTokens !== undefined) cost.inputTokens = (cost.inputTokens ?? 0) + result.inputTokens;
    cost.usd += result.usd;
    return result;
  }

  async #failed(step: number, error: unknown, cost: MindCost): Promise<boolean> {
    const reason = this.#parts.masker.text(error instanceof Error ? error.message : String(error)).text;
    const attempt = this.#state.failures + 1;
    const events: RunEvent[] = [{ type: "mind.failed", step, reason, attempt, cost }];
    if (attempt >= ATTEMPTS)
      events.push({ type: "run.paused", reason: `the mind failed ${attempt} times: ${reason}`, by: "warden" });
    await this.#journal.append(events);
    this.#unrecorded = { tokens: 0, usd: 0, ms: 0 };
    return attempt < ATTEMPTS;
  }

  async #judged(step: number, decision: Decision): Promise<EventOf<"step.judged">> {
    const tool = this.#tools.get(decision.tool);
    const judged = { type: "step.judged", step, argsHash: hashOf(decision.args) } as const;
    if (!tool) {
      const names = [...this.#tools.keys()].join(", ");
      const reason = `There is no tool ${decision.tool}; there are ${names}.`;
      return { ...judged, verdict: { outcome: "deny", rule: "unknown tool", reason } };
    }
    const { started, run, grants } = this.#state;
    const above = await this.#asking.ancestors();
    const verdict = this.#parts.guard.judge({
      run,
      chain: [...above.map((each) => each.run), run],
      kind: started.kind,
      world: started.world.kind,
      goal: started.goal,
      step,
      tool: { name: tool.name, effect: tool.effect },
      args: decision.args,
      origins: this.#parts.tracer.originsOf(decision.args, decision.thought),
      autonomy: this.#state.autonomy,
      permissions: await this.#asking.effective(
        started.permissions,
        grants.map((grant) => grant.rule),
      ),
      seeds: this.#parts.seeds(),
    });
    const { effect } = tool;
    return verdict.outcome === "ask"
      ? { ...judged, verdict, effect, expiresAt: this.#asking.expiresAt() }
      : { ...judged, verdict, effect };
  }
}
