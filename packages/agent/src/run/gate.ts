/** The last look before anything acts: in the same turn, after whatever had to be waited for. */
import type { Tool } from "../ports.ts";
import type { InFlight } from "./in-flight.ts";
import { type Journal, RunOver } from "./journal.ts";
import { isOver } from "./state.ts";
import type { WardenOptions } from "./warden.ts";

/**
 * Milliseconds for which the log's last word counts. Where several servers share a database, whoever stops a run that
 * another works on waits this long after writing it: what that one was still allowed to begin has begun by then.
 */
export const FENCE_MS = 500;

type IsStopped = NonNullable<WardenOptions["isStopped"]>;

/** `tool`, which begins nothing once a stop holds. @throws {RunOver} */
export function gated(tool: Tool, journal: Journal, inFlight: InFlight, isStopped: IsStopped = () => false): Tool {
  return {
    ...tool,
    run: async (args, context) => {
      if (performance.now() - journal.confirmedAt > FENCE_MS) await journal.refresh();
      if (isOver(journal.state) || isStopped(context.run)) throw new RunOver("stopped");
      return inFlight.during(context.run, () => tool.run(args, context));
    },
  };
}
