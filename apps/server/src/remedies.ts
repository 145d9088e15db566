/** Which findings the operator has taken down, or asked to be: ticks that outlive the run, since the next audit finds the same. */
import type { Ledger } from "@candor/store";
import { z } from "zod";

const STREAM = "remedies";

const Tick = z.object({ finding: z.string(), done: z.boolean(), by: z.string() });

export const Remedied = z.object({
  finding: z.string(),
  done: z.boolean(),
  by: z.string(),
  /** Milliseconds since the epoch. */
  at: z.number(),
});
export type Remedied = z.infer<typeof Remedied>;

export interface Remedies {
  /** Findings that were ever ticked, as they stand. A finding has the same id in every run. */
  list(): Promise<Remedied[]>;
  tick(finding: string, done: boolean, by: string): Promise<void>;
}

export function createRemedies(ledger: Ledger): Remedies {
  return {
    list: async () => {
      const latest = new Map<string, Remedied>();
      for (const { at, value } of await ledger.read(STREAM)) {
        const tick = Tick.parse(value);
        latest.set(tick.finding, { ...tick, at });
      }
      return [...latest.values()];
    },
    tick: async (finding, done, by) => {
      await ledger.append(STREAM, { finding, done, by } satisfies z.infer<typeof Tick>);
    },
  };
}
