/** Starting, steering and ending runs: every change is an event, appended beside whatever the warden writes. */
import { fold, isOver, openQuestion, type RunState } from "@candor/agent";
import type { Store } from "@candor/store";
import { appendTo } from "./append-to.ts";
import { badInput } from "./failure.ts";
import { VERSION } from "./version.ts";

export class Runs {
  readonly #store: Store;
  readonly #isolation: () => string;

  constructor(store: Store, isolation: () => string) {
    this.#store = store;
    this.#isolation = isolation;
  }

  state = async (run: string): Promise<RunState> => fold(run, await this.#store.log.read(run));

  /** @param release lets go of what holds the run, once nothing speaks against going on */
  async resume(run: string, by: string, release: () => void): Promise<void> {
    const { started } = await this.state(run);
    if (started.parent) await this.#refuseOrphan(run, started.parent.run);
    await appendTo(this.#store, run, (state) => {
      if (state.status === "finished")
        throw badInput(`run ${run} is finished; there is nothing to resume`, `candor show ${run}`);
      if (openQuestion(state)) throw badInput(`run ${run} waits for an answer`, `candor answer ${run}`);
      release();
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

  async say(run: string, text: string, by: string): Promise<void> {
    await appendTo(this.#store, run, (state) => {
      if (isOver(state)) throw badInput(`run ${run} is ${state.status} and hears nothing`);
      return [{ type: "operator.said", text, by }];
    });
  }

  async judge(run: string, finding: string, judgment: "mine" | "not mine", by: string): Promise<void> {
    await appendTo(this.#store, run, () => [{ type: "finding.judged", finding, judgment, by }]);
  }
}
