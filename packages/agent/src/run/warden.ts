/**
 * The warden: shows the mind a view, lets the guard judge its proposal, performs the effect, records the event.
 * It is the only thing that acts. Each step is durable: `work` can be cut off at any moment and called again.
 */
import type { EventLog, EventOf, Recorded } from "@candor/store";
import type { Embed } from "../memory/search.ts";
import type { PastFact } from "../memory/tools.ts";
import { misfit } from "./act.ts";
import { tellParent } from "./family.ts";
import { InFlight } from "./in-flight.ts";
import { Journal, LogError, RunOver } from "./journal.ts";
import type { MindPool, Parts } from "./parts.ts";
import { Session, type SessionOptions, toolsOf } from "./session.ts";
import { isOver } from "./state.ts";

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
  /** Stops `run` and everything below it. */
  stop(run: string, reason: string): Promise<void>;
  /** Whether a stop holds for `run`: asked in the same turn in which anything begins to act. */
  isStopped?(run: string): boolean;
  /** A child may never do more than its parent. */
  narrow(parent: unknown, child: unknown): unknown;
  /** Permissions with what a person granted the run on top, less what they took back since; default: as they are. */
  effective?(permissions: unknown, grants: readonly unknown[]): Promise<unknown>;
  /** Seconds that a question waits for a person before it becomes a no, where the run does not say; default: a week. */
  expireAfter?: number;
  /** Milliseconds since the epoch; default: the system's clock. */
  now?(): number;
  workspaceOf(run: string): string;
  mindTimeoutMs?: number;
  version: string;
}

/** Why `work` returned. `waiting`: for a person or for children. */
export type Outcome = "over" | "paused" | "waiting" | "aborted";

export interface Warden {
  work(run: string, signal: AbortSignal): Promise<Outcome>;
  /** Whether a tool or a language model is at work for `run` right now. */
  isActing(run: string): boolean;
  /** Why `args` do not fit the tool that a step of `run` calls, or undefined when they do. */
  misfit(run: string, tool: string, args: Record<string, unknown>): Promise<string | undefined>;
}

export function createWarden(options: WardenOptions): Warden {
  const inFlight = new InFlight();
  return {
    isActing: (run) => inFlight.has(run),
    async work(run, signal) {
      const stop = new AbortController();
      // A stop that another process recorded cuts the work off here as well, before its next append would notice.
      const unsubscribe = options.log.subscribe(run, (event) => {
        if (isStop(event)) stop.abort();
      });
      try {
        const journal = await Journal.open(options.log, run);
        const outcome = await takeUp({ ...options, inFlight }, journal, AbortSignal.any([signal, stop.signal]));
        // Also when it had ended before: the parent may not have heard of it.
        const parent = outcome === "aborted" ? undefined : await tellParent(options.log, journal.state);
        if (parent) await options.enqueue(parent);
        return outcome;
      } finally {
        unsubscribe();
      }
    },
    async misfit(run, name, args) {
      const journal = await Journal.open(options.log, run);
      const parts = await options.assemble(run, journal.state.started);
      try {
        const tool = toolsOf(options, journal, parts).get(name);
        return tool ? misfit(tool, args) : `there is no tool ${name} any more`;
      } finally {
        await parts.close?.();
      }
    },
  };
}

const isStop = ({ event }: Recorded): boolean =>
  event.type === "run.stopped" || (event.type === "approval.answered" && event.answer === "terminate");

async function takeUp(options: SessionOptions, journal: Journal, signal: AbortSignal): Promise<Outcome> {
  const { state } = journal;
  if (isOver(state)) return "over";
  if (state.status === "paused") return "paused";
  let parts: Parts | undefined;
  try {
    parts = await options.assemble(state.run, state.started);
    return await new Session(options, journal, parts).loop(signal);
  } catch (error) {
    if (error instanceof RunOver) return "over";
    if (signal.aborted) return "aborted";
    if (error instanceof LogError) throw error;
    return await pause(journal, error, parts);
  } finally {
    await parts?.close?.();
  }
}

/** A fault that is not the log's: the run rests with the reason in its log, and can be resumed when that is mended. */
async function pause(journal: Journal, error: unknown, parts: Parts | undefined): Promise<Outcome> {
  const message = error instanceof Error ? error.message : String(error);
  // An error may quote a page.
  const reason = parts ? parts.masker.text(message, { untrusted: true }).text : message;
  try {
    await journal.append([{ type: "run.paused", reason: `it could not go on: ${reason}`, by: "warden" }]);
    return "paused";
  } catch (second) {
    if (second instanceof RunOver) return "over";
    throw second;
  }
}
