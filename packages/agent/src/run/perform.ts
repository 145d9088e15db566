/** Performs what was allowed: intent before effect, result after, and a person's word where nobody knows what happened. */
import { createHash } from "node:crypto";
import { Conflict, type Observation, type RunEvent } from "@candor/store";
import type { Tool } from "../ports.ts";
import { act, objection } from "./act.ts";
import { cleared } from "./approval.ts";
import { heldUp } from "./family.ts";
import type { Journal } from "./journal.ts";
import type { Parts } from "./parts.ts";
import { HELD_UP, openChildren, type RunState, type Step, UNKNOWN_OUTCOME } from "./state.ts";
import { refused, said } from "./tool.ts";

export interface PerformerOptions {
  journal: Journal;
  parts: Parts;
  tools: ReadonlyMap<string, Tool>;
  /** The state of another run, or undefined when it has not begun. */
  stateOf(run: string): Promise<RunState | undefined>;
  /** Stops a run and everything below it. */
  stop(run: string, reason: string): Promise<void>;
}

export class Performer {
  readonly #options: PerformerOptions;

  constructor(options: PerformerOptions) {
    this.#options = options;
  }

  get #state(): RunState {
    return this.#options.journal.state;
  }

  /** Performs an allowed step. True when it has to wait for children. */
  async perform(open: Step, signal: AbortSignal): Promise<boolean> {
    const { tools, parts, journal } = this.#options;
    const tool = tools.get(open.decision.tool);
    if (!tool) {
      await this.#done(open, "read", refused(`There is no tool ${open.decision.tool} any more.`));
      return false;
    }
    const against = cleared(open)
      ? (objection(this.#state, open, tool) ?? (await this.#unfinished(tool)))
      : "Nobody has allowed this.";
    if (against) {
      await this.#done(open, tool.effect, refused(against));
      return false;
    }
    if (tool.name === "wait" && openChildren(this.#state).length > 0) {
      await journal.refresh();
      if (openChildren(this.#state).length > 0 && !this.#heardSince(open)) return true;
    }
    if (signal.aborted) return false;
    const reference = referenceOf(this.#state.run, open.step);
    if (!tool.repeatable && !(await this.#intend(open, reference))) return false;
    const context = { run: this.#state.run, step: open.step, reference, signal, events: this.#state.events };
    const observation = await act(tool, open, context, parts.masker);
    if (signal.aborted && tool.repeatable) return false;
    if (!tool.repeatable && observation.status === "unknown") {
      await this.#askWhether(open, reference, `It is not known whether ${tool.name} happened: ${observation.text}`);
      return false;
    }
    await this.#done(open, tool.effect, observation);
    return false;
  }

  /** False when somebody else wrote first: what they wrote may be that they do it, or that it is not to be done. */
  async #intend({ step, decision: { tool } }: Step, reference: string): Promise<boolean> {
    try {
      await this.#options.journal.append([{ type: "step.intended", step, tool, reference }], { fresh: true });
      return true;
    } catch (error) {
      if (error instanceof Conflict) return false;
      throw error;
    }
  }

  /** After a crash between intent and result: looks the message up; when that tells nothing, a person is asked. */
  async settleUnknown(open: Step, reference: string): Promise<void> {
    const { parts, tools } = this.#options;
    const { tool } = open.decision;
    const arrived = (await parts.courier?.arrived(reference).catch(() => null)) ?? null;
    if (arrived === true) {
      const effect = tools.get(tool)?.effect ?? "contact";
      await this.#done(open, effect, said("It had arrived before the interruption."));
    } else {
      const what = `The work was cut off while ${tool} was under way, so nobody knows whether it happened.`;
      await this.#askWhether(open, reference, what);
    }
  }

  /** A reason not to finish yet. Children that only a person could set going again are ended with their parent. */
  async #unfinished(tool: Tool): Promise<string | undefined> {
    const { stateOf, stop, journal } = this.#options;
    const open = tool.name === "finish" ? openChildren(this.#state) : [];
    for (const { run } of open) {
      const child = await stateOf(run);
      if (!child || heldUp(child) === undefined) return "Children are still at work: wait for them first.";
    }
    for (const { run } of open) await stop(run, "its parent finished without it");
    if (open.length > 0) await journal.refresh();
    return undefined;
  }

  /** Whether a child had something to report after the step was proposed. */
  #heardSince(open: Step): boolean {
    for (const { event } of this.#state.events.toReversed()) {
      if (event.type === "child.finished") return true;
      if (event.type === "signal.raised" && event.monitor === HELD_UP) return true;
      if (event.type === "step.proposed" && event.step === open.step) return false;
    }
    return false;
  }

  async #askWhether(open: Step, reference: string, what: string): Promise<void> {
    const reason = `${what} Say whether it did; it is not repeated by itself.`;
    const { step } = open;
    await this.#options.journal.append(
      [{ type: "signal.raised", monitor: UNKNOWN_OUTCOME, severity: "high", reason, evidence: [reference], step }],
      { late: true, unless: () => open.observation !== undefined },
    );
  }

  async #done(open: Step, effect: Tool["effect"], observation: Observation): Promise<void> {
    const events: RunEvent[] = [{ type: "step.done", step: open.step, tool: open.decision.tool, effect, observation }];
    const finishes = open.decision.tool === "finish" && observation.status === "ok";
    if (finishes) {
      const summary = String(open.decision.args.summary ?? "");
      events.push({ type: "run.finished", reason: "the mind is done", summary });
    }
    // A stop came while it was under way: what it came to is known, and is not lost.
    const late = open.intended !== undefined && !finishes;
    // Another worker that took the run for dead may have been first.
    await this.#options.journal.append(events, { late, unless: () => open.observation !== undefined });
  }
}

const referenceOf = (run: string, step: number) =>
  createHash("sha256").update(`${run}/${step}`).digest("hex").slice(0, 10);
