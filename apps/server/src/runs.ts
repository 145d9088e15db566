/** Starting, steering and ending runs: every change is an event, appended beside whatever the warden writes. */
import { awaitsPerson, fold, isOver, openChildren, pending, type RunState, tellParent } from "@candor/agent";
import { Conflict, type RunEvent, type Store } from "@candor/store";
import type { Answer } from "./api/schemas.ts";
import { badInput, Failure } from "./failure.ts";
import type { Supervisor } from "./supervisor.ts";
import { VERSION } from "./version.ts";

/** Appends what `make` gives for the current state, again when somebody else was first; undefined appends nothing. */
export async function appendTo(
  store: Store,
  run: string,
  make: (state: RunState) => RunEvent[] | undefined,
): Promise<RunState> {
  for (;;) {
    const state = fold(run, await store.log.read(run));
    const events = make(state);
    if (!events) return state;
    try {
      await store.log.append(run, state.seq, events);
      return fold(run, await store.log.read(run));
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
    }
  }
}

export class Runs {
  readonly #store: Store;
  readonly #supervisor: Supervisor;
  readonly #isolation: () => string;

  constructor(store: Store, supervisor: Supervisor, isolation: () => string) {
    this.#store = store;
    this.#supervisor = supervisor;
    this.#isolation = isolation;
  }

  state = async (run: string): Promise<RunState> => fold(run, await this.#store.log.read(run));

  async resume(run: string, by: string): Promise<void> {
    const { started } = await this.state(run);
    if (started.parent) await this.#refuseOrphan(run, started.parent.run);
    await appendTo(this.#store, run, (state) => {
      if (state.status === "finished")
        throw badInput(`run ${run} is finished; there is nothing to resume`, `candor show ${run}`);
      const open = pending(state);
      if (open && awaitsPerson(open) && state.status !== "stopped") {
        throw badInput(`run ${run} waits for an answer`, `candor answer ${run}`);
      }
      return [{ type: "run.resumed", by, version: VERSION, isolation: this.#isolation() }];
    });
    await this.#store.engine.enqueue(run);
  }

  /** A child whose end was reported has given back what it had not spent: going on would spend that twice. */
  async #refuseOrphan(run: string, id: string): Promise<void> {
    const parent = await this.state(id).catch(() => undefined);
    if (parent && !isOver(parent) && !parent.children.get(run)?.finished) return;
    const hint = parent && parent.status !== "finished" ? `candor resume ${id}` : `candor fork ${run} --step K`;
    throw badInput(`run ${run} was a child of ${id}, which no longer waits for it`, hint);
  }

  async answer(run: string, answer: Answer, by: string): Promise<void> {
    const state = await appendTo(this.#store, run, (state) => {
      const open = pending(state);
      if (!open || !awaitsPerson(open) || isOver(state)) throw badInput(`run ${run} asks nothing now`);
      if (open.step !== answer.step || open.argsHash !== answer.argsHash)
        throw badInput("that question has changed meanwhile", `candor show ${run}`);
      return [{ type: "approval.answered", ...answer, message: answer.message ?? "", by }];
    });
    if (isOver(state)) {
      await this.#stopChildren(state, "its parent was terminated", by);
      await this.#tellParent(state);
    } else await this.#store.engine.enqueue(run);
  }

  async say(run: string, text: string, by: string): Promise<void> {
    await appendTo(this.#store, run, (state) => {
      if (isOver(state)) throw badInput(`run ${run} is ${state.status} and hears nothing`);
      return [{ type: "operator.said", text, by }];
    });
  }

  async judge(run: string, finding: string, judgment: "mine" | "not mine", by: string): Promise<void> {
    await appendTo(this.#store, run, () => [{ type: "finding.judged", finding, judgment, by }]);
  }

  /** Stops a run and everything below it. The work is cut off before the stop is written, so that nothing slips in between. */
  async stop(target: string, reason: string, by: string): Promise<string[]> {
    if (target !== "all") return this.#stopTree(target, reason, by);
    const stopped: string[] = [];
    const open = (await this.#store.runs.list()).filter(({ status }) => status === "running" || status === "paused");
    for (const { run } of open) this.#supervisor.abort(run);
    // Oldest first: a parent that heard of its child's end would go on for a moment.
    for (const { run } of open.toReversed()) stopped.push(...(await this.#stopTree(run, reason, by)));
    return [...new Set(stopped)];
  }

  async #stopTree(run: string, reason: string, by: string): Promise<string[]> {
    this.#supervisor.abort(run);
    let was = false;
    const state = await appendTo(this.#store, run, (state) => {
      was = isOver(state);
      return was ? undefined : [{ type: "run.stopped", reason, by }];
    });
    const below = await this.#stopChildren(state, reason, by);
    await this.#tellParent(state);
    return [...(was ? [] : [run]), ...below];
  }

  /** A child that nobody works on cannot say itself that it is over. Never in the way of a stop: a parent looks for itself when it is taken up. */
  async #tellParent(state: RunState): Promise<void> {
    const parent = await tellParent(this.#store.log, state).catch(() => undefined);
    if (parent) await this.#store.engine.enqueue(parent).catch(() => {});
  }

  async #stopChildren(state: RunState, reason: string, by: string): Promise<string[]> {
    const stopped = await Promise.all(
      openChildren(state).map((child) => this.#stopTree(child.run, reason, by).catch(ignoreUnbegun)),
    );
    return stopped.flat();
  }
}

/** A child that was announced but not begun has no log yet; whoever begins it looks at its parent first. */
const ignoreUnbegun = (error: unknown): string[] => {
  if (error instanceof Failure) throw error;
  return [];
};
