/** How far minds may go by themselves: what each has earned over all of its runs, and a person's word on one run. */
import { isOver, STEPS_BETWEEN_WORDS } from "@candor/agent";
import { badSteps, earn, LEVELS, type Mark, Marks, nextLevel, REQUIRED, RunLevel } from "@candor/oversight";
import type { Autonomy as Level, MindConfig, RunSummary, Store } from "@candor/store";
import type { Score } from "@candor/town";
import { appendTo } from "../append-to.ts";
import { badInput } from "../failure.ts";
import { Notes } from "../judgments/notes.ts";
import { Evaluations } from "./evaluations.ts";
import type { AutonomyView, MindStanding } from "./schemas.ts";

const MEANS: Readonly<Record<Level, string>> = {
  propose: "It proposes, and you decide about each step outside of the run.",
  step: "It takes one step and waits for you.",
  few: "It takes a few steps and waits for you.",
  continuous: "It goes on within its permissions.",
};

interface Followed {
  marks: Marks;
  events: number;
}

export class Autonomy {
  readonly #store: Store;
  readonly #notes: Notes;
  readonly #evaluations: Evaluations;
  /** What the events of each run say so far. */
  readonly #followed = new Map<string, Followed>();

  constructor(store: Store, score: (run: string) => Promise<Score>) {
    this.#store = store;
    this.#notes = new Notes(store.ledger);
    this.#evaluations = new Evaluations(store, score);
  }

  async view(): Promise<AutonomyView> {
    const minds = Map.groupBy(await this.#rows(), ({ started }) => mindName(started?.mind));
    return {
      levels: LEVELS.map((level) => ({
        level,
        means: MEANS[level],
        steps: Number.isFinite(STEPS_BETWEEN_WORDS[level]) ? STEPS_BETWEEN_WORDS[level] : null,
        next: level === "continuous" ? null : REQUIRED[level],
      })),
      minds: await Promise.all([...minds.values()].map((rows) => this.#standing(rows))),
    };
  }

  /** The level that a mind has earned; `propose` for one that nobody knows. */
  async earned(mind: MindConfig): Promise<Level> {
    const rows = (await this.#rows()).filter(({ started }) => mindName(started?.mind) === mindName(mind));
    return rows.length === 0 ? "propose" : (await this.#standing(rows)).level;
  }

  /** For the warden: whether the level of a run that is at work changes. */
  levelOf(run: string, mind: MindConfig): RunLevel {
    return new RunLevel(async () => {
      const rows = (await this.#rows()).filter(({ started }) => mindName(started?.mind) === mindName(mind));
      const bad = badSteps(await this.#notes.judgments()).get(run) ?? new Set<number>();
      return { bad, evaluations: (await this.#evaluations.passed(rows)).size };
    });
  }

  /** @param run the whole id */
  async set(run: string, to: Level, reason: string, by: string): Promise<void> {
    await appendTo(this.#store, run, (state) => {
      if (isOver(state)) throw badInput(`run ${run} is ${state.status}; its autonomy changes nothing any more`);
      const { autonomy: from } = state;
      return from === to ? undefined : [{ type: "autonomy.changed", from, to, by, reason, figures: {} }];
    });
  }

  async #rows(): Promise<RunSummary[]> {
    return (await this.#store.runs.list()).filter(({ erased, started }) => !erased && started);
  }

  async #standing(rows: readonly RunSummary[]): Promise<MindStanding> {
    const bad = badSteps(await this.#notes.judgments());
    const passed = await this.#evaluations.passed(rows);
    const marks: Mark[] = [...passed.values()];
    for (const row of rows) marks.push(...(await this.#follow(row)).marks(bad.get(row.run)));
    const { standing, changes } = earn(marks.toSorted((a, b) => a.at - b.at));
    const { kind = "", model } = rows[0]?.started?.mind ?? {};
    return {
      mind: { kind, ...(model !== undefined && { model }) },
      level: standing.level,
      figures: standing.evidence,
      missing: nextLevel(standing.level, standing.evidence).missing,
      runs: rows.length,
      history: changes,
    };
  }

  async #follow({ run, started, events }: RunSummary): Promise<Marks> {
    const known = this.#followed.get(run) ?? { marks: new Marks(started?.forkOf?.step), events: 0 };
    this.#followed.set(run, known);
    if (events > known.events) {
      for (const event of await this.#store.log.read(run, known.events)) {
        // Two who ask at once read the same events.
        if (event.seq !== known.events + 1) continue;
        known.marks.take(event);
        known.events++;
      }
    }
    return known.marks;
  }
}

/** Two minds are one when they are of one kind and model. */
const mindName = (mind: MindConfig | undefined): string => JSON.stringify([mind?.kind, mind?.model]);
