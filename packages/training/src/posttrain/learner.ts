/** A step of any objective at work: parameters and the optimiser's memory in a session, moved by batches. */
import { availableParallelism } from "node:os";
import type { Data, Feed, StatefulSession } from "@candor/graph";
import {
  type Objective,
  type OptimiserOptions,
  type Parameters,
  parallelStepProgram,
  stepProgram,
} from "../step/step.ts";
import { openShared, waysOf } from "../step/threads.ts";
import { TrainingError } from "../training-error.ts";
import type { Trainee, WeightMap } from "./trainee.ts";

export interface LearnerInput {
  /** Whose parameters are moved together. */
  trainees: readonly [Trainee, ...Trainee[]];
  /** For batches of several shapes, the largest last: they have the same rows, and differ in how long texts are. */
  objectives: readonly [Objective, ...Objective[]];
  optimiser: OptimiserOptions;
  /** Rows of a batch, which threads share. */
  batch: number;
  /** Rows that must stay together: the two of a pair. */
  together?: number;
  threads?: number | undefined;
}

export type State = ReadonlyMap<string, { shape: readonly number[]; values: Data }>;

export class Learner implements AsyncDisposable {
  /** For each shape one, all of which move one state. */
  readonly #sessions: readonly StatefulSession[];
  readonly #session: StatefulSession;
  readonly #trainees: readonly Trainee[];

  private constructor(sessions: readonly StatefulSession[], session: StatefulSession, trainees: readonly Trainee[]) {
    this.#sessions = sessions;
    this.#session = session;
    this.#trainees = trainees;
  }

  static async create(given: LearnerInput): Promise<Learner> {
    const { trainees, objectives, optimiser, batch, together = 1, threads } = given;
    const parameters: Parameters = new Map(trainees.flatMap((each) => [...each.parameters]));
    const ways = waysOf(trainees[0].config, batch / together, threads ?? availableParallelism());
    const open = (objective: Objective, sharing?: StatefulSession): Promise<StatefulSession> =>
      openShared(
        ways,
        {
          alone: () => stepProgram(parameters, objective, optimiser),
          shared: (count) => parallelStepProgram(parameters, objective, optimiser, count),
        },
        threads,
        sharing,
      );
    const largest = await open(objectives.at(-1) as Objective);
    const sessions: StatefulSession[] = [];
    // A model that one thread teaches has one session alone, which cannot share its state.
    if (ways > 1) for (const objective of objectives.slice(0, -1)) sessions.push(await open(objective, largest));
    sessions.push(largest);
    const learner = new Learner(sessions, largest, trainees);
    for (const { initial } of trainees) for (const [name, values] of initial) await largest.setState(name, values);
    return learner;
  }

  /** Shapes that there is a program for: all, or the largest alone. */
  get shapes(): number {
    return this.#sessions.length;
  }

  /**
   * @param shape which of the shapes the batch has, counted from the largest backwards
   * @returns the loss before the step, the objective's metrics, and `gradient_norm`
   * @throws {TrainingError} when the loss or a gradient is no number: nothing that comes after can be saved
   */
  async step(feeds: Readonly<Record<string, Feed>>, rate: number, shape = 0): Promise<Record<string, number>> {
    const session = this.#sessions.at(-1 - shape);
    if (!session) throw new RangeError(`there is no program for shape ${shape}`);
    const { inputs } = session.program;
    const used = Object.entries({ ...feeds, rate: [rate] }).filter(([name]) => name in inputs);
    const values = await session.run(Object.fromEntries(used));
    const told = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value[0])]));
    for (const name of ["loss", "gradient_norm"])
      if (!Number.isFinite(told[name]))
        throw new TrainingError(
          `The ${name.replace("_", " ")} is ${told[name]}`,
          "Lower the learning rate (try a third); the last checkpoint is kept.",
        );
    return told;
  }

  /** What is learnt, as it is now. */
  async parameters(of: Trainee): Promise<Map<string, Float32Array>> {
    const present = new Map<string, Float32Array>();
    for (const name of of.parameters.keys()) present.set(name, (await this.#session.state(name)) as Float32Array);
    return present;
  }

  /** Weights as other programs read them. */
  async weights(of: Trainee): Promise<Map<string, Float32Array>> {
    return of.merged(await this.parameters(of));
  }

  /** Everything that must be kept to go on later. */
  async state(): Promise<State> {
    const state = new Map<string, { shape: readonly number[]; values: Data }>();
    for (const [name, { shape }] of Object.entries(this.#session.program.state))
      state.set(name, { shape, values: await this.#session.state(name) });
    return state;
  }

  async restore(state: WeightMap): Promise<void> {
    for (const name of Object.keys(this.#session.program.state)) {
      const values = state.get(name);
      if (!values) throw new TrainingError(`The checkpoint has no ${name}`, "Begin anew in another folder.");
      await this.#session.setState(name, values);
    }
  }

  get trainees(): readonly Trainee[] {
    return this.#trainees;
  }

  async close(): Promise<void> {
    await Promise.all(this.#sessions.map((session) => session.close()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
