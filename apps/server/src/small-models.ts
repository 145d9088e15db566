/** Models of the small mind that runs use, each opened once and shared. */
import { resolve } from "node:path";
import type { StepJudge } from "@candor/agent";
import type { SmallModel, StepRewards } from "@candor/small-mind";
import { badInput } from "./failure.ts";

export class SmallModels {
  readonly #open = new Map<string, Promise<SmallModel>>();
  readonly #judges = new Map<string, Promise<StepRewards>>();

  /**
   * @param folder the one that comes with Candor where it is not given
   * @throws {Failure} of exit code 2 when it holds no such model
   */
  of(folder = ""): Promise<SmallModel> {
    const key = folder && resolve(folder);
    const known = this.#open.get(key);
    if (known) return known;
    const opening = opened(({ SmallModel }) => SmallModel.open(key || undefined));
    this.#open.set(key, opening);
    // What could not be opened may be there the next time.
    opening.catch(() => this.#open.delete(key));
    return opening;
  }

  /**
   * What the judgments behind a reward model say of steps.
   * @throws {Failure} of exit code 2 when the folder holds none
   */
  async judge(folder: string, bestOf = 1): Promise<StepJudge> {
    const key = resolve(folder);
    const judging = this.#judges.get(key) ?? opened(({ StepRewards }) => StepRewards.open(key));
    this.#judges.set(key, judging);
    judging.catch(() => this.#judges.delete(key));
    const rewards = await judging;
    return { bestOf, judge: (view, decisions, signal) => rewards.judge(view, decisions, signal) };
  }

  async close(): Promise<void> {
    const all = await Promise.allSettled([...this.#open.values(), ...this.#judges.values()]);
    this.#open.clear();
    this.#judges.clear();
    await Promise.all(all.map((each) => each.status === "fulfilled" && each.value[Symbol.asyncDispose]()));
  }
}

/** The tensor engine is loaded when the first run asks for it. */
async function opened<T>(open: (minds: typeof import("@candor/small-mind")) => Promise<T>): Promise<T> {
  try {
    return await open(await import("@candor/small-mind"));
  } catch (error) {
    const hint = error instanceof Error && "hint" in error && typeof error.hint === "string" ? error.hint : "";
    throw badInput(error instanceof Error ? error.message : String(error), hint);
  }
}
