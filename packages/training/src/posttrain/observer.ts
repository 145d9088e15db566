/** The same objective on texts that nothing is learnt from. */
import { availableParallelism } from "node:os";
import { compile, compileParallel, type Feed, type StatefulSession } from "@candor/graph";
import { type Objective, toldShares } from "../step/step.ts";
import { openShared, waysOf } from "../step/threads.ts";
import type { WeightMap } from "./trainee.ts";

export interface ObserverInput {
  width: number;
  objective: Objective;
  batch: number;
  together?: number;
  threads?: number | undefined;
}

export class Observer implements AsyncDisposable {
  readonly #session: StatefulSession;

  private constructor(session: StatefulSession) {
    this.#session = session;
  }

  static async create({ width, objective, batch, together = 1, threads }: ObserverInput): Promise<Observer> {
    const ways = waysOf({ width }, batch / together, threads ?? availableParallelism());
    const programs = {
      alone: () => compile({ outputs: toldShares(objective, 1)[0] ?? {} }),
      shared: (count: number) => compileParallel([toldShares(objective, count)]),
    };
    return new Observer(await openShared(ways, programs, threads));
  }

  /** @param parameters by the names under which they are learnt */
  async hold(parameters: WeightMap): Promise<void> {
    const { inputs } = this.#session.program;
    await this.#session.hold(Object.fromEntries([...parameters].filter(([name]) => name in inputs)));
  }

  /** @returns the loss and the objective's metrics */
  async observe(feeds: Readonly<Record<string, Feed>>): Promise<Record<string, number>> {
    const { inputs } = this.#session.program;
    const values = await this.#session.run(
      Object.fromEntries(Object.entries(feeds).filter(([name]) => name in inputs)),
    );
    const told: Record<string, number> = {};
    for (const [name, value] of Object.entries(values)) {
      const plain = name.slice(0, name.lastIndexOf("@"));
      told[plain] = (told[plain] ?? 0) + Number(value[0]);
    }
    return told;
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
