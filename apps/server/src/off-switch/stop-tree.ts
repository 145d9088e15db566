/** Writes a stop into the logs of a run and everything below it. */
import { isOver, openChildren, type RunState, tellParent } from "@candor/agent";
import { type Engine, type Runs, type Store, StoreError } from "@candor/store";
import { appendTo } from "../append-to.ts";

/** What of a store a stop is written into. */
export interface StopStore extends Pick<Store, "kind" | "log"> {
  readonly runs: Pick<Runs, "list" | "resolve">;
  readonly engine: Pick<Engine, "enqueue">;
}

export interface StopWord {
  reason: string;
  by: string;
}

/** @returns the runs that it ended */
export async function stopTree(store: StopStore, run: string, word: StopWord): Promise<string[]> {
  const { state, stopped } = await stopDown(store, run, word);
  await wakeParent(store, state);
  return stopped;
}

/** Every run that is open, oldest first: a parent that heard of its child's end would go on for a moment. */
export async function stopEvery(store: StopStore, word: StopWord): Promise<string[]> {
  const open = (await store.runs.list()).filter(({ status }) => status === "running" || status === "paused");
  const stopped = new Set<string>();
  for (const { run } of open.toReversed()) {
    if (stopped.has(run)) continue;
    for (const each of await stopTree(store, run, word)) stopped.add(each);
  }
  return [...stopped];
}

export async function stopBelow(store: StopStore, state: RunState, word: StopWord): Promise<string[]> {
  // What was stopped above needs no telling of what is stopped below.
  const below = openChildren(state).map(async ({ run }) => {
    try {
      return (await stopDown(store, run, word)).stopped;
    } catch (error) {
      if (await isBeyond(store, run, error)) return [];
      throw error;
    }
  });
  return (await Promise.all(below)).flat();
}

/** Whether there is nothing to write a stop into: no log yet (whoever begins the child looks at its parent first), or none that opens. */
export async function isBeyond(store: StopStore, run: string, error: unknown): Promise<boolean> {
  if (StoreError.isInstance(error)) return CLOSED_LOGS.has(error.kind);
  return (await store.log.read(run)).length === 0;
}

const CLOSED_LOGS: ReadonlySet<string> = new Set(["erased", "key missing", "unreadable event", "bad run id"]);

/** A child that nobody works on cannot say itself that it is over. Never in the way of a stop: a parent looks for itself when it is taken up. */
export async function wakeParent(store: StopStore, state: RunState): Promise<void> {
  const parent = await tellParent(store.log, state).catch(() => undefined);
  if (parent) await store.engine.enqueue(parent).catch(() => {});
}

async function stopDown(
  store: StopStore,
  run: string,
  { reason, by }: StopWord,
): Promise<{ state: RunState; stopped: string[] }> {
  let was = false;
  const state = await appendTo(store, run, (state) => {
    was = isOver(state);
    return was ? undefined : [{ type: "run.stopped", reason, by }];
  });
  return { state, stopped: [...(was ? [] : [run]), ...(await stopBelow(store, state, { reason, by }))] };
}
