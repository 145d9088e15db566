/** The level of one run while it is at work: dropped by signals always, raised by evidence where the run may climb. */
import type { Autonomy, EventOf, Recorded } from "@candor/store";
import { count, type Evidence, type Judgments, noEvidence } from "./evidence.ts";
import { Marks } from "./marks.ts";
import { nextLevel } from "./next-level.ts";

/** Who changes a level by its rules. */
const BY = "warden";

export class RunLevel {
  readonly #judgments: () => Promise<Judgments>;
  #level: Autonomy = "continuous";
  #climbs = false;
  #copied = 0;
  #marks = new Marks();
  #seen = 0;
  /** Figures at which the judgments said no: they are asked again when there is more to go by. */
  #refused = "";

  /** @param judgments asked only when the events alone would raise the level */
  constructor(judgments: () => Promise<Judgments>) {
    this.#judgments = judgments;
  }

  /** @param events of the run from its first; only those that are new since the last call are looked at */
  async next(events: readonly Recorded[]): Promise<EventOf<"autonomy.changed"> | undefined> {
    if (events.length === this.#seen) return undefined;
    for (const event of events.slice(this.#seen)) this.#take(event);
    this.#seen = events.length;
    const plain = this.#figures(new Set(), Number.POSITIVE_INFINITY);
    const move = nextLevel(this.#level, plain);
    if (move.direction === "down") return this.#changed(move, this.#figures(new Set(), 0));
    if (move.direction === "stay" || !this.#climbs) return undefined;
    const key = JSON.stringify([this.#level, plain.approved]);
    if (key === this.#refused) return undefined;
    const { bad, evaluations } = await this.#judgments();
    const judged = this.#figures(bad, evaluations);
    const up = nextLevel(this.#level, judged);
    if (up.direction === "up") return this.#changed(up, judged);
    this.#refused = key;
    return undefined;
  }

  #take(recorded: Recorded): void {
    const { event } = recorded;
    if (event.type === "run.started") {
      this.#level = event.mode;
      this.#climbs = event.climbs ?? false;
      this.#copied = event.forkOf?.step ?? 0;
      this.#marks = new Marks(this.#copied);
    } else if (event.type === "autonomy.changed") {
      this.#level = event.to;
      this.#marks = new Marks(this.#copied);
    } else this.#marks.take(recorded);
  }

  #figures(bad: ReadonlySet<number>, evaluations: number): Evidence {
    return this.#marks.marks(bad).reduce(count, { ...noEvidence, evaluations });
  }

  #changed(move: { to: Autonomy; reason: string }, figures: Evidence): EventOf<"autonomy.changed"> {
    const { to, reason } = move;
    return { type: "autonomy.changed", from: this.#level, to, by: BY, reason, figures: { ...figures } };
  }
}
