/** What earlier runs remembered, for the runs after them. */
import { fold } from "@candor/agent";
import type { Recorded, RunSummary } from "@candor/store";

export interface PastMemory {
  text: string;
  origin: string;
  run: string;
}

/**
 * Facts that other runs in the same world kept. What the guard did not let a run remember is none of them, and a
 * simulated person's life is no news of the real one's.
 */
export async function memoriesBefore(
  run: string,
  rows: readonly Pick<RunSummary, "run" | "erased" | "started">[],
  read: (run: string) => Promise<Recorded[]>,
): Promise<PastMemory[]> {
  const world = worldOf(rows.find((row) => row.run === run)?.started);
  const others = rows.filter((row) => row.run !== run && !row.erased && row.started && worldOf(row.started) === world);
  const found = await Promise.all(
    others
      .map(async (row) =>
        // A run that cannot be read any more costs its own memories only.
        fold(row.run, await read(row.run)).memory.map(({ text, origin }) => ({ text, origin, run: row.run })),
      )
      .map((each) => each.catch(() => [])),
  );
  return found.flat();
}

const worldOf = (started: RunSummary["started"] | undefined): string => JSON.stringify(started?.world);
