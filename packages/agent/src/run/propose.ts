/** Asks the mind what to do next and the guard what to think of it; both go into the log together. */
import { createHash } from "node:crypto";
import { Conflict, type Decision, type EventOf, type RunEvent } from "@candor/store";
import type { InferenceRequest, ToolDescription } from "../mind.ts";
import type { Tool } from "../ports.ts";
import { left } from "./budget.ts";
import type { Journal } from "./journal.ts";
import { maskedDecision } from "./masked-decision.ts";
import type { MindPool, Parts } from "./parts.ts";
import { openChildren, type RunState, type Step } from "./state.ts";
import { describe } from "./tool.ts";
import { makeView } from "./view.ts";

/** Tries to get one decision out of a mind before the run pauses. */
const ATTEMPTS = 3;

interface MindCost {
  tokens: number;
  usd: number;
  ms: number;
}

export interface ProposerOptions {
  journal: Journal;
  parts: Parts;
  tools: ReadonlyMap<string, Tool>;
  minds: MindPool;
  mindTimeoutMs: number;
}

export class Proposer {
  readonly #journal: Journal;
  readonly #parts: Parts;
  readonly #tools: ReadonlyMap<string, Tool>;
  readonly #minds: MindPool;
  readonly #timeoutMs: number;
  readonly #descriptions: ToolDescription[];
  /** Cost of decisions that came too late to count: it was spent all the same. */
  #unrecorded: MindCost = { tokens: 0, usd: 0, ms: 0 };

  constructor({ journal, parts, tools, minds, mindTimeoutMs }: ProposerOptions) {
    this.#journal = journal;
    this.#parts = parts;
    this.#tools = tools;
    this.#minds = minds;
    this.#timeoutMs = mindTimeoutMs;
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
    let decision: Decision;
    try {
      decision = await this.#minds.decide(state.started.mind, view, (request) => this.#infer(request, cost, signal), {
        signal,
        timeoutMs: this.#timeoutMs,
      });
    } catch (error) {
      if (signal.aborted) return false;
      cost.ms += performance.now() - began;
      return this.#failed(step, error, cost);
    }
    cost.ms += performance.now() - began;
    if (signal.aborted) return false;
    // Judged as it was meant, recorded and performed masked.
    const { verdict } = this.#verdict(step, decision);
    const recorded = maskedDecision(decision, verdict.outcome, this.#parts.masker);
    const events: RunEvent[] = [
      { type: "step.proposed", step, decision: recorded, cost, viewHash: hashOf(view) },
      { type: "step.judged", step, argsHash: hashOf(recorded.args), verdict },
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

  /** Judges a step that was proposed and not judged: the work was cut off, or the run was forked there. */
  async judge(open: Step): Promise<void> {
    await this.#journal.append([this.#verdict(open.step, open.decision)]);
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
    const result = await infer(request, signal);
    cost.tokens += result.tokens;
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

  #verdict(step: number, decision: Decision): EventOf<"step.judged"> {
    const tool = this.#tools.get(decision.tool);
    const argsHash = hashOf(decision.args);
    if (!tool) {
      const names = [...this.#tools.keys()].join(", ");
      const reason = `There is no tool ${decision.tool}; there are ${names}.`;
      return { type: "step.judged", step, argsHash, verdict: { outcome: "deny", rule: "unknown tool", reason } };
    }
    const { started, run } = this.#state;
    const verdict = this.#parts.guard.judge({
      run,
      chain: [...(started.parent ? [started.parent.run] : []), run],
      kind: started.kind,
      world: started.world.kind,
      goal: started.goal,
      step,
      tool: { name: tool.name, effect: tool.effect },
      args: decision.args,
      origins: this.#parts.tracer.originsOf(decision.args),
      permissions: started.permissions,
      seeds: this.#parts.seeds(),
    });
    return { type: "step.judged", step, argsHash, verdict };
  }
}

const hashOf = (value: object) => createHash("sha256").update(JSON.stringify(value)).digest("hex");
