/** The runs that the log holds, summed up by the database without opening their payloads, except each run's first. */

import { z } from "zod";
import type { Database } from "./database/database.ts";
import { sql } from "./database/drizzle.ts";
import { explained, StoreError } from "./errors.ts";
import { type PostgresLog, unknownRun } from "./event-log.ts";
import type { EventOf } from "./events.ts";
import type { KeyRing } from "./keys/keyring.ts";
import { newRunId } from "./run-id.ts";

export type RunStatus = "running" | "paused" | "stopped" | "finished" | "failed";

export interface RunSummary {
  run: string;
  /** What the run's last `run.*` event says of it; `running` does not mean that a process is at work on it. */
  status: RunStatus;
  /** Milliseconds since the epoch of the first and the last event. */
  startedAt: number;
  updatedAt: number;
  events: number;
  /** Steps that were proposed, as the page of the run counts them. */
  steps: number;
  lastType: string;
  erased: boolean;
  /** The first event, unless the run was erased or its key is not here. */
  started: EventOf<"run.started"> | null;
}

export interface Runs {
  /** Newest first. */
  list(options?: { limit?: number }): Promise<RunSummary[]>;
  newRunId(): string;
  /**
   * The run that is meant: by its whole name, the start or the end of it (with or without `r-`), or `last`.
   * @throws {StoreError} `unknown run`, `ambiguous run`
   */
  resolve(text: string): Promise<string>;
}

const Summary = z.object({
  run: z.string(),
  events: z.coerce.number(),
  steps: z.coerce.number(),
  started_at: z.coerce.number(),
  updated_at: z.coerce.number(),
  last_type: z.string(),
  state: z.string().nullable(),
});

const STATUS: Record<string, RunStatus> = {
  "run.paused": "paused",
  "run.stopped": "stopped",
  "run.finished": "finished",
  "run.failed": "failed",
};

export function createRuns(database: Database, log: PostgresLog, keys: KeyRing): Runs {
  return {
    newRunId,

    list: (options = {}) =>
      explained(database, async () => {
        const { rows } = await database.orm.execute(sql`
          select run, count(*) as events, count(*) filter (where type = 'step.proposed') as steps,
            min(at) as started_at, max(at) as updated_at,
            (array_agg(type order by seq desc))[1] as last_type,
            (array_agg(type order by seq desc) filter (where type like 'run.%'))[1] as state
          from candor.events group by run order by min(at) desc, run desc limit ${options.limit ?? null}`);
        const summaries = z.array(Summary).parse(rows);
        const firsts = await log.firsts(summaries.map(({ run }) => run));
        return summaries.map((row) => ({
          run: row.run,
          status: STATUS[row.state ?? ""] ?? "running",
          startedAt: row.started_at,
          updatedAt: row.updated_at,
          events: row.events,
          steps: row.steps,
          lastType: row.last_type,
          erased: keys.erasedAt(row.run) !== undefined,
          started: firsts.get(row.run) ?? null,
        }));
      }),

    resolve: (text) =>
      explained(database, async () => {
        const pattern = text.replace(/[\\%_]/g, "\\$&");
        const { rows } = await database.orm.execute(
          text === "last"
            ? sql`select run from candor.events where seq = 1 order by at desc, run desc limit 1`
            : sql`select run from candor.events where seq = 1
                and (run like ${`${pattern}%`} or run like ${`r-${pattern}%`} or run like ${`%${pattern}`})
                order by run = ${text} desc, run desc limit 6`,
        );
        const runs = z
          .array(z.object({ run: z.string() }))
          .parse(rows)
          .map(({ run }) => run);
        const [first, ...others] = runs;
        if (first === undefined || text === "") throw unknownRun(text);
        if (first === text || others.length === 0) return first;
        throw new StoreError(
          "ambiguous run",
          `${text} could be ${runs.slice(0, 5).join(", ")}${runs.length > 5 ? " and others" : ""}.`,
          "Give more of the name, or the end of it.",
          { code: 2 },
        );
      }),
  };
}
