/** Runs that repeat by themselves. */
import type { Due, Engine, EventLog } from "@candor/store";
import { StartRun } from "./api/schemas.ts";
import { badInput } from "./failure.ts";
import type { Starting } from "./starting/starting.ts";

export class Schedules {
  readonly #engine: Engine;
  readonly #log: EventLog;
  readonly #starting: Starting;
  #count = 0;

  constructor(engine: Engine, log: EventLog, starting: Starting) {
    this.#engine = engine;
    this.#log = log;
    this.#starting = starting;
  }

  /** Somebody has to be there when one of them is due. */
  get any(): boolean {
    return this.#count > 0;
  }

  async list(): Promise<{ id: string; everyMs: number; nextAt: number }[]> {
    return (await this.#engine.schedules()).map(({ id, everyMs, nextAt }) => ({ id, everyMs, nextAt }));
  }

  async count(): Promise<void> {
    this.#count = (await this.#engine.schedules()).length;
  }

  async add(id: string, everyMs: number, request: StartRun): Promise<void> {
    // What could not begin today is told today.
    await this.#starting.prepared(request);
    await this.#engine.schedule(id, everyMs, StartRun.parse(request));
    await this.count();
  }

  async remove(id: string): Promise<void> {
    if (!(await this.#engine.unschedule(id))) throw badInput(`there is no schedule ${id}`);
    await this.count();
  }

  /** One that began before its server died goes on. */
  async due({ run, payload }: Due): Promise<void> {
    if ((await this.#log.read(run).catch(() => [])).length === 0)
      await this.#starting.startDue(StartRun.parse(payload), run);
    else await this.#engine.enqueue(run);
  }
}
