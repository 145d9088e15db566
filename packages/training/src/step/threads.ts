/** How many threads share a batch, and the session that they make. */
import { type ParallelProgram, ParallelSession, type Program, Session, type StatefulSession } from "@candor/graph";

/** Models this wide keep all threads busy with one operation, and sharing the batch would only take memory. */
const WIDE = 256;

/** Threads that share a batch equally: as many as there are at most. */
export function waysOf({ width }: { width: number }, batch: number, threads: number): number {
  if (width >= WIDE) return 1;
  let ways = Math.min(batch, threads);
  while (batch % ways !== 0) ways--;
  return ways;
}

/**
 * @param programs for one thread, and for several
 * @param sharing a session of several threads whose state this one moves, too
 */
export function openShared(
  ways: number,
  programs: { alone(): Program; shared(ways: number): ParallelProgram },
  threads?: number,
  sharing?: StatefulSession,
): Promise<StatefulSession> {
  const threading = threads === undefined ? {} : { threads };
  if (ways === 1) return Session.create(programs.alone(), threading);
  const state = sharing instanceof ParallelSession ? { sharing } : {};
  return ParallelSession.create(programs.shared(ways), { ...threading, ...state });
}
