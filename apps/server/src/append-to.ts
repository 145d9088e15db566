/** Appends to a run whoever else writes at the same time. */
import { fold, type RunState } from "@candor/agent";
import { Conflict, type RunEvent, type Store } from "@candor/store";

/** Appends what `make` gives for the current state, again when somebody else was first; undefined appends nothing. */
export async function appendTo(
  store: Pick<Store, "log">,
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
