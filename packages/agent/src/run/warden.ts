/**
 * The warden: shows the mind a view, lets the guard judge its proposal, performs the effect, records the event.
 * It is the only thing that acts. Each step is durable: `work` can be cut off at any moment and called again.
 */
import { createHash } from "node:crypto";
import {
  Conflict,
  type Decision,
  type EventLog,
  type EventOf,
  type Observation,
  type Recorded,
  type RunEvent,
} from "@candor/store";
import type { Embed } from "../memory/search.ts";
import type { PastFact } from "../memory/tools.ts";
import type { InferenceRequest, ToolDescription, View } from "../mind.ts";
import type { Tool, ToolContext } from "../ports.ts";
import { act, objection } from "./act.ts";
import { exhausted, left } from "./budget.ts";
import { childTools } from "./children.ts";
import { Journal, RunOver } from "./journal.ts";
import { maskedDecision } from "./masked-decision.ts";
import { ownTools } from "./own-tools.ts";
import type { MindPool, Parts } from "./parts.ts";
import {
  awaitsPerson,
  fold,
  isOver,
  openChildren,
  pending,
  type RunState,
  type Step,
  UNKNOWN_OUTCOME,
} from "./state.ts";
import { describe, refused, said } from "./tool.ts";
import { makeView } from "./view.ts";

/** Tries to get one decision out of a mind before the run pauses. */
const ATTEMPTS = 3;

export interface WardenOptions {
  log: EventLog;
  minds: MindPool;
  /** Puts together what a run is made of, from its first event and the chain of its ancestors. */
  assemble(run: string, started: EventOf<"run.started">): Promise<Parts>;
  /** What is remembered from earlier runs; masked text. */
  pastMemories?(run: string): Promise<PastFact[]>;
  /** Where an embedding model is configured, memory is searched by meaning as well. */
  embed?: Embed;
  newRunId(): string;
  /** Asks for `run` to be worked on, now or when a worker is free. */
  enqueue(run: string): Promise<void>;
  /** A child may never do more than its parent. */
  narrow(parent: unknown, child: unknown): unknown;
  workspaceOf(run: string): string;
  mindTimeoutMs?: number;
  version: string;
}

/** Why `work` returned. `waiting`: for a person or for children. */
export type Outcome = "over" | "paused" | "waiting" | "aborted";

export interface Warden {
  work(run: string, signal: AbortSignal): Promise<Outcome>;
}

export function createWarden(options: WardenOptions): Warden {
  return { work: (run, signal) => new Work(options, run).run(signal) };
}

class Work {
  readonly #options: WardenOptions;
  readonly #run: string;

  constructor(options: WardenOptions, run: string) {
    this.#options = options;
    this.#run = run;
  }

  async run(signal: AbortSignal): Promise<Outcome> {
    const journal = await Journal.open(this.#options.log, this.#run);
    const { state } = journal;
    if (isOver(state)) return "over";
    if (state.status === "paused") return "paused";
    const parts = await this.#options.assemble(this.#run, state.started);
    try {
      const session = await Session.open(this.#options, journal, parts);
      return await session.loop(signal);
    } catch (error) {
      if (error instanceof RunOver) return "over";
      if (signal.aborted) return "aborted";
      throw error;
    } finally {
      await parts.close?.();
      if (isOver(state)) await this.#reportToParent(state);
    }
  }

  /** Gives the parent this run's result and cost, once. */
  async #reportToParent(state: RunState): Promise<void> {
    const parent = state.started.parent;
    if (!parent) return;
    const journal = await Journal.open(this.#options.log, parent.run);
    const child = journal.state.children.get(this.#run);
    if (!child || child.finished) return;
    await journal.append([childFinished(state, parent.step)]).catch((error: unknown) => {
      if (!(error instanceof RunOver)) throw error;
    });
    await this.#options.enqueue(parent.run);
  }
}

/** What a parent is told of a child that is over. */
function childFinished(child: RunState, step: number): EventOf<"child.finished"> {
  const { steps, ms, tokens, usd, pages } = child.spent;
  const result = child.summary || child.reason;
  return {
    type: "child.finished",
    step,
    run: child.run,
    status: child.status,
    result,
    cost: { ms, tokens, usd, pages },
    steps,
  };
}

/** One period of work on a run: from being taken up until it ends, pauses or has to wait. */
class Session {
  readonly #options: WardenOptions;
  readonly #journal: Journal;
  readonly #parts: Parts;
  readonly #tools = new Map<string, Tool>();
  #descriptions: ToolDescription[] = [];

  private constructor(options: WardenOptions, journal: Journal, parts: Parts) {
    this.#options = options;
    this.#journal = journal;
    this.#parts = parts;
  }

  static async open(options: WardenOptions, journal: Journal, parts: Parts): Promise<Session> {
    const session = new Session(options, journal, parts);
    const { state } = journal;
    const wanted = state.started.tools;
    const past = () => options.pastMemories?.(state.run) ?? Promise.resolve([]);
    const all = [
      ...parts.tools,
      ...ownTools({ state, masker: parts.masker, folder: options.workspaceOf(state.run), past, embed: options.embed }),
      ...childTools({ journal, options }),
    ];
    for (const tool of all)
      if (!wanted || wanted.includes(tool.name) || tool.name === "finish") session.#tools.set(tool.name, tool);
    session.#descriptions = [...session.#tools.values()].map(describe);
    journal.watch(parts.monitors);
    for (const event of state.events) session.#trace(event);
    return session;
  }

  get #state(): RunState {
    return this.#journal.state;
  }

  /** Children that ended while nobody was there to hear it: stopped with their parent, for one. */
  async #collect(): Promise<void> {
    for (const child of openChildren(this.#state)) {
      const events = await this.#options.log.read(child.run).catch(() => []);
      if (events.length === 0) continue;
      const state = fold(child.run, events);
      if (isOver(state)) await this.#append([childFinished(state, child.step)]);
    }
  }

  async loop(signal: AbortSignal): Promise<Outcome> {
    await this.#collect();
    for (;;) {
      if (signal.aborted) return "aborted";
      const state = this.#state;
      if (isOver(state)) return "over";
      if (state.status === "paused") return "paused";
      const open = pending(state);
      if (open) {
        if (open.intended && !open.unsure) await this.#settleUnknown(open, open.intended);
        else if (awaitsPerson(open)) return "waiting";
        else if (!open.verdict) await this.#judge(open);
        else if (await this.#perform(open, signal)) return "waiting";
        continue;
      }
      const end = await this.#endOnBudget();
      if (end) return end;
      if (this.#mustPause()) {
        await this.#append([{ type: "run.paused", reason: "step by step: resume for the next one", by: "warden" }]);
        return "paused";
      }
      if (!(await this.#propose(signal))) return signal.aborted ? "aborted" : "paused";
    }
  }

  /** In step mode a run pauses after each step; a resume since the last step lets one more through. */
  #mustPause(): boolean {
    if (this.#state.started.mode !== "step" || this.#state.steps.length === 0) return false;
    for (const { event } of this.#state.events.toReversed()) {
      if (event.type === "run.resumed") return false;
      if (event.type === "step.proposed") return true;
    }
    return false;
  }

  /** What a used-up budget means: the end, or waiting while children still hold a share that may come back. */
  async #endOnBudget(): Promise<"over" | "waiting" | undefined> {
    const { started, spent } = this.#state;
    const shares = openChildren(this.#state).map((c) => c.budget);
    const limit = exhausted(started.budget, left(started.budget, spent, shares));
    if (!limit) return undefined;
    if (shares.length > 0) return "waiting";
    await this.#append([{ type: "run.finished", reason: `budget: ${limit} used up`, summary: this.#findingsLine() }]);
    return "over";
  }

  #findingsLine(): string {
    const found = this.#parts.analyst?.findings(this.#state.events).length;
    return found === undefined ? "" : `${found} findings`;
  }

  /** Asks the mind and records what it proposes together with the guard's verdict. False when the mind failed too often. */
  async #propose(signal: AbortSignal): Promise<boolean> {
    const state = this.#state;
    const view = makeView(state, this.#parts, this.#descriptions);
    const step = view.step;
    const cost = { tokens: 0, usd: 0, ms: 0 };
    const began = performance.now();
    let decision: Decision;
    try {
      decision = await this.#options.minds.decide(
        state.started.mind,
        view,
        (request) => this.#infer(request, cost, signal),
        {
          signal,
          timeoutMs: this.#options.mindTimeoutMs ?? 120_000,
        },
      );
    } catch (error) {
      if (signal.aborted) return false;
      cost.ms = performance.now() - began;
      return this.#mindFailed(step, error, cost);
    }
    cost.ms = performance.now() - began;
    if (signal.aborted) return false;
    // Judged as it was meant, recorded and performed masked.
    const judged = this.#verdict(step, decision);
    decision = maskedDecision(decision, judged.verdict.outcome, this.#parts.masker);
    judged.argsHash = hashOf(decision.args);
    const proposed: RunEvent = { type: "step.proposed", step, decision, cost, viewHash: hashOf(view) };
    try {
      await this.#append([proposed, judged], { fresh: true });
    } catch (error) {
      // A person or a child said something while the mind was thinking: it decides again, knowing that.
      if (!(error instanceof Conflict)) throw error;
    }
    return true;
  }

  async #infer(request: InferenceRequest, cost: { tokens: number; usd: number }, signal: AbortSignal) {
    const { infer, estimate } = this.#parts;
    if (!infer) throw new Error("this run has no language model configured");
    const rest = left(
      this.#state.started.budget,
      this.#state.spent,
      openChildren(this.#state).map((c) => c.budget),
    );
    const price = estimate?.(request) ?? 0;
    if (price > 0 && cost.usd + price > rest.usd) {
      throw new Error(
        `the call could cost $${price.toFixed(4)} and $${(rest.usd - cost.usd).toFixed(4)} is left; raise --budget usd=`,
      );
    }
    const result = await infer(request, signal);
    cost.tokens += result.tokens;
    cost.usd += result.usd;
    return result;
  }

  async #mindFailed(step: number, error: unknown, cost: { tokens: number; usd: number; ms: number }): Promise<boolean> {
    const reason = this.#parts.masker.text(error instanceof Error ? error.message : String(error)).text;
    const attempt = this.#state.failures + 1;
    const events: RunEvent[] = [{ type: "mind.failed", step, reason, attempt, cost }];
    if (attempt >= ATTEMPTS)
      events.push({ type: "run.paused", reason: `the mind failed ${attempt} times: ${reason}`, by: "warden" });
    await this.#append(events);
    return attempt < ATTEMPTS;
  }

  #verdict(step: number, decision: Decision): EventOf<"step.judged"> {
    const tool = this.#tools.get(decision.tool);
    const argsHash = hashOf(decision.args);
    if (!tool) {
      const names = [...this.#tools.keys()].join(", ");
      return {
        type: "step.judged",
        step,
        argsHash,
        verdict: {
          outcome: "deny",
          rule: "unknown tool",
          reason: `There is no tool ${decision.tool}; there are ${names}.`,
        },
      };
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

  async #judge(open: Step): Promise<void> {
    await this.#append([this.#verdict(open.step, open.decision)]);
  }

  /** Performs an allowed step. True when it has to wait for children. */
  async #perform(open: Step, signal: AbortSignal): Promise<boolean> {
    const tool = this.#tools.get(open.decision.tool);
    if (!tool) {
      await this.#done(open, "read", refused(`There is no tool ${open.decision.tool} any more.`));
      return false;
    }
    const against = objection(this.#state, open, tool);
    if (against) {
      await this.#done(open, tool.effect, refused(against));
      return false;
    }
    if (tool.name === "wait" || tool.name === "finish") {
      if (tool.name === "wait" && openChildren(this.#state).length > 0) {
        await this.#journal.refresh();
        if (openChildren(this.#state).length > 0 && !this.#heardSince(open)) return true;
      }
      if (tool.name === "finish" && openChildren(this.#state).length > 0) {
        await this.#done(open, tool.effect, refused("Children are still at work: wait for them first."));
        return false;
      }
    }
    const reference = referenceOf(this.#state.run, open.step);
    if (!tool.repeatable) await this.#append([{ type: "step.intended", step: open.step, tool: tool.name, reference }]);
    const context: ToolContext = {
      run: this.#state.run,
      step: open.step,
      reference,
      signal,
      events: this.#state.events,
    };
    const observation = await act(tool, open, context, this.#parts.masker);
    if (signal.aborted && tool.repeatable) return false;
    if (!tool.repeatable && observation.status === "unknown") {
      await this.#askWhether(open, reference, `It is not known whether ${tool.name} happened: ${observation.text}`);
      return false;
    }
    await this.#done(open, tool.effect, observation);
    return false;
  }

  /** Whether a child's result came in after the step was proposed. */
  #heardSince(open: Step): boolean {
    for (const { event } of this.#state.events.toReversed()) {
      if (event.type === "child.finished") return true;
      if (event.type === "step.proposed" && event.step === open.step) return false;
    }
    return false;
  }

  /** After a crash between intent and result: looks the message up; when that tells nothing, a person is asked. */
  async #settleUnknown(open: Step, reference: string): Promise<void> {
    const { tool } = open.decision;
    const arrived = (await this.#parts.courier?.arrived(reference).catch(() => null)) ?? null;
    if (arrived === true) {
      await this.#done(
        open,
        this.#tools.get(tool)?.effect ?? "contact",
        said("It had arrived before the interruption."),
      );
    } else {
      await this.#askWhether(
        open,
        reference,
        `The work was cut off while ${tool} was under way, so nobody knows whether it happened.`,
      );
    }
  }

  async #askWhether(open: Step, reference: string, what: string): Promise<void> {
    const reason = `${what} Say whether it did; it is not repeated by itself.`;
    await this.#append([
      {
        type: "signal.raised",
        monitor: UNKNOWN_OUTCOME,
        severity: "high",
        reason,
        evidence: [reference],
        step: open.step,
      },
    ]);
  }

  async #done(open: Step, effect: Tool["effect"], observation: Observation): Promise<void> {
    const events: RunEvent[] = [{ type: "step.done", step: open.step, tool: open.decision.tool, effect, observation }];
    if (open.decision.tool === "finish" && observation.status === "ok") {
      const summary = String(open.decision.args.summary ?? "");
      events.push({ type: "run.finished", reason: "the mind is done", summary });
    }
    await this.#append(events);
  }

  async #append(events: readonly RunEvent[], options: { fresh?: boolean } = {}): Promise<void> {
    const before = this.#state.events.length;
    await this.#journal.append(events, options);
    for (const event of this.#state.events.slice(before)) {
      this.#trace(event);
      if (
        event.event.type === "signal.raised" &&
        event.event.severity === "severe" &&
        this.#state.status === "running"
      ) {
        await this.#journal.append([
          { type: "run.paused", reason: event.event.reason, by: `monitor ${event.event.monitor}` },
        ]);
      }
    }
  }

  #trace({ event }: Recorded): void {
    const { tracer } = this.#parts;
    if (event.type === "run.started") tracer.add("operator", event.goal);
    if (event.type === "operator.said") tracer.add("operator", event.text);
    if (event.type === "child.finished") tracer.add(`child:${event.run}`, event.result);
    if (event.type === "step.done") {
      tracer.add(event.observation.origin, event.observation.text);
      const { origin, leads } = event.observation;
      for (const { kind, label, value } of leads) {
        if (kind === "page") tracer.add(origin, label, value);
        else tracer.add(origin, `${label} ${value}`);
      }
    }
  }
}

const referenceOf = (run: string, step: number) =>
  createHash("sha256").update(`${run}/${step}`).digest("hex").slice(0, 10);

const hashOf = (value: View | Record<string, unknown>) =>
  createHash("sha256").update(JSON.stringify(value)).digest("hex");
