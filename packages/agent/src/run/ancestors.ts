/** The runs that a run works for. */
import type { EventLog, EventOf } from "@candor/store";

export interface Ancestor {
  run: string;
  goal: string;
}

/** Parents are told before their children, so no line goes round; a log that says otherwise is not followed for ever. */
const MOST = 32;

/** Oldest first, without the run itself. One whose log is gone ends the line: its own id is still named. */
export async function ancestorsOf(log: EventLog, started: EventOf<"run.started">): Promise<Ancestor[]> {
  const line: Ancestor[] = [];
  let parent = started.parent;
  while (parent && line.length < MOST) {
    const { run } = parent;
    const first = (await log.read(run, 0, 1).catch(() => []))[0]?.event;
    const begun = first?.type === "run.started" ? first : undefined;
    line.push({ run, goal: begun?.goal ?? "" });
    parent = begun?.parent;
  }
  return line.toReversed();
}
