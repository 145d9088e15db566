/** One period of work on a run: from being taken up until it ends, pauses or has to wait. */
import { Conflict } from "@candor/store";
import type { Tool } from "../ports.ts";
import { ancestorsOf } from "./ancestors.ts";
import { expiryOf } from "./answer.ts";
import { awaitsPerson, expired } from "./approval.ts";
import { hashOf } from "./args-hash.ts";
import { exhausted, left } from "./budget.ts";
import { childTools } from "./children.ts";
import { childFinished } from "./family.ts";
import { gated } from "./gate.ts";
import type { InFlight } from "./in-flight.ts";
import type { Journal } from "./journal.ts";
import { ownTools } from "./own-tools.ts";
import { pauseDue } from "./pace.ts";
import type { Parts } from "./parts.ts";
import { Performer } from "./perform.ts";
import { Proposer } from "./propose.ts";
import { fold, isOver, openChildren, pending, type RunState, type Step } from "./state.ts";
import type { Outcome, WardenOptions } from "./warden.ts";

const MIND_TIMEOUT_MS = 120_000;

/** Seconds that a question waits where nothing else is said: a week. */
const EXPIRE_AFTER = 7 * 24 * 3_600;

export interface SessionOptions extends WardenOptions {
  inFlight: InFlight;
}

export class Session {
  readonly #options: SessionOptions;
  readonly #journal: Journal;
  readonly #parts: Parts;
  readonly #proposer: Proposer;
  readonly #performer: Performer;

  constructor(options: SessionOptions, journal: Journal, parts: Parts) {
    this.#options = options;
    this.#journal = journal;
    this.#parts = parts;
    const tools = new Map(
      Array.from(toolsOf(options, journal, parts), ([name, tool]) => [
        name,
        gated(tool, journal, options.inFlight, options.isStopped),
      ]),
    );
    const { minds, mindTimeoutMs = MIND_TIMEOUT_MS } = options;
    const { started } = journal.state;
    let above: ReturnType<typeof ancestorsOf> | undefined;
    this.#proposer = new Proposer({
      journal,
      parts,
      tools,
      minds,
      mindTimeoutMs,
      inFlight: options.inFlight,
      isStopped: (run) => options.isStopped?.(run) ?? false,
      ancestors: () => {
        above ??= ancestorsOf(options.log, started);
        return above;
      },
      effective: async (permissions, grants) => (await options.effective?.(permissions, grants)) ?? permissions,
      expiresAt: () => this.#now() + (started.expireAfter ?? options.expireAfter ?? EXPIRE_AFTER) * 1_000,
    });
    this.#performer = new Performer({
      journal,
      parts,
      tools,
      stateOf: (run) => this.#stateOf(run),
      stop: (run, reason) => options.stop(run, reason),
    });
    journal.attend(parts);
  }

  get #state(): RunState {
    return this.#journal.state;
  }

  async loop(signal: AbortSignal): Promise<Outcome> {
    await this.#journal.settle();
    await this.#collect();
    for (;;) {
      if (signal.aborted || this.#options.isStopped?.(this.#state.run)) return "aborted";
      const state = this.#state;
      if (isOver(state)) return "over";
      const level = await this.#parts.level?.next(state.events);
      if (level) {
        await this.#journal.append([level]);
        continue;
      }
      if (state.status === "paused") return "paused";
      const open = pending(state);
      if (open) {
        if (open.intended && !open.unsure) await this.#performer.settleUnknown(open, open.intended);
        else if (expired(open, this.#now())) await this.#expire(open);
        else if (awaitsPerson(open)) return "waiting";
        else if (!open.verdict || answersOtherArguments(open)) await this.#proposer.judge(open);
        else if (await this.#journal.consult(signal)) continue;
        else if (await this.#performer.perform(open, signal)) return "waiting";
        continue;
      }
      const end = await this.#endOnBudget();
      if (end) return end;
      const pause = pauseDue(state);
      if (pause) {
        await this.#journal.append([pause]);
        return "paused";
      }
      if (!(await this.#proposer.propose(signal))) return signal.aborted ? "aborted" : "paused";
    }
  }

  #now(): number {
    return this.#options.now?.() ?? Date.now();
  }

  /** Nobody answered in time. Whoever else says so, or answers, at the same moment is first or second, never both. */
  async #expire(open: Step): Promise<void> {
    try {
      await this.#journal.append([expiryOf(open)], { fresh: true });
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
    }
  }

  /** Children that ended while nobody was there to hear it: stopped with their parent, for one. */
  async #collect(): Promise<void> {
    for (const { run, step } of openChildren(this.#state)) {
      const child = await this.#stateOf(run);
      if (child && isOver(child)) await this.#journal.append([childFinished(child, step)]);
    }
  }

  async #stateOf(run: string): Promise<RunState | undefined> {
    const events = await this.#options.log.read(run).catch(() => []);
    return events.length > 0 ? fold(run, events) : undefined;
  }

  /** What a used-up budget means: the end, or waiting while children still hold a share that may come back. */
  async #endOnBudget(): Promise<"over" | "waiting" | undefined> {
    const { started, spent } = this.#state;
    const shares = openChildren(this.#state).map((c) => c.budget);
    const limit = exhausted(started.budget, left(started.budget, spent, shares));
    if (!limit) return undefined;
    if (shares.length > 0) return "waiting";
    const found = this.#parts.analyst?.findings(this.#state.events).length;
    const summary = found === undefined ? "" : `${found} findings`;
    await this.#journal.append([{ type: "run.finished", reason: `budget: ${limit} used up`, summary }]);
    return "over";
  }
}

/** A yes is bound to the arguments that were shown: where these are others, the guard is asked again. */
const answersOtherArguments = ({ answer, argsHash, decision }: Step): boolean =>
  answer?.answer === "approve" && argsHash !== hashOf(decision.args);

/** What a run may call, not yet behind the gate. */
export function toolsOf(options: WardenOptions, journal: Journal, parts: Parts): Map<string, Tool> {
  const { state } = journal;
  const wanted = state.started.tools;
  const past = () => options.pastMemories?.(state.run) ?? Promise.resolve([]);
  const all = [
    ...parts.tools,
    ...ownTools({ state, masker: parts.masker, folder: options.workspaceOf(state.run), past, embed: options.embed }),
    ...childTools({ journal, options }),
  ];
  const kept = all.filter(({ name }) => !wanted || wanted.includes(name) || name === "finish");
  return new Map(kept.map((tool) => [tool.name, tool]));
}
