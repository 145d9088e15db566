/** What the runs have cost, each by its own events: a child's share counts once, as the child's own. */
import { Cost, type Recorded, type RunEvent, type Store } from "@candor/store";
import { z } from "zod";

export const Costs = z.object({
  /** From the asked time on. */
  since: Cost,
  /** Of all runs that can be read. */
  total: Cost,
  /** Runs that were begun, from the asked time on and in all. */
  runs: z.object({ since: z.number().int(), total: z.number().int() }),
});
export type Costs = z.infer<typeof Costs>;
type Sum = z.infer<typeof Cost>;

/** The finest that every time zone's midnight falls on. */
const QUARTER_MS = 15 * 60_000;
/** Events that are read at a time, so that others get their turn. */
const PAGE = 500;

interface Known {
  startedAt: number;
  seq: number;
  /** When the events that a fork copied were written; they cost nothing again. */
  copiedAt: number | undefined;
  quarters: Map<number, Sum>;
}

export class RunCosts {
  readonly #store: Pick<Store, "log" | "runs">;
  readonly #known = new Map<string, Known>();
  #reading: Promise<void> | undefined;

  constructor(store: Pick<Store, "log" | "runs">) {
    this.#store = store;
  }

  /** @param since milliseconds since the epoch, to a quarter of an hour */
  async since(since: number): Promise<Costs> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    await this.#reading;
    const from = Math.floor(since / QUARTER_MS);
    const runs = [...this.#known.values()];
    const quarters = runs.flatMap((run) => [...run.quarters]);
    return {
      since: sum(quarters.flatMap(([quarter, cost]) => (quarter >= from ? [cost] : []))),
      total: sum(quarters.map(([, cost]) => cost)),
      runs: { since: runs.filter(({ startedAt }) => startedAt >= since).length, total: runs.length },
    };
  }

  /** Takes in what was appended since the last time. */
  async #read(): Promise<void> {
    const listed = (await this.#store.runs.list()).filter(({ erased, started }) => !erased && started);
    const there = new Set(listed.map(({ run }) => run));
    for (const run of this.#known.keys()) if (!there.has(run)) this.#known.delete(run);
    for (const { run, events, startedAt, started } of listed) {
      const known = this.#known.get(run) ?? {
        startedAt,
        seq: 0,
        copiedAt: started?.forkOf && startedAt,
        quarters: new Map(),
      };
      this.#known.set(run, known);
      while (known.seq < events) {
        const page = await this.#store.log.read(run, known.seq, PAGE);
        if (page.length === 0) break;
        for (const event of page) take(known, event);
      }
    }
  }
}

function take(known: Known, { seq, at, event }: Recorded): void {
  known.seq = seq;
  const cost = costOf(event);
  if (!cost || at === known.copiedAt) return;
  const quarter = Math.floor(at / QUARTER_MS);
  known.quarters.set(quarter, sum([known.quarters.get(quarter) ?? {}, cost]));
}

function costOf(event: RunEvent): Partial<Sum> | undefined {
  if (event.type === "step.proposed" || event.type === "mind.failed") return event.cost;
  return event.type === "step.done" ? event.observation.cost : undefined;
}

const sum = (costs: readonly Partial<Sum>[]): Sum =>
  costs.reduce<Sum>(
    (all, { tokens = 0, usd = 0, pages = 0, ms = 0 }) => ({
      tokens: all.tokens + tokens,
      usd: all.usd + usd,
      pages: all.pages + pages,
      ms: all.ms + ms,
    }),
    { tokens: 0, usd: 0, pages: 0, ms: 0 },
  );
